import { describe, expect, it } from 'vitest'
import { adapter } from '../../../adapters/perf/adapter.ts'
import { openConverter } from '../../kit/harness.ts'
import { type Event, read } from './reading.ts'

const DROP =
  'skb:kfree_skb(skbaddr: 0xffff8881117348e0, location: 0xffffffff82033a51, protocol: 2048, reason: SKB_DROP_REASON_NO_SOCKET)'

async function events(text: string, flags: Readonly<Record<string, string>> = {}): Promise<readonly Event[]> {
  const { events: made, rejected } = await read(text, flags, 65536, 'trace')
  expect(rejected).toEqual([])
  return made
}

/** The one event of a line. */
async function eventOf(line: string): Promise<Event | undefined> {
  const [event, ...others] = await events(`${line}\n`)
  expect(others).toEqual([])
  return event
}

describe('detect', () => {
  it.each([
    ['a drop', `     0.000 curl/883 ${DROP}`],
    ['a drop of one thread', `     0.000 ${DROP}`],
    ['a drop without time', `curl/883 ${DROP}`],
    ['a drop on a CPU', `     0.000 [002] curl/883 ${DROP}`],
    [
      'a drop by its print format',
      '     0.000 curl/883 skb:kfree_skb(skbaddr=0x1 protocol=2048 location=f+0x2 reason: XDP)',
    ],
    ['a drop of perf 3', '     0.000 skb:kfree_skb:skbaddr=0x1 protocol=2048 location=0x2)'],
    [
      'a call',
      '     0.000 ( 0.038 ms): curl/883 connect(fd: 3, addrlen: 16)     = -1 ENOENT (No such file or directory)',
    ],
    ['a call in colours', '     0.000 (\x1b[33m 0.038 ms\x1b[m): curl/883 close(fd: 3)     = 0'],
    ['a call that goes on', '     0.000 (         ): curl/883 connect(fd: 3)     ...'],
    ['its return', '     0.000 ( 0.113 ms): curl/883  ... [continued]: connect())     = 0'],
    ['the return of a call that was not seen', '         ? (         ): curl/883  ... [continued]: execve())  = 0'],
    ['a page fault', '     0.264 ( 0.000 ms): true/883 minfault [_start+0x0] => /usr/bin/true@0x40 (d.)'],
    ['a quoted line', `>      0.000 curl/883 ${DROP}`],
    ['after the output of a child', `  0     0 --:--:-- --:--:--     0     231.240 curl/883 ${DROP}`],
  ])('is sure of %s', (_name, line) => {
    expect(adapter.detect(`${line}\n`)).toMatchObject({ format: 'trace', score: 95 })
  })

  it.each([
    ' Summary of events:',
    ' curl (883), 908 events, 96.7%',
    '   mmap                 130      0     3.963     0.017     0.030     0.339      8.18%',
    'LOST 32 events!',
  ])('finds it likely: %s', (line) => {
    expect(adapter.detect(`${line}\n`)).toMatchObject({ format: 'trace', score: 70 })
  })

  it.each([
    ['strace', 'openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3'],
    [
      'strace -f',
      '[pid 12345] connect(3, {sa_family=AF_INET, sin_port=htons(443)}, 16) = -1 EINPROGRESS (Operation now in progress)',
    ],
    ['strace -r', '     0.000123 close(3)                  = 0'],
    ['strace -r in milliseconds', '     0.012 openat(AT_FDCWD, "/etc/hosts", O_RDONLY) = 3'],
    ['strace -T', 'close(3)                                = 0 <0.000004>'],
    ['ltrace', '     0.012 strlen("abc")                            = 3'],
    ['a log', '12.345 worker/3 done: f(x) = 3'],
    ['a question', '         ? (         ): what'],
  ])('does not take the text of %s', (_name, line) => {
    expect(adapter.detect(`${line}\n`)?.score ?? 0).toBeLessThan(60)
  })
})

describe('an entry of perf trace', () => {
  it('is a drop with the name of its reason, or with its number', async () => {
    expect(await eventOf(`     0.106 curl/883 ${DROP}`)).toMatchObject({
      kind: 'drop',
      event_name: 'skb:kfree_skb',
      clock: { id: 'relative', ns: '106000' },
      process: { comm: 'curl', tid: 883 },
      skb: { addr: '0xffff8881117348e0', protocol: 2048 },
      location: { address: '0xffffffff82033a51' },
      drop: { count: 1, reason: 'NO_SOCKET' },
    })
    expect((await eventOf('     0.106 curl/883 skb:kfree_skb(skbaddr: 0x1, reason: 3)'))?.drop).toEqual({
      count: 1,
      code: 3,
      origin: 'software',
    })
  })

  it('is no drop where the packet was consumed', async () => {
    const event = await eventOf('     0.106 curl/883 skb:kfree_skb(skbaddr: 0x1, reason: SKB_CONSUMED)')
    expect(event).toMatchObject({ kind: 'trace', drop: { reason: 'CONSUMED' } })
  })

  it('has NULL pointers, where perf prints what is zero', async () => {
    const event = await eventOf(
      '     0.100 a/1 skb:kfree_skb(skbaddr: 0x1, location: NULL, rx_sk: NULL, protocol: 0, reason: 3)',
    )
    expect(event).toMatchObject({ skb: { addr: '0x1', rx_sk: '0x0', protocol: 0 }, location: { address: '0x0' } })
    expect(event?.args).toBeUndefined()
  })

  it('is a drop also where perf printed nothing that is zero', async () => {
    expect(await eventOf('     0.106 curl/883 skb:kfree_skb()')).toMatchObject({ kind: 'drop', drop: { count: 1 } })
  })

  it('has what a call returned: a number, an errno, a child', async () => {
    const args = async (result: string): Promise<unknown> =>
      (await eventOf(`     0.100 ( 0.008 ms): a/1 f2(fd: 3)          = ${result}`))?.args
    expect(await args('0x7f69af9a0000')).toEqual({ fd: '3', ret: '0x7f69af9a0000' })
    expect(await args('-1 EAGAIN (Resource temporarily unavailable)')).toEqual({
      fd: '3',
      ret: '-1',
      errno: 'EAGAIN',
      ret_text: 'Resource temporarily unavailable',
    })
    expect(await args('-1 (unknown) (Operation now in progress)')).toEqual({
      fd: '3',
      ret: '-1',
      ret_text: 'Operation now in progress',
    })
    expect(await args('0 (Timeout)')).toEqual({ fd: '3', ret: '0', ret_text: 'Timeout' })
    expect(await args('702 (sh -c) = x)')).toEqual({ fd: '3', ret: '702', ret_text: 'sh -c) = x' })
    expect(await args('?')).toEqual({ fd: '3' })
  })

  it.each([
    ['a path with separators', 'fd: 3</tmp/a, b: c)>, len: 2', { fd: '3</tmp/a, b: c)>', len: '2' }],
    ['a text with quotes', 'path: "a", b: c", len: 2', { path: 'a', b: 'c"', len: '2' }],
    ['a text with a bracket', 'path: "a) = 3", len: 2', { path: 'a) = 3', len: '2' }],
    [
      'an address',
      'addr: { .family: INET, port: 443, addr: 1.2.3.4 }, len: 2',
      { addr: '{ .family: INET, port: 443, addr: 1.2.3.4 }', len: '2' },
    ],
    [
      'a structure',
      'rqtp: {.tv_sec = 1, .tv_nsec = 2}, flags: A|B',
      { rqtp: '{.tv_sec = 1, .tv_nsec = 2}', flags: 'A|B' },
    ],
    ['a buffer that looks like fields', 'buf: a, fd: 3, count: 9, count: 2', { buf: 'a, fd: 3, count: 9', count: '2' }],
    ['a pid with its name', 'pid: 12 (a, pid: 3), sig: TERM', { pid: '12', pid_comm: 'a, pid: 3', sig: 'TERM' }],
    ['nothing after a name', 'filename: , flags: RDONLY', { flags: 'RDONLY' }],
  ])('has arguments of a call: %s', async (_name, printed, expected) => {
    expect((await eventOf(`     0.100 ( 0.008 ms): a/1 call(${printed})      = 0`))?.args).toEqual({
      ...expected,
      ret: '0',
    })
  })

  it('keeps arguments without names as they are', async () => {
    const event = await eventOf('     0.100 ( 0.008 ms): a/1 openat(CWD, "/etc/hosts", 0) = 3')
    expect(event).toMatchObject({ args: { ret: '3' }, payload: 'CWD, "/etc/hosts", 0' })
  })

  it('names the device, where perf prints a name', async () => {
    const text = await eventOf('     0.100 a/1 net:net_dev_queue(skbaddr: 0x1, len: 94, name: "lo")')
    expect(text).toMatchObject({ device: { name: 'lo' }, skb: { addr: '0x1', len: 94 } })
    const number = await eventOf('     0.100 a/1 net:net_dev_queue(skbaddr: 0x1, len: 94, name: 139895652873532)')
    expect(number?.device).toBeUndefined()
    expect(number?.args).toEqual({ name: '139895652873532' })
  })

  it('reads names that hold columns, blanks and line ends', async () => {
    for (const comm of ['', ' a', 'a ', 'x/1 y', '0.5 (1 ms): q', 'k/12 s:e(a: 1', 'a\nb', '(): '])
      expect((await eventOf(`     0.000 ${comm}/883 ${DROP}`))?.process, comm).toEqual({
        ...(comm !== '' && { comm }),
        tid: 883,
      })
    expect((await eventOf(`     0.000 :883/883 ${DROP}`))?.process).toEqual({ tid: 883 })
  })

  it('may be wrapped by a mailer, with quotes before it', async () => {
    const at = DROP.indexOf(', location')
    const [event] = await events(`>      0.000 curl/883 ${DROP.slice(0, at + 1)}\n> ${DROP.slice(at + 2)}\n`)
    expect(event).toMatchObject({
      skb: { protocol: 2048 },
      drop: { reason: 'NO_SOCKET' },
      flags: ['reformatted'],
    })
  })

  it('is rejected where it is damaged', async () => {
    for (const line of [
      '     0.417 curl/  1008 skb:kfree_skb(% skbaddr: 0xff4477bccaf02700, location: 0xffffffff8dd16e90, reason: 1)',
      '     0.000 ( 0.008 ms): curl/883 connect(fd: 3',
      '     0.000 (         ): ',
    ]) {
      const { events: made, rejected } = await read(`${line}\n     9.000 curl/883 ${DROP}\n`, {}, 65536, 'trace')
      expect(
        rejected.map(({ line: number, word }) => [number, word]),
        line,
      ).toEqual([[1, 'malformed']])
      expect(made).toHaveLength(1)
    }
  })
})

describe('the clock of perf trace', () => {
  const two = (first: string, second: string): string => `${first} curl/883 ${DROP}\n${second} curl/883 ${DROP}\n`

  it('is relative where the first time is less than a second', async () => {
    const made = await events(two('     0.000', '6319716.435'))
    expect(made.map(({ clock }) => clock)).toEqual([
      { id: 'relative', ns: '0' },
      { id: 'relative', ns: '6319716435000' },
    ])
  })

  it('is unknown where it may count from the boot (-T), but for --perf-time', async () => {
    const text = two('6319716.435', '6319716.500')
    expect((await events(text)).map(({ clock }) => clock?.id)).toEqual(['unknown', 'unknown'])
    expect((await events(text, { perfTime: 'relative' })).map(({ clock }) => clock?.id)).toEqual([
      'relative',
      'relative',
    ])
    expect((await events(two('     0.000', '     0.100'), { perfTime: 'absolute' }))[0]?.clock?.id).toBe('unknown')
  })

  it('begins anew after a prompt', async () => {
    const text = `${two('     0.000', '     0.100')}$ perf trace -T ls\n${two('6319716.435', '6319716.500')}`
    const clocks = (await events(text)).filter(({ kind }) => kind === 'drop').map(({ clock }) => clock?.id)
    expect(clocks).toEqual(['relative', 'relative', 'unknown', 'unknown'])
  })
})

describe('call chains of perf trace', () => {
  const FRAMES = [
    '                                       tcp_v4_rcv ([kernel.kallsyms])',
    '                                       nft_do_chain ([nf_tables])',
    '                                       std::f(int) (/usr/lib/a b.so)',
    '                                       main (inlined)',
    '                                       [0xe9a0] (/usr/bin/curl)',
    '                                       [0xffffffff82033a51] ([kernel.kallsyms])',
  ]

  it('are the stack of the entry before them', async () => {
    const [event] = await events(`     0.000 curl/883 ${DROP}\n${FRAMES.join('\n')}\n`)
    expect(event?.stack).toEqual([
      { symbol: 'tcp_v4_rcv' },
      { symbol: 'nft_do_chain', module: 'nf_tables' },
      { symbol: 'std::f(int)', dso: '/usr/lib/a b.so' },
      { symbol: 'main', inlined: true },
      { dso: '/usr/bin/curl', dso_offset: '0xe9a0' },
      { address: '0xffffffff82033a51' },
    ])
  })

  it('are looked for again after an entry that had none', async () => {
    const text = `     0.000 a/1 ${DROP}\n     0.100 a/1 ${DROP}\n${FRAMES[0]}\n     0.200 a/1 ${DROP}\n${FRAMES[0]}\n`
    const { events: made, rejected } = await read(text, {}, 65536, 'trace')
    expect(made.map(({ stack }) => stack?.length)).toEqual([undefined, undefined, 1])
    expect(rejected.map(({ line, word }) => [line, word])).toEqual([[3, 'ambiguous']])
  })
})

it('an event whose name has a byte that is no UTF-8 has the flag', async () => {
  for (const [line, format] of [
    ['     0.000 curl/883 foo:b\xffr(len: 3)', 'trace'],
    ['curl   883 [001]   340.799805: foo:b\xffr: len=3', 'script'],
  ] as const) {
    const { events: made } = await read(Buffer.from(`${line}\n`, 'latin1'), {}, 65536, format)
    expect(made).toMatchObject([{ event_name: 'foo:b\ufffdr', flags: expect.arrayContaining(['text_replaced']) }])
  }
})

describe('what perf trace prints beside entries', () => {
  it('is loss', async () => {
    expect(await eventOf('LOST 32 events!')).toMatchObject({
      kind: 'loss',
      loss: { count: 32, unit: 'records', cause: 'ring_full', mode: 'delta' },
    })
  })

  it('is talk: a summary', async () => {
    const text = [
      ' Summary of events:',
      '',
      ' two words (883), 908 events, 96.7%, 2 majfaults, 30 minfaults, 1.250 msec',
      '',
      '   syscall            calls  errors  total       min       avg       max       stddev',
      '                                     (msec)    (msec)    (msec)    (msec)        (%)',
      '   --------------- --------  ------ -------- --------- --------- ---------     ------',
      '   connect                4      4     0.364     0.020     0.091     0.249     58.59%',
      '\t\t\t\tENOENT: 2',
      ' total, 908 events',
      '',
    ].join('\n')
    for (const event of await events(text)) expect(event).toMatchObject({ kind: 'message', stream: 'stderr' })
  })
})

it('perf trace and perf script take lines from one another', async () => {
  const script =
    '            curl 26480 [001]  3466.291131: skb:kfree_skb: skbaddr=0x1 rx_sk=(nil) protocol=2048 location=f+0x91 reason: XDP'
  const trace = `     0.000 curl/883 ${DROP}`
  const converter = await openConverter(['--kind=all'], '.')
  const { ndjson, outcome, rejected } = await converter.convert(
    Buffer.from([trace, script, '$ perf trace', trace, '$ perf script', script, ''].join('\n')),
  )
  expect(rejected).toEqual([])
  expect(outcome.readers.map(({ line, format }) => `${line} ${format}`)).toEqual([
    '1 trace',
    '2 script',
    '4 trace',
    '6 script',
  ])
  const drops = ndjson.split('\n').filter((line) => line.includes('"kind":"drop"'))
  expect(drops.map((line) => JSON.parse(line).drop.reason)).toEqual(['NO_SOCKET', 'XDP', 'NO_SOCKET', 'XDP'])
})
