import { describe, expect, it } from 'vitest'
import { type Event, readText } from '../reading.ts'

const program = 'tracepoint:skb:kfree_skb { printf("%s: %d\\n", comm, args->reason) }'

describe('what the tool says itself', () => {
  const lines: readonly (readonly [text: string, message: Partial<Event>])[] = [
    ['Attaching 1 probe...', { level: 'info', stream: 'stdout' }],
    ['Attaching 5 probes...', { level: 'info', stream: 'stdout' }],
    ['Attached 2 probes', { level: 'info', stream: 'stderr' }],
    ['No probes to attach', { level: 'info', stream: 'stdout' }],
    ['WARNING: Addrspace is not set', { level: 'warning', stream: 'stderr' }],
    ["ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.", { level: 'error', stream: 'stderr' }],
    ["Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.", { level: 'info', stream: 'stderr' }],
    ['INFO: node count: 10', { level: 'info', stream: 'stderr' }],
    ['Child exited with code: 7', { level: 'info', stream: 'stdout' }],
    ['x.bt:4-6: ERROR: something over lines', { level: 'error', stream: 'stderr' }],
  ]

  it.each(lines)('%s', (text, message) => {
    expect(readText(`${text}\n`, { program }).events).toEqual([{ kind: 'message', message: text, ...message }])
  })

  it('is told without the colours of a terminal', () => {
    const text = '\x1b[33mWARNING: Addrspace is not set\x1b[0m\n'
    expect(readText(text, { program }).events).toEqual([
      { kind: 'message', message: 'WARNING: Addrspace is not set', level: 'warning', stream: 'stderr' },
    ])
  })

  it('may be a block, with the line of the program that it is about', () => {
    const text =
      'stdin:1:43-53: ERROR: no field\ntracepoint:skb:kfree_skb { printf("%s: 3\\n", args->nope) }\n      ~~~~~~~~~~\ncurl: 3\n'
    const { events } = readText(text, { program })
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'drop'])
    for (let chunk = 1; chunk < 50; chunk += 4) expect(readText(text, { program, chunk }).events).toEqual(events)
  })

  it('stands on stdout where the banner was an old one', () => {
    const warning =
      'x.bt:5:7-8: WARNING: Bad address\nAdditional Info - helper: probe_read_str, retcode: -14\n    $x = 1\n    ~\n'
    expect(readText(`Attaching 1 probe...\n${warning}`, { program }).events[1]).toMatchObject({
      stream: 'stdout',
      level: 'warning',
    })
    expect(readText(`Attached 1 probe\n${warning}`, { program }).events[1]).toMatchObject({
      stream: 'stderr',
      level: 'warning',
    })
  })

  it('with -v stands among the events', () => {
    const text = 'Attaching 1 probe...\n\nProgram ID: 1624\n\nThe verifier log: \nprocessed 24 insns\n\ncurl: 3\n'
    expect(readText(text, { program }).events.map(({ kind }) => kind)).toEqual(['message', 'message', 'drop'])
  })
})

describe('a loss', () => {
  const losses: readonly (readonly [text: string, loss: unknown])[] = [
    ['Lost 1449 events\n', { count: 1449, unit: 'records', cause: 'ring_full', mode: 'delta' }],
    // The sum of the others, once more.
    ['WARNING: Total lost event count: 1449\n', { count: 1449, unit: 'records', cause: 'ring_full', mode: 'total' }],
    [
      "x.bt:4:2-15: WARNING: Map full; can't update element. Try more\nAdditional Info - helper: map_update_elem, retcode: -7\n    @m = 1\n    ~~\n",
      { unit: 'map_updates', cause: 'map_full', mode: 'delta' },
    ],
    [
      'x.bt:4:12-13: WARNING: Failed to map_update_elem: Argument list too long (-7)\n    @m = 1\n    ~\n',
      { unit: 'map_updates', cause: 'map_full', mode: 'delta' },
    ],
    [
      '{"type": "lost_events", "data": {"events": 1449}}\n',
      { count: 1449, unit: 'records', cause: 'ring_full', mode: 'delta' },
    ],
    [
      '{"type": "lost_events", "count": 1449, "data": {"events": 1449}}\n',
      { count: 1449, unit: 'records', cause: 'ring_full', mode: 'delta' },
    ],
    [
      '{"type": "helper_error", "helper": "map_update_elem", "retcode": -7, "line": 4, "col": 12}\n',
      { unit: 'map_updates', cause: 'map_full', mode: 'delta' },
    ],
  ]

  it.each(losses)('%j', (text, loss) => {
    expect(readText(text, { program }).events).toMatchObject([{ kind: 'loss', loss }])
  })
})

describe("somebody else's lines", () => {
  it('are foreign with the program, and output without it', () => {
    const text = 'curl: (7) Failed to connect to localhost\n'
    expect(readText(text, { program }).events).toMatchObject([{ kind: 'message', stream: 'foreign' }])
    const { events, undecoded, hints } = readText(text)
    expect(events).toMatchObject([{ kind: 'message', stream: 'output' }])
    expect([undecoded, hints.length]).toEqual([1, 1])
  })

  it('are output where the program could not be understood whole', () => {
    const { events, undecoded } = readText('hello\n', { program: `${program} BEGIN { printf($1, pid) }` })
    expect(events).toMatchObject([{ stream: 'output' }])
    expect(undecoded).toBe(1)
  })

  it('may be a shell’s, as the core knows; a command with a program starts a session of it', () => {
    const text =
      'x: 3\n# ls\n# bpftrace -e \'tracepoint:skb:kfree_skb { printf("%d of %s;\\n",\n>  args->reason, comm) }\'\n3 of curl;\n'
    const { events } = readText(text, { program })
    expect(events.map(({ kind, stream }) => stream ?? kind)).toEqual(['drop', 'foreign', 'prompt', 'drop'])
    expect(events[3]).toMatchObject({ process: { comm: 'curl' }, drop: { code: 3 } })
  })
})

describe('a line as a paste leaves it', () => {
  const padded = 'tracepoint:skb:kfree_skb { printf("%-16s pid=%-6d loc=%s \\n", comm, pid, ksym(args->location)) }'
  const pasted = [
    'two words pid=12 loc=tcp_v4_rcv',
    'two words        pid=12     loc=tcp_v4_rcv',
    '> two words        pid=12     loc=tcp_v4_rcv ',
    '   two words pid=12 loc=tcp_v4_rcv',
  ]

  it.each(pasted)('%j is read, and says so', (line) => {
    const { drops } = readText(`${line}\n`, { program: padded })
    expect(drops).toMatchObject([{ process: { pid: 12 }, location: { symbol: 'tcp_v4_rcv' }, flags: ['reformatted'] }])
  })

  it("is the tool's, or a map's, behind its quote", () => {
    const { events } = readText('> Attaching 1 probe...\n> @[x]: 3\n', { program: 'BEGIN { @[comm] = count() }' })
    expect(events).toMatchObject([
      { kind: 'message', stream: 'stdout' },
      { kind: 'metric', flags: ['reformatted'] },
    ])
  })
})

describe('a last line without its end', () => {
  const structured =
    'tracepoint:skb:kfree_skb { printf("ts=%llu comm=%s reason=%s code=%d.\\n", nsecs, comm, args.reason, args.reason) }'

  const cuts: readonly (readonly [text: string, event: Partial<Event>])[] = [
    [
      'ts=12 comm=curl reason=SKB_DROP_REASON_NO_SOCKET code=3.',
      { ns: '12', process: { comm: 'curl' }, drop: { reason: 'NO_SOCKET', code: 3 } },
    ],
    [
      'ts=12 comm=curl reason=SKB_DROP_REASON_NO_SOCKET code=3',
      { ns: '12', process: { comm: 'curl' }, drop: { reason: 'NO_SOCKET' } },
    ],
    // A name that begins no other has lost nothing.
    [
      'ts=12 comm=curl reason=SKB_DROP_REASON_NO_SOCKET',
      { ns: '12', process: { comm: 'curl' }, drop: { reason: 'NO_SOCKET' } },
    ],
    ['ts=12 comm=curl reason=SKB_DROP_REASON_TCP', { ns: '12', process: { comm: 'curl' } }],
    ['ts=12 comm=curl reas', { ns: '12' }],
    ['ts=12 com', { ns: '12' }],
    ['ts=12 ', { ns: '12' }],
  ]

  it.each(cuts)('%j tells what is whole', (text, event) => {
    const { events, rejected } = readText(text, { program: structured })
    expect(rejected).toEqual([])
    expect(events).toMatchObject([{ kind: 'drop', flags: ['incomplete'], ...event }])
    for (const member of ['process', 'ns'] as const) expect(member in (events[0] ?? {})).toBe(member in event)
  })

  it('that begins as a record and tells nothing yet is rejected', () => {
    expect(readText('ts=12', { program: structured }).rejected).toEqual([{ word: 'truncated', bytes: 'ts=12' }])
    expect(readText('ts=', { program: structured }).rejected).toEqual([{ word: 'truncated', bytes: 'ts=' }])
  })

  it('of anybody else stays a message', () => {
    expect(readText('curl: (7) Fai', { program: structured }).events).toMatchObject([
      { kind: 'message', stream: 'foreign' },
    ])
    expect(readText('Attaching 1 pro', { program: structured }).events).toMatchObject([{ kind: 'message' }])
  })

  it('of JSON is rejected, unless it is whole', () => {
    const line = '{"type": "printf", "data": "curl: 3\\n"}'
    expect(readText(line, { program }).drops).toHaveLength(1)
    const { rejected } = readText(`{"type": "attached_probes", "data": {"probes": 1}}\n${line.slice(0, -3)}`, {
      program,
    })
    expect(rejected).toEqual([{ word: 'truncated', bytes: line.slice(0, -3) }])
  })
})
