// What of a program cannot be decoded is told, with its place.
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../../src/errors.ts'
import { readText } from '../reading.ts'

const GOOD = 'END { printf("end %d\\n", cpu); }'

const undecodable: readonly (readonly [why: string, clause: string, place: string, told: string])[] = [
  ['too few arguments', 't:skb:kfree_skb { printf("%s: %d\\n", comm); }', '1, column 19', 'printf: its arguments'],
  ['too many arguments', 't:skb:kfree_skb {\n  printf("x\\n", comm); }', '2, column 3', 'printf: its arguments'],
  ['a format that is handed in', 't:skb:kfree_skb { printf($1, comm); }', '1, column 19', 'printf: its format'],
  ['a format of no literal', 't:skb:kfree_skb { time(str(arg0)); }', '1, column 19', 'time: its format'],
  [
    'more ways than can be tried',
    `t:skb:kfree_skb { ${'if (cpu) { printf("a"); }'.repeat(12)} printf("\\n"); }`,
    '1, column 1',
    'too many ways',
  ],
]

describe('a program with a call that cannot be decoded', () => {
  it.each(undecodable)('that has %s says where', (_, clause, place, told) => {
    const { hints, undecoded } = readText('curl: 3\nend 2\n', { program: `${clause}\n${GOOD}` })
    expect(hints).toHaveLength(1)
    expect(hints[0]).toContain(`line ${place}: ${told}`)
    // Its lines may be that call's.
    expect(undecoded).toBe(1)
  })

  it.each(undecodable.slice(0, -1))('that has %s is refused where it prints nothing else', (_, clause, place) => {
    expect(() => readText('curl: 3\n', { program: clause })).toThrow(UsageError)
    expect(() => readText('curl: 3\n', { program: clause })).toThrow(`line ${place}: `)
  })
})

describe('a program without a probe', () => {
  it.each(['', ' \n', '// nothing', '#include <linux/skbuff.h>', 'config = { max_strlen=64 }'])(
    '%j is refused',
    (program) => {
      expect(() => readText('curl: 3\n', { program })).toThrow(UsageError)
    },
  )
})
