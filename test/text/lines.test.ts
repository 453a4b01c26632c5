import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { contentOf, Lines, lineAt } from '../../src/text/lines.ts'

/** All lines of a window, and where the walk ended. */
function walk(text: string, last: boolean): { contents: string[]; end: number } {
  const line = new Lines(text, last)
  const contents: string[] = []
  while (line.moveTo(line.next)) contents.push(contentOf(line))
  return { contents, end: line.next }
}

describe('the lines of a window', () => {
  it.each([
    ['LF', 'a\nb\n', ['a', 'b']],
    ['CR LF', 'a\r\nb\r\n', ['a', 'b']],
    ['an empty line, of either kind', '\n\r\na\n', ['', '', 'a']],
    ['a CR that is data', 'a\rb\r\r\n', ['a\rb\r']],
    ['the end of the input within a line', 'a\nb', ['a', 'b']],
    ['the end of the input within CR LF', 'a\nb\r', ['a', 'b']],
    ['nothing', '', []],
  ])('%s', (_, text, contents) => {
    expect(walk(text, true)).toEqual({ contents, end: text.length })
  })

  it('a line without an end waits for more', () => {
    expect(walk('a\nb', false)).toEqual({ contents: ['a'], end: 2 })
    expect(lineAt('a\nb', 2, false)).toBe('pause')
    expect(lineAt('a\nb', 3, false)).toBe('pause')
  })

  it('at the end of the input there is no line, and a line without an end is cut', () => {
    expect(lineAt('a\nb', 2, true)).toMatchObject({ start: 2, contentEnd: 3, next: 3, isCut: true })
    expect(lineAt('a\nb', 3, true)).toBeUndefined()
    expect(lineAt('a\n', 0, true)).toMatchObject({ start: 0, contentEnd: 1, next: 2, isCut: false })
  })

  test.prop([fc.string({ unit: fc.constantFrom('a', '\r', '\n'), maxLength: 30 }), fc.nat(30)])(
    'a line is the same wherever a window ends behind it',
    (text, cut) => {
      const whole = walk(text, true).contents
      const { contents, end } = walk(text.slice(0, cut), false)
      expect([...contents, ...walk(text.slice(end), true).contents]).toEqual(whole)
    },
  )
})
