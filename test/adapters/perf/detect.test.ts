import { describe, expect, it } from 'vitest'
import { adapter } from '../../../adapters/perf/adapter.ts'
import { read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'

describe('lines that only perf prints', () => {
  it.each([
    ['the default columns', `            curl     883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`],
    ['of a call chain', `curl     883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`],
    ['with PID', `            curl     883/883     [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`],
    [
      'with misc and time of day',
      `            curl     883 [001] K     2026-11-23 12:38:57.337726   340.799805: napi:napi_poll: x`,
    ],
    ['without cpu', `            curl     883   340.799805: skb:kfree_skb: ${PAYLOAD}`],
    ['without an event', `            curl     883 [001]   340.799805: ${PAYLOAD}`],
    ['quoted', `> curl 883 [001] 340.799805: skb:kfree_skb: ${PAYLOAD}`],
    ['a record', '         swapper       0 [000]     0.000000: PERF_RECORD_FORK(2:2):(0:0)'],
    ['a header', '# perf version : 6.12.1'],
  ])('%s', (_name, line) => {
    expect(adapter.detect(`${line}\n`)?.score).toBeGreaterThanOrEqual(90)
  })
})

describe('lines that perf prints most likely', () => {
  it.each([
    [
      'per process',
      '              ls 19137 10120.991097:     250000 cycles:  ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])',
    ],
    ['per process, without time', `            curl     883 skb:kfree_skb: ${PAYLOAD}`],
    [
      'software event',
      '            curl     883 [001]   340.799805:     250000 cpu-clock:  ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])',
    ],
    ['time and event', `  340.799805: skb:kfree_skb: ${PAYLOAD}`],
    ['event', `skb:kfree_skb: ${PAYLOAD}`],
    ['event without its system', `kfree_skb: ${PAYLOAD}`],
    ['event of another system', 'net:net_dev_queue: dev=lo skbaddr=0xffff88810483c2e0 len=60'],
    ['payload', PAYLOAD],
    ['comm and payload', `            curl ${PAYLOAD}`],
    ['comm, TID and payload', `            curl     883 ${PAYLOAD}`],
    ['perf 3.x', 'java  3244 cpu-clock: \n\t    7f3a1c0de123 f (/tmp/perf-3244.map)\n'],
    [
      'perf 3.x, frames at the beginning',
      'java  3244 cpu-clock:\nffffffff8103ce3b native_safe_halt ([kernel.kallsyms])\n',
    ],
    [
      'perf 3.x, an empty line between',
      'java  3244 cpu-clock: \n\n\tffffffff8103ce3b native_safe_halt ([kernel.kallsyms])\n',
    ],
  ])('%s', (_name, lines) => {
    const score = adapter.detect(`${lines}\n`)?.score ?? 0
    expect(score).toBeGreaterThanOrEqual(60)
    expect(score).toBeLessThan(90)
  })
})

describe('lines that are not perf’s samples', () => {
  it.each([
    [
      'ftrace',
      '            curl-883     [001] ..s1.   340.799805: kfree_skb: skbaddr=00000000ad21f352 protocol=2048 location=x',
    ],
    ['perf report', `    50.00%  abc  ${PAYLOAD}`],
    ['perf report -n', `    49.23%            32  ${PAYLOAD}`],
    ['perf evlist -v', 'skb:kfree_skb: type: 2, size: 128, config: 0x906'],
    ['a log', 'Dec  1 00:48:33 host kernel: 340.799805: eth0: link up'],
    ['another', '2026-12-01 00:48:33.123456 worker 12 [001] done: ok'],
    ['a listing of addresses', 'ffffffff8103ce3b native_safe_halt'],
    ['a word and numbers', 'step 12 ok: 7\nffff 1'],
  ])('%s', (_name, lines) => {
    expect(adapter.detect(`${lines}\n`)).toBeUndefined()
  })
})

describe('heads of perf 3.x', () => {
  const stack = [
    { address: '0xffffffff8103ce3b', symbol: 'native_safe_halt' },
    { address: '0xffffffff8101c68e', symbol: 'default_idle' },
  ]
  const frames = stack.map(({ address, symbol }) => `${address.slice(2)} ${symbol} ([kernel.kallsyms])`)
  it.each([
    ['TABs', `java  3244 cpu-clock: \n\t${frames.join('\n\t')}\n\n`, undefined],
    ['no indentation', `java  3244 cpu-clock: \n${frames.join('\n')}\n\n`, ['reformatted']],
    ['an empty line before', `java  3244 cpu-clock: \n\n\t${frames.join('\n\t')}\n\n`, ['reformatted']],
    ['both', `java  3244 cpu-clock:\n\n${frames.join('\n')}\n\n`, ['reformatted']],
  ])('are read with their frames: %s', async (_name, text, flags) => {
    const { events, rejected } = await read(text.repeat(2))
    expect(rejected).toEqual([])
    expect(events).toHaveLength(2)
    for (const event of events)
      expect(event).toMatchObject({ event_name: 'cpu-clock', process: { comm: 'java', tid: 3244 }, stack })
    if (flags !== undefined) expect(events[0]?.flags).toEqual(flags)
  })

  it('with cpu and time too', async () => {
    const { events, rejected } = await read(`java 3244 [000] 158665.570607: cpu-clock: \n\n${frames.join('\n')}\n\n`)
    expect(rejected).toEqual([])
    expect(events).toEqual([expect.objectContaining({ cpu: 0, stack, flags: ['reformatted'] })])
  })

  it('without frames they are anybody’s text', async () => {
    const { events } = await read('java  3244 cpu-clock: \nhello\n')
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'message'])
  })

  it('a frame whose head is gone is rejected as one', async () => {
    const { rejected } = await read(`\t${frames.join('\n\t')}\n`)
    expect(rejected.map(({ text }) => text)).toEqual([
      expect.stringContaining('a frame of a call chain'),
      expect.stringContaining('a frame of a call chain'),
    ])
  })
})

describe('every layout of skb:kfree_skb', () => {
  const COLUMNS = {
    comm: '            curl ',
    tid: '    883 ',
    cpu: '[001] ',
    time: '  340.799805: ',
    period: '         1 ',
    event: 'skb:kfree_skb: ',
  }
  const fields = Object.keys(COLUMNS).length
  it('is found and read by content, and no column is taken for another', async () => {
    for (let layout = 0; layout < 2 ** fields; layout++) {
      const shown = Object.entries(COLUMNS).filter((_column, index) => (layout >> index) % 2 === 1)
      const has = (name: string): boolean => shown.some(([field]) => field === name)
      const line = `${shown.map(([, text]) => text).join('')}${PAYLOAD}\n`
      expect(adapter.detect(line)?.score ?? 0, line).toBeGreaterThanOrEqual(60)
      const { events, rejected } = await read(line.repeat(2))
      expect(rejected, line).toEqual([])
      const told = events.map(({ kind, process, cpu, clock, sample, drop }) => [
        kind,
        process?.comm,
        process?.tid,
        cpu,
        clock?.ns,
        sample?.period,
        drop?.reason,
      ])
      const wanted = [
        'drop',
        has('comm') ? 'curl' : undefined,
        has('tid') ? 883 : undefined,
        has('cpu') ? 1 : undefined,
        has('time') ? '340799805000' : undefined,
        has('period') ? 1 : undefined,
        'NO_SOCKET',
      ]
      expect(told, line).toEqual([wanted, wanted])
    }
  })

  it('a thread whose name is a number is one', async () => {
    const { events } = await read(`             123     883 skb:kfree_skb: ${PAYLOAD}\n`)
    expect(events.map(({ process }) => process)).toEqual([{ comm: '123', tid: 883 }])
  })
})
