import { describe, expect, it } from 'vitest'
import { readString } from '../../../../adapters/bpftrace/program/string-literal.ts'

describe('a string of a program', () => {
  const read: readonly (readonly [source: string, value: string])[] = [
    ['"plain"', 'plain'],
    ['"a\\n\\t\\r\\"\\\\"', 'a\n\t\r"\\'],
    ['"\\x41BC"', 'ABC'],
    ['"\\X4g"', '\x04g'],
    ['"\\101\\7"', 'A\x07'],
    ['"\\033[31m"', '\x1b[31m'],
    ['"\\0"', '\0'],
    ['"// no /* comment */ {"', '// no /* comment */ {'],
    ['"caf\xc3\xa9"', 'caf\xc3\xa9'],
  ]

  it.each(read)('%s', (source, value) => {
    expect(readString(source, 0)).toEqual({ value, end: source.length, problem: undefined })
  })

  const refused: readonly (readonly [source: string, at: number, problem: string])[] = [
    ['"open', 5, 'unterminated string'],
    ['"two\nlines"', 4, 'unterminated string'],
    ['"\\a"', 1, 'invalid escape character'],
    ['"\\\'"', 1, 'invalid escape character'],
    ['"x\\777"', 2, 'invalid escape character'],
  ]

  it.each(refused)('%j is refused as bpftrace does', (source, at, problem) => {
    expect(readString(source, 0).problem).toEqual({ text: problem, at })
  })
})
