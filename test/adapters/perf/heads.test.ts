import { describe, expect, it } from 'vitest'
import { type Event, read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
const HEAD = '            curl     883 [001]   340.799805:'
const drops = (events: readonly Event[]): readonly Event[] => events.filter(({ kind }) => kind === 'drop')

describe('a short line before a head', () => {
  it.each(['--', '```', '^C', 'Before:', '$ x', '...', '  --', '>', '|'])(
    '%s is no part of the name of a thread',
    async (short) => {
      for (const head of [
        'curl   123 [000]     1.000000:',
        'curl 123 [000] 1.000000:',
        HEAD,
        '            curl 123 [000]     1.000000:',
      ]) {
        const { events } = await read(`${short}\n${head} skb:kfree_skb: ${PAYLOAD}\n`)
        expect(drops(events).map(({ process }) => process?.comm)).toEqual(['curl'])
      }
    },
  )

  it.each([
    ['two', 'new\nline'],
    ['three', 'a\nb\nc'],
    ['two, the first blank', '\nline'],
    ['three, one empty', 'a\n\nb'],
  ])('is one where it fills the column of the name together with the next: %s lines', async (_name, comm) => {
    const { events, rejected } = await read(
      `${comm.padStart(16)}     883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}\n`,
    )
    expect(rejected).toEqual([])
    expect(events.map(({ process }) => process?.comm)).toEqual([comm])
    expect(events[0]?.flags).toEqual(['reformatted'])
  })

  it('is none in a layout without that column', async () => {
    const chain = `perf-exec 883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}\n\tffffffff81e42e50 f+0x1 ([kernel.kallsyms])\n\n`
    // 'abcdefghijkl' and the line before it would fill 16 bytes.
    const { events } = await read(`${chain} --\nabcdefghijkl   883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}\n\n`)
    expect(drops(events).map(({ process }) => process?.comm)).toEqual(['perf-exec', 'abcdefghijkl'])
  })
})

describe('lines that a word, a number and a colon make look like a head', () => {
  it.each([
    ['a listing', '  btf: yes\n  map batch: yes\n  iter:task: no\n  iter:task_file: no\n'],
    ['a program', '            def w(s,f):\n            try: os.write(s.fd,f)\n            for n in D: D[n]=fn\n'],
    ['figures', '     total\n    of 12 files: 40\n'],
  ])('are anybody’s: %s', async (_name, text) => {
    const { events } = await read(text)
    expect(events.filter(({ kind }) => kind !== 'message')).toEqual([])
  })
})

describe('the name of an event', () => {
  it('is no payload', async () => {
    const payload = PAYLOAD.replace('rx_sk=(nil) ', '')
    const { events, rejected } = await read(`${HEAD} ${payload}\n`)
    expect(rejected).toEqual([])
    expect(events).toEqual([
      expect.objectContaining({
        kind: 'drop',
        event_name: 'skb:kfree_skb',
        drop: expect.objectContaining({ reason: 'NO_SOCKET' }),
        process: { comm: 'curl', tid: 883 },
        flags: ['event_inferred'],
      }),
    ])
  })

  it.each([
    'work struct 0xffff888627c27de8: function delayed_vfree_work',
    'fd: 0x00000005, buff: 0x7f627e435340, len: 0x00000002',
    'dev=lo skbaddr=0xffff88810483c2e0 len=60',
    'comm=two words pid=25497 prio=120: x',
  ])('is not the beginning of another payload: %s', async (payload) => {
    const { events, rejected } = await read(`${HEAD} ${payload}\n`)
    expect(events).toEqual([])
    expect(rejected.map(({ text }) => text)).toEqual([expect.stringContaining('without an event name')])
  })

  it.each([
    ['cpu/event=0x3c,umask=0x0/', 'cpu/event=0x3c,umask=0x0/'],
    ["cpu/config=1,name='a b'/u", "cpu/config=1,name='a b'/u"],
    ['cpu_core/cycles/P', 'cpu_core/cycles/P'],
    ['probe_libc:fmt__return', 'probe_libc:fmt__return'],
    ['page-faults:u', 'page-faults:u'],
    ['skb:kfree_skb:k', 'skb:kfree_skb'],
    ['net:net_dev_queue:u', 'net:net_dev_queue'],
  ])('%s', async (printed, name) => {
    const isPlain = printed.includes('kfree_skb')
    const { events } = await read(`${HEAD} ${printed}: ${isPlain ? PAYLOAD : 'dev=lo skbaddr=0xffff888104 len=3'}\n`)
    expect(events.map(({ event_name, kind }) => [event_name, kind])).toEqual([[name, isPlain ? 'drop' : 'trace']])
  })
})

describe('listings of the tools', () => {
  it.each([
    [
      'perf evlist -v',
      'skb:kfree_skb: type: 2, size: 128, config: 0x906, { sample_period, sample_freq }: 1, sample_type: IP',
    ],
    [
      'perf evlist -v of 7.2',
      'skb:kfree_skb: type: 2 (PERF_TYPE_TRACEPOINT), size: 136, config: 0x906 (skb:kfree_skb)',
    ],
    ['perf evlist -F', 'skb:kfree_skb: sample_freq=4000'],
    ['perf evlist --trace-fields', 'skb:kfree_skb: trace_fields: skbaddr,location,rx_sk,protocol,reason'],
    ['perf evlist', 'skb:kfree_skb'],
    ['perf list', '  skb:kfree_skb                                      [Tracepoint event]'],
    ['perf report', `    50.00%  curl     ${PAYLOAD}`],
    ['perf report, the name as wide as the column', `    50.00%  abc  ${PAYLOAD}`],
    ['perf report -n', `    49.23%            32  ${PAYLOAD}`],
    ['perf report --stats', '       skb:kfree_skb stats:'],
    ['perf stat', '                 2      skb:kfree_skb'],
    ['perf stat -x', '2,,skb:kfree_skb,1022318,100.00,,'],
    ['perf buildid-list', '5a1b2c3d4e5f60718293a4b5c6d7e8f901234567 [kernel.kallsyms]'],
    ['bpftrace -l', 'tracepoint:skb:kfree_skb'],
    ['trace-cmd --stat', 'oldest event ts:   340.799805'],
  ])('%s gives no event', async (_name, line) => {
    const { events } = await read(`${line}\n${line}\n`)
    expect(events.filter(({ kind }) => kind !== 'message')).toEqual([])
  })
})

describe('a time of day', () => {
  it.each(['2026-13-23 11:33:47.080536', '2026-02-30 11:33:47.080536', '2026-11-23 24:33:47.080536'])(
    'that is on no calendar is rejected: %s',
    async (tod) => {
      const { events, rejected } = await read(
        `            curl     883 [001] ${tod}   340.799805: skb:kfree_skb: ${PAYLOAD}\n`,
      )
      expect(events).toEqual([])
      expect(rejected.map(({ text }) => text)).toEqual(['a time of day that is on no calendar'])
    },
  )
})

describe('lines that a mailer or a terminal broke', () => {
  const whole = async (text: string): Promise<readonly Event[]> => {
    const { events, rejected } = await read(text)
    expect(rejected).toEqual([])
    return events
  }
  it.each([
    ['behind the time', `${HEAD}\nskb:kfree_skb: ${PAYLOAD}\n`],
    ['behind the time, indented', `${HEAD} \n    skb:kfree_skb: ${PAYLOAD}\n`],
    ['behind the time, quoted', `> ${HEAD}\n> skb:kfree_skb: ${PAYLOAD}\n`],
    ['behind the time and the name', `${HEAD}\nskb:kfree_skb:\n${PAYLOAD}\n`],
    ['behind the cpu', `            curl     883 [001]\n340.799805: skb:kfree_skb: ${PAYLOAD}\n`],
  ])('skb:kfree_skb %s', async (_name, text) => {
    const events = await whole(text)
    expect(events).toEqual([
      expect.objectContaining({
        kind: 'drop',
        process: { comm: 'curl', tid: 883 },
        clock: { id: 'unknown', ns: '340799805000' },
        drop: expect.objectContaining({ reason: 'NO_SOCKET' }),
        flags: ['reformatted'],
      }),
    ])
  })

  it.each([
    ['net:netif_receive_skb', 'dev=lo skbaddr=0xffff88810483c2e0 len=60', {}],
    ['net:net_dev_xmit', 'dev=lo skbaddr=0xffff88810483c2e0 len=74 rc=0', { rc: 0 }],
    [
      'sched:sched_wakeup',
      'comm=two words pid=25497 prio=120 target_cpu=000',
      { comm: 'two words', pid: 25497, prio: 120, target_cpu: '000' },
    ],
  ])('%s wherever its payload was broken', async (name, payload, args) => {
    const unbroken = await whole(`${HEAD} ${name}: ${payload}\n`)
    for (const [, before = '', after = ''] of ['', ...payload.matchAll(/ (?=\w+=)/g)].map((match) =>
      typeof match === 'string'
        ? ['', '', payload]
        : ['', payload.slice(0, match.index), payload.slice(match.index + 1)],
    )) {
      const events = await whole(`${HEAD} ${name}: ${before}\n${after}\n${HEAD} ${name}: ${payload}\n`)
      expect(events).toEqual([
        { ...unbroken[0], capture: expect.anything(), flags: ['reformatted'] },
        expect.anything(),
      ])
    }
    expect(unbroken[0]?.args ?? {}).toEqual(args)
  })
})
