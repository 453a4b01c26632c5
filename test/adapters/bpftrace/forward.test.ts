// Whatever a program may print and whatever comes: the reader goes forward, and reads what comes in pieces as what
// comes at once.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readText } from './reading.ts'

const piece = fc.constantFrom(
  ...[
    '\n',
    '\n',
    '\n',
    ' ',
    '0',
    '12',
    '3',
    'ff',
    '0xff',
    'a',
    'curl',
    ': ',
    '%',
    '@',
    '@[a]: 1',
    '^C',
    '--',
    '\r\n',
    '\0',
    '\x1b[0m',
  ],
  ...[
    '        a+1\n',
    '        0x7f30523753a7\n',
    '\tffffffff81e42e50 a+1\n',
    'ffffffff81e42e50\n',
    '        0\n',
    ' 0\n',
    'a+1\n',
  ],
  ...[
    'Attaching 1 probe...\n',
    'Lost 3 events\n',
    '> ',
    '    ',
    'x 3\n',
    '# ',
    '(',
    ', ',
    ')',
    'SKB_DROP_REASON_NO_SOCKET',
  ],
)
const texts = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''))

const stacks = fc.constantFrom(
  'kstack',
  'ustack',
  'kstack(3)',
  'kstack(raw)',
  'ustack(raw)',
  'kstack(perf)',
  'ustack(perf, 3)',
)
const values = fc.oneof(
  stacks.map((argument) => ['%s', argument] as const),
  fc.constantFrom(
    ['%s', 'comm'] as const,
    ['%-16s', 'comm'] as const,
    ['%s', 'str(arg0)'] as const,
    ['%d', 'args->reason'] as const,
    ['%5d', 'cpu'] as const,
    ['%x', 'pid'] as const,
    ['%p', 'args->skbaddr'] as const,
    ['%c', 'arg1'] as const,
    ['%s', 'ksym(args->location)'] as const,
    ['%s', 'strftime("%H:%M:%S", nsecs)'] as const,
    ['%+05d', 'arg2'] as const,
    ['%r', 'buf(arg3, 4)'] as const,
  ),
)

function printfOf(arbitrary: fc.Arbitrary<readonly [string, string]>): fc.Arbitrary<string> {
  const literals = fc.constantFrom('', '', ' ', ': ', '\\n', '0', 'a', '--\\n', ', ', 'A', 'Lost ', '@')
  return fc
    .tuple(
      fc.array(fc.tuple(literals, arbitrary), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '\\n', '\\n', ' '),
    )
    .map(([parts, tail]) => {
      const format = parts.map(([literal, [conversion]]) => literal + conversion).join('') + tail
      return `printf("${format}", ${parts.map(([, [, argument]]) => argument).join(', ')})`
    })
}

const calls = fc.oneof(
  { weight: 4, arbitrary: printfOf(values) },
  values.map(([, argument]) => `print(${argument})`),
  fc.constant('if (pid) { printf("x %d\\n", cpu) }'),
  fc.constant('time("%H:%M:%S ")'),
  fc.constant('printf("")'),
)

function programOf(statements: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(statements, { minLength: 1, maxLength: 3 })
    .map((list) => `tracepoint:skb:kfree_skb { ${list.join('; ')}; }`)
}

const stackPrograms = programOf(
  fc.oneof(
    printfOf(stacks.map((argument) => ['%s', argument] as const)),
    stacks.map((argument) => `print(${argument})`),
  ),
)

describe('any text', () => {
  // `readText` throws where a claim is invalid.
  it('is read to its end where the program prints stacks alone', () => {
    fc.assert(
      fc.property(stackPrograms, fc.oneof(texts, fc.string({ maxLength: 40 })), (program, text) => {
        const { events, drops } = readText(text, { program })
        const told = drops.reduce((sum, { stack = [], args = {} }) => sum + stack.length + Object.keys(args).length, 0)
        expect(drops.length).toBeLessThanOrEqual(told + events.length)
      }),
      { numRuns: 400 },
    )
  })

  it.each(['@\n        0\n', 'a\n        0\n', '@\n        0'])('is read alike byte by byte: %j', (text) => {
    const program = 'tracepoint:skb:kfree_skb { printf("%s%s\\n", comm, kstack); }'
    expect(readText(text, { program, chunk: 1 })).toEqual(readText(text, { program }))
  })

  it('is read alike in any pieces', () => {
    fc.assert(
      fc.property(programOf(calls), texts, fc.integer({ min: 1, max: 30 }), (program, text, chunk) => {
        expect(readText(text, { program, chunk })).toEqual(readText(text, { program }))
      }),
      { numRuns: 400 },
    )
  })
})
