// The script that anybody would write first: readline, a regular expression, JSON.stringify; validates nothing.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

const HEAD =
  /^\s*(.*?)\s+(\d+) \[(\d+)\]\s+(\d+)\.(\d+): (\S+): skbaddr=(\S+) rx_sk=(\S+) protocol=(\d+) location=(\S+?)(?:\+0x([0-9a-f]+))? reason: (\S+)/
const path = process.argv[2]
let line = 0
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
    skb: { addr, protocol: Number(protocol), protocol_name: 'IPv4', rx_sk: rxSk === '(nil)' ? '0x0' : rxSk },
    location: { symbol, offset: Number.parseInt(offset, 16) },
    drop: { count: 1, reason, subsystem: 'core', origin: 'software', decoded_by: 'source' },
    capture: { tool: 'perf', format: 'script', path, line },
  }
  if (!process.stdout.write(`${JSON.stringify(record)}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve))
}
