// The script that most people would write first: readline, a regular expression, JSON.stringify. It validates nothing;
// it writes in blocks, since a write a line would double its time.
import { createReadStream, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

const HEAD =
  /^\s*(.*?)\s+(\d+) \[(\d+)\]\s+(\d+)\.(\d+): (\S+): skbaddr=(\S+) rx_sk=(\S+) protocol=(\d+) location=(\S+?)(?:\+0x([0-9a-f]+))? reason: (\S+)/
const PROTOCOLS = { 2048: 'IPv4', 2054: 'ARP', 34525: 'IPv6' }
const path = process.argv[2]
let line = 0
let block = ''

/** A write into a pipe may take only a part. */
function writeAll(text) {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written)
}

for await (const text of createInterface({ input: createReadStream(path) })) {
  line++
  const match = HEAD.exec(text)
  if (match === null) continue
  const [, comm, tid, cpu, seconds, fraction, event, addr, rxSk, protocol, symbol, offset, reason] = match
  const record = {
    v: 1,
    kind: 'drop',
    clock: { id: 'unknown', ns: `${seconds}${fraction}000` },
    event_name: event,
    cpu: Number(cpu),
    process: { comm, tid: Number(tid) },
    skb: {
      addr,
      protocol: Number(protocol),
      protocol_name: PROTOCOLS[protocol],
      rx_sk: rxSk === '(nil)' ? '0x0' : rxSk,
    },
    location: { symbol, offset: Number.parseInt(offset, 16) },
    drop: { count: 1, reason, subsystem: 'core', origin: 'software', decoded_by: 'source' },
    capture: { tool: 'perf', format: 'script', path, line },
  }
  block += `${JSON.stringify(record)}\n`
  if (block.length >= 64 * 1024) {
    writeAll(block)
    block = ''
  }
}
writeAll(block)
