import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { refill } from '../../../src/stages/where/budget.ts'
import { compilePattern, PatternFault } from '../../../src/stages/where/pattern.ts'

// An evaluation begins so; a test of another file may have spent the budget.
beforeEach(refill)

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern)
  if (compiled instanceof PatternFault) throw new Error(`${compiled.at}: ${compiled.why}`)
  refill()
  return compiled.test(text)
}

describe('a pattern', () => {
  it.each([
    ['tcp_v\\d_rcv', 'x tcp_v4_rcv x', true],
    ['^tcp$', 'tcp\n', false],
    ['(?m)^tcp$', 'a\ntcp\nb', true],
    ['(?m)^tcp$', 'a\rtcp', false],
    ['a.b', 'a\nb', false],
    ['a.b', 'a\rb', true],
    ['(?s)a.b', 'a\nb', true],
    ['(?i)zürich', 'ZÜRICH', true],
    ['[[:alpha:]_]+$', 'nf_', true],
    ['^[^[:digit:]]+$', 'a1', false],
    ['^\\s$', '\u00a0', false],
    ['^\\s$', '\t', true],
    ['^[\\d.]+$', '10.0.0.1', true],
    ['^[]-]+$', '-]', true],
    ['^[\\w-]+$', 'a-b', true],
    ['^[&&--~~]+$', '&~', true],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\Afoo\\z', 'foo', true],
    ['(?P<name>a)(?:b)(?<other>c)', 'abc', true],
    ['a{2,3}?$', 'aa', true],
    ['a{,2}', 'a{,2}', true],
    ['{', '{', true],
    ['^.$', '😀', true],
    ['\\x41\\x{1F600}', 'A😀', true],
    ['^(ab|cd)+$', 'abcdab', true],
    ['^(?:[0-9]{3}-)?x$', '123-x', true],
    ['', 'anything', true],
    ['a||b', '', true],
    ['^(a|ab)*$', 'aabab', true],
    ['^(a|ab|)+c$', 'aababb', false],
    ['^(\\b|a)*$', 'aa', true],
    ['(?i)^[a-f]{4}$', 'AbFd', true],
    ['(?i)\\W', 'kK_', false],
    ['^a{3}$', 'aaaa', false],
    ['^a{0}$', '', true],
    ['\\Bb\\B', 'abc', true],
    ['\\b😀', '😀', false],
    ['^.{2}$', '\ud83d\ud83d', true],
  ])('%j of %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected)
  })

  it.each([
    ['(a+)+', 4, 'nested quantifiers'],
    ['(a*)*', 4, 'nested quantifiers'],
    ['((a?)b){2}', 7, 'nested quantifiers'],
    ['a**', 2, 'nested quantifiers'],
    ['a{2}{3}', 4, 'nested quantifiers'],
    ['a+?+', 3, 'nested quantifiers'],
    ['(a)\\1', 3, 'back-references'],
    ['(?=a)', 0, 'groups'],
    ['(?<!a)', 0, 'groups'],
    ['(?i:a)', 0, 'groups'],
    ['(?x)a', 2, 'flags'],
    ['\\pL', 0, 'escape'],
    ['\\Qa\\E', 0, 'escape'],
    ['\\', 0, 'escape'],
    ['[z-a]', 2, 'upwards'],
    ['[a', 0, '"["'],
    ['(a', 0, '"("'],
    ['a)', 1, '")"'],
    ['+a', 0, 'repeat'],
    ['a|*', 2, 'repeat'],
    ['a{1001}', 1, 'repeat count'],
    ['a{3,2}', 1, 'repeat count'],
    ['[[:letter:]]', 1, 'class'],
    ['[[:constructor:]]', 1, 'class'],
    ['a'.repeat(1001), 1000, 'characters'],
    ['(abcdef){1000}', 0, 'too large'],
  ])('is refused at its place: %s', (pattern, at, why) => {
    const refused = compilePattern(pattern)
    if (!(refused instanceof PatternFault)) throw new Error(`${pattern} was taken`)
    expect(refused.at).toBe(at)
    expect(refused.why).toContain(why)
  })

  it('of plain characters means itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 10 }), (text) => {
        const escaped = text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
        expect(matches(`\\A${escaped}\\z`, text)).toBe(true)
        expect(matches(`\\A${escaped}\\z`, `${text}x`)).toBe(false)
      }),
    )
  })

  it('is accepted or refused, and compiles when it is accepted', () => {
    const bits = [
      'a',
      'b',
      '(',
      ')',
      '[',
      ']',
      '|',
      '*',
      '+',
      '?',
      '{2}',
      '{1,',
      '\\',
      '\\d',
      '^',
      '$',
      '.',
      '-',
      '(?:',
      '(?i)',
      '[^',
      ':',
      '😀',
      '\\b',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 9 }), (some) => {
        const compiled = compilePattern(some.join(''))
        if (!(compiled instanceof PatternFault)) expect(typeof compiled.test('aab')).toBe('boolean')
        else expect(compiled.at).toBeLessThanOrEqual(some.join('').length)
      }),
      { numRuns: 3000 },
    )
  })

  it('that is accepted agrees with JavaScript where both mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '\\d', '(?:ab)', '(?:a|b)', '^', '$', '\\b')
    const piece = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '*?'))
      .map(([one, times]) => `${one}${/[\^$b]$/.test(one) && one !== 'b' ? '' : times}`)
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 }),
        (pieces, text) => {
          const pattern = pieces.join('')
          expect(matches(pattern, text)).toBe(new RegExp(pattern, 'u').test(text))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a.*a.*b', 'a'],
    ['.*.*.*.*x', 'a'],
    ['[ab]+c*[ab]+c*[ab]+d', 'ab'],
    ['(a|ab|b)*(a|ab)*c', 'ab'],
    [`${'a?'.repeat(200)}${'a'.repeat(200)}b`, 'a'],
    [`${'(a|a)'.repeat(190)}b`, 'a'],
    ['a{0,1000}a{0,1000}b', 'a'],
    ['(?i)z.{1,900}ü.{1,900}b', 'zü'],
  ])('ends on texts that make others backtrack: %s', (pattern, piece) => {
    expect(matches(pattern, piece.repeat(4096))).toBe(false)
  })

  it('forgets, and finds the same after', () => {
    const compiled = compilePattern('(\\w)\\w{0,9}-(.){3}[^x]{2,9}=')
    if (compiled instanceof PatternFault) throw new Error(compiled.why)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 5, maxLength: 60 }), fc.boolean(), (text, isIn) => {
        expect(compiled.test(isIn ? `${text} ab-123yy=${text}` : text)).toBe(
          isIn || /\w\w{0,9}-.{3}[^x]{2,9}=/u.test(text),
        )
      }),
      { numRuns: 2000 },
    )
  })
})
