import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyEscapes } from '../../../../adapters/bpftrace/tool/key-escapes.ts'
import { type JsonValue, parseJson } from '../../../../src/text/json-value.ts'

function parsed(text: string): JsonValue | undefined {
  return parseJson(text, 0, text.length)
}

/** As plain JSON would be, numbers as numbers. */
function plain(value: JsonValue | undefined): unknown {
  switch (value?.kind) {
    case 'string':
      return Buffer.from(value.bytes, 'latin1').toString('utf8')
    case 'bare':
      return JSON.parse(value.text)
    case 'list':
      return value.items.map(plain)
    case 'object':
      return Object.fromEntries(
        value.members.map(([key, one]) => [Buffer.from(key, 'latin1').toString('utf8'), plain(one)]),
      )
    case undefined:
      return undefined
  }
}

/** What bpftrace would write: no keys twice, nothing that JSON.parse treats in a way of its own. */
const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))

describe('JSON as bpftrace writes it', () => {
  it('is what JSON.parse reads, where that can', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1), (value, indent) => {
        const text = Buffer.from(JSON.stringify(value, undefined, indent), 'utf8').toString('latin1')
        expect(plain(parsed(text))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('keeps every member, and all digits', () => {
    expect(parsed('{"f": 2, "f": 18446744071595913036}')).toEqual({
      kind: 'object',
      members: [
        ['f', { kind: 'bare', text: '2' }],
        ['f', { kind: 'bare', text: '18446744071595913036' }],
      ],
    })
  })

  const strings: readonly (readonly [text: string, bytes: string])[] = [
    ['"\\uffffffc3\\uffffffa9"', '\xc3\xa9'],
    ['"\\u0001\\u001b"', '\x01\x1b'],
    ['"\\n\\r\\t\\"\\\\\\/"', '\n\r\t"\\/'],
    ['"\\u00e9"', '\xc3\xa9'],
    // A backslash, and then letters.
    ['"\\\\uffffffc3"', '\\uffffffc3'],
    ['"\xc3\xa9"', '\xc3\xa9'],
  ]

  it.each(strings)('%s', (text, bytes) => {
    expect(parsed(text)).toEqual({ kind: 'string', bytes })
  })

  const bare: readonly (readonly [text: string, value: string])[] = [
    ['{"@ts": 12:34}', '12:34'],
    ['{"data": Connection refused}', 'Connection refused'],
    ['{"p": 0xffff88833a79b600}', '0xffff88833a79b600'],
    ['{"m": 02:1A:2B:00:00:0F}', '02:1A:2B:00:00:0F'],
  ]

  it.each(bare)('%s, which old versions failed to quote', (text, value) => {
    expect(parsed(text)).toMatchObject({ members: [[expect.any(String), { kind: 'bare', text: value }]] })
  })

  const none = [
    '',
    '{',
    '{"a"}',
    '{"a": }',
    '[1,',
    '[1 2]x',
    '"open',
    '{"a": 1} {',
    '"\\q"',
    '"\\u12"',
    '{a: 1}',
    'a"b',
  ]

  it.each(none)('%j is none', (text) => {
    expect(parsed(text)).toBeUndefined()
  })

  it('never fails, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0fa1 \n') }), (text) => {
        parsed(text)
      }),
    )
  })
})

describe('keys of maps', () => {
  it('of 0.22 and 0.23 are escaped twice', () => {
    const escapes = new KeyEscapes()
    expect(
      ['a', 'new\\nline', 'quote\\"s', '\\uffffffc3\\uffffffa9', 'back\\\\slash'].map((key) =>
        escapes.undo(key, false),
      ),
    ).toEqual(['a', 'new\nline', 'quote"s', '\xc3\xa9', 'back\\slash'])
  })

  it('of other versions are not, which one that could be no other tells', () => {
    for (const telling of ['quote"s', 'new\nline', '\xc3\xa9', 'back\\slash']) {
      const escapes = new KeyEscapes()
      expect(escapes.undo(telling, undefined)).toBe(telling)
      expect(escapes.undo('a\\nb', undefined)).toBe('a\\nb')
    }
  })

  it('of 0.24 and later are not', () => {
    expect(new KeyEscapes().undo('a\\nb', true)).toBe('a\\nb')
  })
})
