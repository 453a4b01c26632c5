import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableJson, shellWord } from '../../src/text/printable.ts'

/** Characters that no terminal may get: controls of ASCII and Latin-1, and those that turn or hide text. */
const RAW = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

/** Text with many such characters in it. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        ' ',
        "'",
        '"',
        '\\',
        ';',
        '$',
        '\n',
        '\r',
        '\x1b[2J',
        '\x7f',
        '\x9b',
        '\u202e',
        '\u2066',
        '😀',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { minLength: 1 },
  )
  .map((pieces) => pieces.join(''))

describe('text of others, for people', () => {
  it.each([
    ['curl', 'curl'],
    ['a\x1b[2Jb', 'a\\x1b[2Jb'],
    ['a\nb\r\t', 'a\\x0ab\\x0d\\x09'],
    ['\u202eabc\u200b', '\\u{202e}abc\\u{200b}'],
    ['\x7f\x9b31m', '\\x7f\\x9b31m'],
    ['a\\x2d', 'a\\x2d'],
    ['caf\udce9', 'caf\\xe9'],
    ['Zürich 😀', 'Zürich 😀'],
  ])('cannot move a cursor: %j', (text, expected) => {
    expect(printable(text)).toBe(expected)
  })

  it('stays the same when it is made printable again', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(printable(text)).not.toMatch(RAW)
        expect(printable(printable(text))).toBe(printable(text))
      }),
    )
  })

  it('is the same value as JSON', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const json = printableJson({ [text]: [text] }, 2)
        expect(json.replaceAll('\n', '')).not.toMatch(RAW)
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })))
      }),
    )
  })
})

describe('a name', () => {
  it.each([
    ['captures/perf-1.txt', 'captures/perf-1.txt'],
    ['Zürich.txt', 'Zürich.txt'],
    ['my file.txt', "'my file.txt'"],
    ['a;touch X;.bz2', "'a;touch X;.bz2'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot)', "'$(reboot)'"],
    ['a\ntracenorm: 9 records', "$'a\\x0atracenorm: 9 records'"],
    ["\x1b]0;'\\", "$'\\x1b]0;\\'\\\\'"],
    ['\u202etxt.exe', "$'\\u202etxt.exe'"],
    ['caf\udce9.txt', "$'caf\\xe9.txt'"],
    ['', "''"],
  ])('is quoted when it is not a plain word: %j', (name, expected) => {
    expect(shellWord(name)).toBe(expected)
  })

  it('comes out of a shell as it went in', () => {
    const names = fc.sample(
      nasty.filter((name) => !/[\0\p{Cs}]/u.test(name)),
      { numRuns: 100, seed: 1 },
    )
    const script = names.map((name) => `printf '%s\\0' ${shellWord(name)}`).join('\n')
    const said = execFileSync('bash', [], { input: script, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    expect(said.toString('utf8').split('\0').slice(0, -1)).toEqual(names)
    for (const name of names) expect(shellWord(name)).not.toMatch(RAW)
  })
})
