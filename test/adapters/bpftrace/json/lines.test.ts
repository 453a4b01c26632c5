import { describe, expect, it } from 'vitest'
import { type Event, readText } from '../reading.ts'

const K = 'tracepoint:skb:kfree_skb'
const program = `${K} { printf("%s: %d\\n", comm, args->reason) }`

function linesOf(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record).replaceAll('":', '": ').replaceAll(',"', ', "')}\n`).join('')
}

const BANNER = '{"type": "attached_probes", "count": 1, "data": {"probes": 1}}\n'
const OLD_BANNER = '{"type": "attached_probes", "data": {"probes": 1}}\n'

describe('a record of JSON', () => {
  const messages: readonly (readonly [line: string, message: Partial<Event>])[] = [
    [BANNER, { level: 'info', stream: 'stdout' }],
    [
      '{"type": "helper_error", "msg": "Bad address", "helper": "probe_read", "retcode": -14, "filename": "x.bt", "line": 4, "col": 2}\n',
      { level: 'warning' },
    ],
    [
      '{"type": "runtime_error", "msg": "Divide or modulo by 0 detected.", "filename": "x.bt", "line": 8, "col": 8}\n',
      { level: 'warning' },
    ],
    ['{"type": "errorf", "msg": "no", "filename": "x.bt", "line": 8, "col": 8}\n', { level: 'error' }],
    ['{"type": "test_result", "data": {}}\n', { level: 'info' }],
  ]

  it.each(messages)('%j is a message as it stands', (line, message) => {
    expect(readText(BANNER + line, { program }).events[1]).toEqual({
      kind: 'message',
      message: line.slice(0, -1),
      stream: 'stdout',
      ...message,
    })
  })

  it('of a printf is whole and exact', () => {
    const text =
      BANNER +
      linesOf([
        { type: 'printf', data: 'a: 1: 3\n' },
        { type: 'printf', data: 'x"y\\z\nw: 4\n' },
      ])
    expect(readText(text, { program }).drops.map(({ process, form }) => [process?.comm, form])).toEqual([
      ['a: 1', 'json'],
      ['x"y\\z\nw', 'json'],
    ])
  })

  it('that fits no call is output', () => {
    const { events, undecoded } = readText(linesOf([{ type: 'printf', data: 'hello\n' }]), { program })
    expect(events).toEqual([{ kind: 'message', message: 'hello', level: 'info', stream: 'output' }])
    expect(undecoded).toBe(1)
  })

  it('joins those of the same run', () => {
    const two = `${K} { printf("%s, ", comm); print((args->reason, pid)); time("%H:%M\\n"); join(args->argv) }`
    const run = [
      { type: 'printf', data: 'x, ' },
      { type: 'value', data: [3, 7] },
      { type: 'time', data: '12:01\n' },
      { type: 'join', data: 'a b' },
    ]
    const { events } = readText(BANNER + linesOf([...run, ...run]), { program: two })
    expect(events.slice(1)).toMatchObject(
      [1, 2].map(() => ({
        kind: 'drop',
        process: { comm: 'x', pid: 7 },
        drop: { code: 3 },
        args: { time: '12:01', argv: 'a b' },
      })),
    )
    expect(events).toHaveLength(3)
  })

  it('of a value tells a number from a text', () => {
    const values = `${K} { print(comm); print(args->reason); }`
    const { events } = readText(
      linesOf([
        { type: 'value', data: '3' },
        { type: 'value', data: 3 },
      ]),
      { program: values },
    )
    expect(events).toMatchObject([{ kind: 'drop', process: { comm: '3' }, drop: { code: 3 } }])
  })

  const undecodedValues: readonly (readonly [data: unknown, message: string])[] = [
    [[1, 'two', [3]], '[1,"two",[3]]'],
    ['curl', 'curl'],
    [3, '3'],
  ]

  it.each(undecodedValues)('value %j is its text without a program', (data, message) => {
    expect(readText(linesOf([{ type: 'value', data }])).events).toMatchObject([{ stream: 'output', message }])
  })

  it('with several printfs of one format is ambiguous', () => {
    const same = `${K} { printf("%s %d\\n", comm, pid) } tracepoint:skb:consume_skb { printf("%s %d\\n", comm, pid) }`
    expect(readText(linesOf([{ type: 'printf', data: 'x 1\n' }]), { program: same })).toMatchObject({
      ambiguous: 1,
      drops: [],
    })
  })
})

describe('a map in JSON', () => {
  const fills = `${K} { @[comm, args->reason] = count(); @h[comm] = hist(pid); @l = lhist(pid, 0, 9, 3); @s[comm] = stats(pid); @a = avg(pid); @n = nsecs; @f[ksym(args->location)] = count(); @t[(cpu, comm)] = count(); }`

  const read: readonly (readonly [line: string, metrics: readonly Event['metric'][]])[] = [
    [
      '{"type": "map", "data": {"@": {"curl,3": 2, "a,b,3": 3}}}',
      [
        { name: '@', keys: ['curl', '3'], type: 'count', value: 2 },
        { name: '@', keys: ['a,b', '3'], type: 'count', value: 3 },
      ],
    ],
    [
      '{"type": "map", "data": {"@n": 18446744071595913036}}',
      [{ name: '@n', type: 'value', value: 18446744071595913000, value_exact: '18446744071595913036' }],
    ],
    [
      '{"type": "map", "data": {"@f": {"f": 2, "f": 3}}}',
      [
        { name: '@f', keys: ['f'], type: 'count', value: 2 },
        { name: '@f', keys: ['f'], type: 'count', value: 3 },
      ],
    ],
    ['{"type": "map", "data": {"@t": {"1,x": 1}}}', [{ name: '@t', keys: ['1', 'x'], type: 'count', value: 1 }]],
    [
      '{"type": "hist", "data": {"@h": {"x": [{"min": 2, "max": 3, "count": 6}, {"min": 4, "max": 7, "count": 1}]}}}',
      [
        {
          name: '@h',
          keys: ['x'],
          type: 'hist',
          buckets: [
            { min: 2, max: 3, count: 6 },
            { min: 4, max: 7, count: 1 },
          ],
        },
      ],
    ],
    [
      '{"type": "hist", "data": {"@l": [{"max": -1, "count": 1},{"min": 0, "max": 2, "count": 1},{"min": 9, "count": 2}]}}',
      [
        {
          name: '@l',
          type: 'lhist',
          buckets: [
            { max: -1, count: 1 },
            { min: 0, max: 2, count: 1 },
            { min: 9, count: 2 },
          ],
        },
      ],
    ],
    [
      '{"type": "stats", "data": {"@s": {"x": {"count": 3, "average": 3, "total": 9}}}}',
      [{ name: '@s', keys: ['x'], type: 'stats', count: 3, total: 9, average: 3 }],
    ],
    // No count is invented, and none is below 0 or inexact.
    [
      '{"type": "hist", "data": {"@h": {"x": [{"min": 2, "max": 3}]}}}',
      [{ name: '@h', keys: ['x'], type: 'hist', text: '[{"min":2,"max":3}]' }],
    ],
    [
      '{"type": "hist", "data": {"@l": [{"min": 0, "max": 2, "count": -1}]}}',
      [{ name: '@l', type: 'lhist', text: '[{"min":0,"max":2,"count":-1}]' }],
    ],
    [
      '{"type": "stats", "data": {"@s": {"x": {"count": 9007199254740993, "average": 3, "total": "9"}}}}',
      [{ name: '@s', keys: ['x'], type: 'stats', text: '{"count":9007199254740993,"average":3,"total":"9"}' }],
    ],
    ['{"type": "stats", "data": {"@a": 1706}}', [{ name: '@a', type: 'avg', value: 1706 }]],
    [
      '{"type": "tseries", "data": {"@q": [{"interval_start":2026-11-23T12:00:34.000000000,"value":5}]}}',
      [{ name: '@q', type: 'tseries', text: '2026-11-23T12:00:34.000000000', value: 5 }],
    ],
  ]

  it.each(read)('%s', (line, metrics) => {
    expect(
      readText(`${OLD_BANNER}${line}\n`, { program: fills })
        .events.slice(1)
        .map(({ metric }) => metric),
    ).toEqual(metrics)
  })

  it('from 0.24 on has lost the blanks in its keys, and says so', () => {
    const line = '{"type": "map", "data": {"@": {"twowords,SKB_DROP_REASON_NO_SOCKET": 1}}}\n'
    expect(readText(BANNER + line, { program: fills }).events[1]).toMatchObject({
      process: { comm: 'twowords' },
      drop: { reason: 'NO_SOCKET' },
      flags: ['key_altered'],
    })
    expect(readText(OLD_BANNER + line, { program: fills }).events[1]).not.toHaveProperty('flags')
  })
})

describe("a child's lines in JSON", () => {
  it('are foreign, also before a record in its line', () => {
    const text = `${BANNER}hello\ncurl: 3\n@[x]: 1\nlast words{"type": "printf", "data": "x: 3\\n"}\n`
    const { events } = readText(text, { program })
    expect(
      events.map(({ kind, stream, message }) => (kind === 'message' ? `${stream} ${message}` : kind)).slice(1),
    ).toEqual(['foreign hello', 'foreign curl: 3', 'foreign @[x]: 1', 'foreign last words', 'drop'])
  })

  it('that imitate JSON in text are foreign there', () => {
    const { drops, events } = readText('x: 3\n{"type": "printf", "data": "curl: 99\\n"}\n', { program })
    expect(drops).toHaveLength(1)
    expect(events[1]).toMatchObject({ stream: 'foreign' })
  })

  it('that break a record are rejected, and nothing but their line', () => {
    const { rejected, drops } = readText(
      `${BANNER}{"type": "printf", "data": "x: \n{"type": "printf", "data": "x: 3\\n"}\n`,
      { program },
    )
    expect(rejected).toEqual([{ word: 'malformed', bytes: '{"type": "printf", "data": "x: \n' }])
    expect(drops).toHaveLength(1)
  })

  it('a banner within text turns to JSON: two runs in one file', () => {
    const { drops } = readText(`Attaching 1 probe...\nx: 3\n${BANNER}{"type": "printf", "data": "y: 4\\n"}\n`, {
      program,
    })
    expect(drops.map(({ form }) => form)).toEqual(['text', 'json'])
  })
})
