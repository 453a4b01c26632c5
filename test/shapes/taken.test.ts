import { describe, expect, it } from 'vitest'
import { spotCheck } from '../../src/event/spot-check.ts'
import { ALL_COLUMNS } from '../../src/sinks/csv/columns.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import { takenOf } from '../kit/taken.ts'

const TABLE = { columns: ALL_COLUMNS, delimiter: ',', header: false, bom: false, safe: false }
const LINES = 3000
let places = 0

/** Samples of some threads, in the columns of perf 6.12. */
function samples(threads: number): string {
  return Array.from({ length: LINES }, (_, at) => {
    const comm = `worker-${at % threads}`.padStart(16)
    const address = (0xffff888000000000n + BigInt(at) * 256n).toString(16)
    return `${comm} ${String(1000 + (at % threads)).padStart(7)} [00${at % 4}] ${340 + Math.floor(at / 10)}.${String(at % 10).padStart(6, '0')}: skb:kfree_skb: skbaddr=0x${address} rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x${(at % 7) + 1} reason: NO_SOCKET\n`
  }).join('')
}

describe('most lines of a plain capture go past their reader', () => {
  it('into NDJSON', async () => {
    expect(await takenOf(samples(3))).toBeGreaterThan(LINES * 0.95)
  })

  it('of many threads', async () => {
    expect(await takenOf(samples(400))).toBeGreaterThan(LINES * 0.75)
  })

  it('where nothing repeats', async () => {
    const unique = samples(LINES).replaceAll(/tcp_v4_rcv/g, () => `place_${(places++).toString(36)}`)
    expect(await takenOf(unique)).toBeGreaterThan(LINES * 0.75)
  })

  it('where blanks were squeezed', async () => {
    const squeezed = samples(40).replaceAll(/^ +/gm, '').replaceAll(/ +/g, ' ')
    expect(await takenOf(squeezed)).toBeGreaterThan(LINES * 0.8)
    expect(await takenOf(squeezed.replaceAll(/^(?=.)/gm, ' '))).toBeGreaterThan(LINES * 0.8)
  })

  it('into a table', async () => {
    expect(await takenOf(samples(3), [], (output) => csvSink(output, TABLE, spotCheck('spot')))).toBeGreaterThan(
      LINES * 0.95,
    )
  })

  it('with call chains', async () => {
    expect(await takenOf(chains(3))).toBeGreaterThan(LINES * 0.95)
  })

  it('with call chains of more threads than would come again', async () => {
    expect(await takenOf(chains(2000))).toBeGreaterThan(LINES * 0.75)
  })

  it('with an expression of one key', async () => {
    const args = ['--where', 'location.offset < 5 && drop.reason == "NO_SOCKET"']
    const taken = await takenOf(samples(3), args)
    expect(taken).toBeGreaterThan((LINES * 4) / 7 - 100)
    expect(taken).toBeLessThan((LINES * 4) / 7 + 1)
  })

  it('with an expression of several keys', async () => {
    const args = ['--where', 'process.comm != "worker-9" && skb.protocol == 2048 || cpu == 9']
    expect(await takenOf(samples(3), args)).toBeGreaterThan(LINES * 0.9)
  })

  it('with the wall clock', async () => {
    expect(await takenOf(samples(3), ['--boot-time', '2026-11-23T10:00:00Z'])).toBeGreaterThan(LINES * 0.95)
  })
})

/** Packet blocks of dropwatch, with a reason as Linux 6.1 prints it, or without as 5.10 does. */
function blocks(lineEnd: string, hasReason: boolean): string {
  return Array.from({ length: LINES }, (_, at) =>
    [
      `drop at: tcp_v4_rcv+0x${(at % 7) + 1}/0x1630 (0xffffffff8abc4f87)`,
      'origin: software',
      'input port ifindex: 2',
      `timestamp: Mon Nov 23 12:${10 + Math.floor(at / 1000)}:${10 + (at % 50)} 2026 ${100_000_000 + at} nsec`,
      'protocol: 0x800',
      `length: ${40 + at}`,
      `original length: ${50 + at}`,
      ...(hasReason ? ['drop reason: NO_SOCKET', ''] : ['']),
    ]
      .map((line) => line + lineEnd)
      .join(''),
  ).join('')
}

describe('most blocks of a plain capture go past their reader', () => {
  it.each([
    ['\n', true],
    ['\r\n', true],
    ['\r\n', false],
  ])('which end in %j, with a reason: %s', async (lineEnd, hasReason) => {
    const text = blocks(lineEnd, hasReason)
    expect(await takenOf(text)).toBeGreaterThan(LINES * 0.9)
    expect(await takenOf(text, ['--timezone', 'Asia/Kathmandu'])).toBeGreaterThan(LINES * 0.9)
  })
})

/** What a program prints, as text or in the records of `-f json`. */
function printed(isJson: boolean): string {
  return Array.from({ length: LINES }, (_, at) => {
    const address = (0xffff888000000000n + BigInt(at) * 256n).toString(16)
    const line = `${8_000_000_000 + at} ${1000 + (at % 3)} nf sender ${at % 4} 3 tcp_v4_rcv 0x${address}`
    return isJson ? `{"type": "printf", "data": "${line}\\n"}\n` : `${line}\n`
  }).join('')
}

const PROGRAM =
  'tracepoint:skb:kfree_skb { printf("%llu %d %s %d %d %s 0x%llx\\n", nsecs, pid, comm, cpu, args->reason, ksym(args->location), args->skbaddr); }'

describe("most lines of a program go past bpftrace's reader", () => {
  it.each([false, true])('in JSON: %s', async (isJson) => {
    const args = ['-e', PROGRAM, '--from', 'bpftrace', '--boot-time', '2026-11-23T10:00:00Z']
    expect(await takenOf(printed(isJson), args)).toBeGreaterThan(LINES * 0.95)
  })
})

describe('most events of our own NDJSON go past their reader', () => {
  const events = Array.from(
    { length: LINES },
    (_, at) =>
      `{"v":1,"kind":"drop","ts":"2026-11-23T11:49:12.${100_000_000 + at}Z","clock":{"id":"perf","ns":"${8_000_000_000 + at}"},"event_name":"skb:kfree_skb","cpu":${at % 4},"process":{"comm":"curl","tid":883},"skb":{"addr":"0x${(0xffff888000000000n + BigInt(at)).toString(16)}","protocol":2048},"drop":{"count":1,"reason":"NO_SOCKET","origin":"software"},"capture":{"tool":"perf","format":"script","path":"a","line":${at + 1}}}\n`,
  ).join('')

  it('into NDJSON', async () => {
    expect(await takenOf(events)).toBeGreaterThan(LINES * 0.9)
  })

  it('into a table', async () => {
    expect(await takenOf(events, [], (output) => csvSink(output, TABLE, spotCheck('spot')))).toBeGreaterThan(
      LINES * 0.9,
    )
  })
})

/** The same with call chains, as perf prints them. */
function chains(threads: number): string {
  const frames =
    '\tffffffff95fc031b kfree_skb_reason+0x7b ([kernel.kallsyms])\n\t          10a7c0 connect+0x10 (libc.so.6)\n\n'
  return samples(threads)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line.trimStart()}\n${frames}`)
    .join('')
}

describe('no line goes past its reader', () => {
  it('when an expression looks at what each line has another of', async () => {
    expect(await takenOf(samples(3), ['--where', 'skb.addr != "0x0"'])).toBe(0)
    expect(await takenOf(samples(3), ['--where', 'flags.size() > 0 || cpu == 0'])).toBe(0)
  })

  it('when each is to be checked', async () => {
    expect(await takenOf(samples(3), [], (output) => ndjsonSink(output, spotCheck('full')))).toBe(0)
  })

  it.each([[['--id', '--id-salt', 'a']], [['--provenance', 'full']]])('with %s', async (args) => {
    expect(await takenOf(samples(3), args)).toBe(0)
  })
})
