import { describe, expect, it } from 'vitest'
import { adapter } from '../../../../adapters/bpftrace/adapter.ts'
import { readRow } from '../../../../adapters/bpftrace/text/histogram.ts'
import { type Event, readText } from '../reading.ts'

const K = 'tracepoint:skb:kfree_skb'

function metricsOf(text: string, program?: string): readonly Event['metric'][] {
  return readText(text, program === undefined ? {} : { program }).events.map(({ metric }) => metric)
}

it('a count that is not exact is none', () => {
  expect(
    readRow('[1]             9007199254740993 |@@@                                                 |'),
  ).toBeUndefined()
  expect(metricsOf('@s: count 9007199254740993, average 3, total 9\n')).toEqual([
    { name: '@s', type: 'value', text: 'count 9007199254740993, average 3, total 9' },
  ])
})

describe('an entry of a map', () => {
  const read: readonly (readonly [fill: string, text: string, event: Partial<Event>])[] = [
    ['@ = count()', '@: 18\n', { metric: { name: '@', type: 'count', value: 18 } }],
    [
      '@[comm] = count()',
      '@[two words]: 1\n',
      { process: { comm: 'two words' }, metric: { name: '@', keys: ['two words'], type: 'count', value: 1 } },
    ],
    [
      '@[comm, args->reason] = sum(1)',
      '@[a, b, 3]: 1\n',
      {
        process: { comm: 'a, b' },
        drop: { code: 3 },
        metric: { name: '@', keys: ['a, b', '3'], type: 'sum', value: 1 },
      },
    ],
    [
      '@[args.reason] = count()',
      '@[SKB_DROP_REASON_NO_SOCKET]: 6\n',
      {
        drop: { reason: 'NO_SOCKET', decoded_by: 'source' },
        metric: { name: '@', keys: ['SKB_DROP_REASON_NO_SOCKET'], type: 'count', value: 6 },
      },
    ],
    // A tuple that is the whole key loses its parentheses, a nested one keeps them.
    [
      '@t[(cpu, comm)] = count()',
      '@t[0, x]: 1\n',
      { cpu: 0, process: { comm: 'x' }, metric: { name: '@t', keys: ['0', 'x'], type: 'count', value: 1 } },
    ],
    [
      '@t[(cpu, pid), comm] = count()',
      '@t[(0, 7), x]: 1\n',
      {
        cpu: 0,
        process: { comm: 'x', pid: 7 },
        metric: { name: '@t', keys: ['(0, 7)', 'x'], type: 'count', value: 1 },
      },
    ],
    [
      '@l[ksym(args->location)] = count()',
      '@l[tcp_v4_rcv]: 2\n',
      { location: { symbol: 'tcp_v4_rcv' }, metric: { name: '@l', keys: ['tcp_v4_rcv'], type: 'count', value: 2 } },
    ],
    [
      '@s[comm] = stats(args->reason)',
      '@s[x]: count 3, average -3, total 9\n',
      { process: { comm: 'x' }, metric: { name: '@s', keys: ['x'], type: 'stats', count: 3, total: 9, average: -3 } },
    ],
    [
      '@s = stats(args->reason)',
      '@s: { .count = 3, .average = 3, .total = 9 }\n',
      { metric: { name: '@s', type: 'stats', count: 3, total: 9, average: 3 } },
    ],
    ['@last = comm', '@last: a: 1]: 2\n', { metric: { name: '@last', type: 'value', text: 'a: 1]: 2' } }],
    ['@last = comm', '@last: \n', { metric: { name: '@last', type: 'value', text: '' } }],
    [
      '@n = nsecs',
      '@n: 18446744073709551615\n',
      { metric: { name: '@n', type: 'value', value: 18446744073709552000, value_exact: '18446744073709551615' } },
    ],
    [
      '@r[comm] = args->reason',
      '@r[x]: SKB_DROP_REASON_NO_SOCKET\n',
      {
        process: { comm: 'x' },
        drop: { reason: 'NO_SOCKET', decoded_by: 'source' },
        metric: { name: '@r', keys: ['x'], type: 'value', text: 'SKB_DROP_REASON_NO_SOCKET' },
      },
    ],
    [
      '@r[comm] = args->reason',
      '@r[x]: 3\n',
      { process: { comm: 'x' }, drop: { code: 3 }, metric: { name: '@r', keys: ['x'], type: 'value', value: 3 } },
    ],
    [
      '@a["x\\ny", "q\\"]: 1"] = 1',
      '@a[x\ny, q"]: 1]: 1\n',
      { metric: { name: '@a', keys: ['x\ny', 'q"]: 1'], type: 'value', value: 1 } },
    ],
    [
      '@k[kstack(2), comm] = count()',
      '@k[\n    a+1\n    b+2\n, x]: 3\n',
      {
        process: { comm: 'x' },
        stack: [
          { symbol: 'a', offset: 1 },
          { symbol: 'b', offset: 2 },
        ],
        metric: { name: '@k', keys: ['\n    a+1\n    b+2\n', 'x'], type: 'count', value: 3 },
      },
    ],
    [
      '@k = kstack(2)',
      '@k: \n        a+1\n        b+2\n',
      {
        stack: [
          { symbol: 'a', offset: 1 },
          { symbol: 'b', offset: 2 },
        ],
        metric: { name: '@k', type: 'value', text: '        a+1\n        b+2' },
      },
    ],
    [
      '@[comm] = count()',
      '@[]: 1\n',
      { process: { comm: '' }, metric: { name: '@', keys: [''], type: 'count', value: 1 } },
    ],
    ['@[comm]++', '@[x]: 4\n', { process: { comm: 'x' }, metric: { name: '@', keys: ['x'], type: 'value', value: 4 } }],
  ]

  it.each(read)('of %s: %j', (fill, text, event) => {
    const { events, rejected } = readText(text, { program: `${K} { ${fill}; }` })
    expect(rejected).toEqual([])
    expect(events).toEqual([{ kind: 'metric', form: 'text', event_name: 'skb:kfree_skb', ...event }])
  })

  it('runs together with the next where old versions wrote no line end', () => {
    const program = `${K} { @a[pid] = ksym(args->location) }`
    expect(metricsOf('@a[1]: sk_skb_reason_drop@a[2]: __udp4_lib_rcv\n', program)).toEqual([
      { name: '@a', keys: ['1'], type: 'value', text: 'sk_skb_reason_drop' },
      { name: '@a', keys: ['2'], type: 'value', text: '__udp4_lib_rcv' },
    ])
  })

  it('with a key that can be taken apart in two ways keeps it whole', () => {
    const program = `${K} { @[comm, str(arg0)] = count() }`
    expect(metricsOf('@[a, b, c]: 1\n', program)).toEqual([{ name: '@', keys: ['a, b, c'], type: 'count', value: 1 }])
  })

  it('of a map that the program has not is none', () => {
    expect(readText('@other[x]: 3\n', { program: `${K} { @[comm] = count() }` }).events).toMatchObject([
      { kind: 'message', stream: 'foreign' },
    ])
  })

  it('is known without a program by its shape', () => {
    expect(metricsOf('@[x, 3]: 1\n@s: count 1, average 2, total 2\n@[a\nb]: 4\n')).toEqual([
      { name: '@', keys: ['x, 3'], type: 'value', value: 1 },
      { name: '@s', type: 'stats', count: 1, total: 2, average: 2 },
      { name: '@', keys: ['a\nb'], type: 'value', value: 4 },
    ])
  })

  it('that ends as none is rejected, and nothing but its line', () => {
    const { events, rejected } = readText('@[1: 3\n@[2]: 4\n', { program: `${K} { @[pid] = count() }` })
    expect(rejected).toEqual([{ word: 'malformed', bytes: '@[1: 3\n' }])
    expect(events).toHaveLength(1)
  })

  it('filled by several clauses is of no event', () => {
    const program = `${K} { @[comm] = count() } tracepoint:skb:consume_skb { @[comm] = count() }`
    expect(readText('@[x]: 1\n', { program }).events[0]).toMatchObject({ process: { comm: 'x' } })
    expect(readText('@[x]: 1\n', { program }).events[0]).not.toHaveProperty('event_name')
  })

  it('in the last line without an end may go on', () => {
    const { events } = readText('@[x]: 12', { program: `${K} { @[comm] = count() }` })
    expect(events).toMatchObject([{ kind: 'metric', metric: { name: '@', keys: ['x'] }, flags: ['incomplete'] }])
    expect(events[0]?.metric).not.toHaveProperty('value')
  })
})

describe('a histogram', () => {
  const bar = '@'.repeat(52)
  const blank = ' '.repeat(52)
  const text = `@h[x]:\n[0]                    2 |${bar}|\n[1]                    0 |${blank}|\n[2, 4)                 1 |@@@@                                                |\n\n@: 3\n`

  it('is one record, with both bounds inside', () => {
    const program = `${K} { @h[comm] = hist(args->reason); @ = count() }`
    expect(metricsOf(text, program)).toEqual([
      {
        name: '@h',
        keys: ['x'],
        type: 'hist',
        buckets: [
          { min: 0, max: 0, count: 2 },
          { min: 1, max: 1, count: 0 },
          { min: 2, max: 3, count: 1 },
        ],
      },
      { name: '@', type: 'count', value: 3 },
    ])
  })

  it('is read alike in any pieces, and as versions to 0.22 print its head', () => {
    const old = text.replace(']:', ']: ')
    for (const one of [text, old]) {
      const whole = readText(one)
      for (let chunk = 1; chunk < 60; chunk += 3) expect(readText(one, { chunk })).toEqual(whole)
    }
  })

  it('of equal steps is known without the program', () => {
    const linear = `@l:\n[0, 10)                2 |${bar}|\n[10, 20)               2 |${bar}|\n[20, ...)              2 |${bar}|\n`
    expect(metricsOf(linear)).toEqual([
      {
        name: '@l',
        type: 'lhist',
        buckets: [
          { min: 0, max: 9, count: 2 },
          { min: 10, max: 19, count: 2 },
          { min: 20, count: 2 },
        ],
      },
    ])
  })

  const buckets: readonly (readonly [label: string, bucket: unknown])[] = [
    ['(..., 0)', { max: -1, count: 7 }],
    ['[0]', { min: 0, max: 0, count: 7 }],
    ['[512, 1K)', { min: 512, max: 1023, count: 7 }],
    ['[512K, 1M)', { min: 524288, max: 1048575, count: 7 }],
    ['[2G, 4G)', { min: 2147483648, max: 4294967295, count: 7 }],
    ['[-10, -5)', { min: -10, max: -6, count: 7 }],
    ['[20, ...)', { min: 20, count: 7 }],
    // As bpftrace of 2018 prints them.
    ['[0, 1]', { min: 0, max: 1, count: 7 }],
    ['(...,0]', { max: 0, count: 7 }],
    ['[512, 1k)', { min: 512, max: 1023, count: 7 }],
    ['[1k, 2k)', { min: 1024, max: 2047, count: 7 }],
    ['[1m, 2m)', { min: 1048576, max: 2097151, count: 7 }],
  ]

  it.each(buckets)('has a bucket %s', (label, bucket) => {
    expect(readRow(`${label.padEnd(16)}       7 |${bar}|`)?.bucket).toEqual(bucket)
  })
})

describe('a map whose key is a stack', () => {
  const stacks: readonly (readonly [how: string, text: string, key: string])[] = [
    ['as it is printed', '@[\n    a+1\n    b+2\n]: 25\n', '\n    a+1\n    b+2\n'],
    [
      'of mode perf',
      '@[\n\tffffffff81e93250 a+1\n\tffffffff8212cf0c b+2\n]: 25\n',
      '\n\tffffffff81e93250 a+1\n\tffffffff8212cf0c b+2\n',
    ],
    ['of a terminal', '@[\r\n    a+1\r\n    b+2\r\n]: 25\r\n', '\n    a+1\n    b+2\n'],
    ['behind a number', '@[3, \n    a+1\n    b+2\n]: 25\n', '3, \n    a+1\n    b+2\n'],
  ]

  it.each(stacks)('%s is found by content, and read without the program', (_, text, key) => {
    expect(adapter.detect(text)).toMatchObject({ format: 'text', score: 70 })
    const { events } = readText(text)
    expect(events).toMatchObject([{ kind: 'metric', metric: { name: '@', keys: [key], value: 25 } }])
    if (key.startsWith('\n'))
      expect(events[0]?.stack).toMatchObject([
        { symbol: 'a', offset: 1 },
        { symbol: 'b', offset: 2 },
      ])
  })
})

describe('a histogram that breaks', () => {
  const row = (label: string, count = 7): string =>
    `${label.padEnd(16)}${String(count).padStart(8)} |${'@'.repeat(52)}|\n`
  const program = `${K} { @h = hist(args->reason); @ = count() }`

  it.each(['...', '  ...', '[...]', '\xe2\x80\xa6'])(
    'where an author left rows out goes on behind it, incomplete: %s',
    (gap) => {
      const row = (label: string): string => `${label.padEnd(16)}       9 |@@@@${' '.repeat(48)}|\n`
      const text = `@h:\n${row('[1]')}${gap}\n${row('[1K, 2K)')}\n`
      const buckets = [
        { min: 1, max: 1, count: 9 },
        { min: 1024, max: 2047, count: 9 },
      ]
      for (const { events } of [readText(text), readText(text, { program })])
        expect(events).toMatchObject([{ metric: { type: 'hist', buckets }, flags: ['incomplete'] }])
    },
  )

  it('of 2018 with a closed first row is none of equal steps', () => {
    const text = `@h:\n${row('[0, 1]')}${row('[2, 4)')}${row('[4, 8)')}\n`
    expect(readText(text).events).toMatchObject([{ metric: { type: 'hist', buckets: [{ min: 0, max: 1 }, {}, {}] } }])
    expect(readText(text).events[0]).not.toHaveProperty('flags')
  })

  const broken: readonly (readonly [why: string, lines: readonly string[], rejected: readonly number[]])[] = [
    ['a row that is cut', [row('[1]'), '[2, 4)                 3 |@@@\n', row('[4, 8)'), '\n'], [1]],
    ['a row whose count is none', [row('[1]'), row('[2, 4)').replace('7', 'x'), '\n'], [1]],
    ['two such rows', [row('[1]'), row('[2, 4)').replace('7', 'x'), row('[4; 8)'), row('[8, 16)'), '\n'], [1, 2]],
    ['its first row', [row('[1]').replace('7', 'x'), row('[2, 4)'), '\n'], [0]],
    ['a row that is missing', [row('[1]'), row('[4, 8)'), '\n'], []],
    ['the end of the input', [row('[1]'), row('[2, 4)')], []],
  ]

  it.each(broken)('by %s is incomplete, and nothing of it is lost', (_, lines, bad) => {
    for (const given of [undefined, program]) {
      const text = `@h:\n${lines.join('')}`
      const { events, rejected } = readText(text, given === undefined ? {} : { program: given })
      expect(rejected).toEqual(bad.map((index) => ({ word: 'malformed', bytes: lines[index] })))
      expect(events).toMatchObject([{ kind: 'metric', metric: { name: '@h' }, flags: ['incomplete'] }])
      const good = lines.filter((line, index) => line !== '\n' && !bad.includes(index))
      expect(events[0]?.metric?.buckets).toHaveLength(good.length)
    }
  })

  it('is whole before whatever follows its empty line', () => {
    const { events } = readText(`@h:\n${row('[1]')}\n@: 3\n`, { program })
    expect(events.map(({ flags }) => flags)).toEqual([undefined, undefined])
  })

  it('keeps a note behind a row', () => {
    const text = `@h:\n${row('[1]')}${row('[2, 4)').replace('\n', '   <-- slow\n')}\n`
    expect(readText(text).events).toMatchObject([{ payload: '<-- slow', flags: ['reformatted'] }])
  })

  it('without its head is rejected row by row', () => {
    const lines = [row('[1]'), row('[2, 4)')]
    expect(readText(`${lines.join('')}@: 3\n`, { program }).rejected.map(({ bytes }) => bytes)).toEqual(lines)
  })
})

describe('an entry that fits two readings', () => {
  const doubtful: readonly (readonly [line: string, program: string | undefined])[] = [
    ['@a[1]: 5 | @b[1]: 7\n', undefined],
    ['@a[1]: 5 | @b[1]: 7\n', `${K} { @a[comm] = count(); @b[comm] = count() }`],
    ['@a[x]: 1 [y]: 2\n', undefined],
    ['@r[51]: 6 # as [x]: 3\n', undefined],
    ['@m[x]: a ]: 5\n', `${K} { @m[comm] = str(arg0) }`],
  ]

  it.each(doubtful)('%j (%s) is ambiguous', (line, program) => {
    const { events, ambiguous } = readText(line, program === undefined ? {} : { program })
    expect(ambiguous).toBe(1)
    expect(events).toMatchObject([{ kind: 'message', message: line.trimEnd() }])
  })

  it('is not, where the program says what its key is', () => {
    const program = `${K} { @a[pid] = count() }`
    expect(readText('@a[1]: 5 | @b[1]: 7\n', { program }).rejected).toHaveLength(1)
    expect(metricsOf('@m[1]: a ]: 5\n', `${K} { @m[pid] = str(arg0) }`)).toMatchObject([
      { keys: ['1'], text: 'a ]: 5' },
    ])
  })

  it('is not the entry before, whose line was cut', () => {
    const program = `${K} { @a[comm] = count(); @b[pid] = count() }`
    const { events, rejected } = readText('@a[x\n@b[1]: 5\n', { program })
    expect(rejected.map(({ bytes }) => bytes)).toEqual(['@a[x\n'])
    expect(events).toMatchObject([{ metric: { name: '@b', keys: ['1'], value: 5 } }])
  })
})

describe('a note behind a line', () => {
  const notes = ['# note', '<-- here', '<<<<', '(1)', '// why', '<cut..stack trace..>']
  const programs: readonly (readonly [line: string, program: string | undefined, record: Partial<Event>])[] = [
    ['@r[51]: 6', undefined, { metric: { name: '@r', keys: ['51'], type: 'value', value: 6 } }],
    ['@r[51]: 6', `${K} { @r[pid] = count() }`, { metric: { name: '@r', keys: ['51'], type: 'count', value: 6 } }],
    [
      '@s: count 3, average 3, total 9',
      undefined,
      { metric: { name: '@s', type: 'stats', count: 3, average: 3, total: 9 } },
    ],
    [
      'curl: 3',
      `${K} { printf("%s: %d\\n", comm, args->reason) }`,
      { process: { comm: 'curl' }, drop: { count: 1, code: 3, origin: 'software' } },
    ],
    [
      '> curl: 3',
      `${K} { printf("%s: %d\\n", comm, args->reason) }`,
      { process: { comm: 'curl' }, drop: { count: 1, code: 3, origin: 'software' } },
    ],
  ]

  it.each(programs)('%s (%s) is kept with its record', (line, program, record) => {
    for (const note of notes) {
      const { events, rejected } = readText(`${line}    ${note}\n`, program === undefined ? {} : { program })
      expect(rejected).toEqual([])
      expect(events).toEqual([expect.objectContaining({ ...record, payload: note, flags: ['reformatted'] })])
    }
  })

  it('is part of a value that may be any text', () => {
    expect(metricsOf('@last: 6    # note\n', `${K} { @last = comm }`)).toEqual([
      { name: '@last', type: 'value', text: '6    # note' },
    ])
  })

  it('is none without a mark: somebody else may have written the line', () => {
    const { drops } = readText('curl: 3 more\n', { program: `${K} { printf("%s: %d\\n", comm, args->reason) }` })
    expect(drops).toEqual([])
  })
})

describe('a series', () => {
  it('gives its intervals', () => {
    const graph = (mark: number): string => `|${'.'.repeat(mark)}*${'.'.repeat(50 - mark)}|`
    const text = `@t:\n             0                                                 9\nhh:mm:ss     |${'_'.repeat(51)}|\n12:01:02 ${graph(3)} 3\n12:01:03 ${graph(0)} -\n             v${'_'.repeat(51)}v\n             0                                                 9\n\n`
    const program = `${K} { @t = tseries(args->reason, "1s", 2) }`
    expect(metricsOf(text, program)).toEqual([
      { name: '@t', type: 'tseries', text: '12:01:02', value: 3 },
      { name: '@t', type: 'tseries', text: '12:01:03' },
    ])
  })
})
