import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { propertiesOf } from '../../scripts/generate/schema.ts'
import type { MemberName } from '../../src/event/generated/types.ts'
import { memberValidators } from '../../src/event/generated/validators.ts'
import { FREE_TEXT_LEAVES, type Leaf, NUMBER_LEAVES, TEXT_LEAVES } from '../../src/event/leaf.ts'
import { type Json, Mould, type Part, seal, sealJson, tsPart } from '../../src/event/part.ts'
import { utf8 } from '../../src/text/utf8.ts'
import { leaves, memberSchema, memberSpecimen } from './leaves.ts'

const textFor = (key: string, value: unknown): string => `,"${key}":${JSON.stringify(value)}`

describe('a sealed part', () => {
  it('is the text and the value that it was made of', () => {
    const part = seal('process', { comm: 'grüße "\\\n', tid: 883 })
    expect(utf8(part.text)).toBe(',"process":{"comm":"grüße \\"\\\\\\n","tid":883}')
    expect(part.value()).toEqual({ comm: 'grüße "\\\n', tid: 883 })
    expect([part.get('tid'), part.get('pid'), part.get('constructor')]).toEqual([883, undefined, undefined])
    expect(part.notes).toBeUndefined()
  })

  it('has the key of its member, also where a section has two schemas', () => {
    expect(seal('drop_context', { reason: 'NO_SOCKET' }).text).toBe(',"drop":{"reason":"NO_SOCKET"}')
    expect(seal('cpu', 1).text).toBe(',"cpu":1')
    expect(seal('cpu', 1).get('x')).toBeUndefined()
    expect(seal('flags', ['truncated']).text).toBe(',"flags":["truncated"]')
  })

  it('notes its flags, and why the validator refused it', () => {
    expect(seal('payload', 'x', 'text_replaced').notes).toEqual({ flags: ['text_replaced'] })
    expect(seal('cpu', -1).notes?.fault).toMatch(/^cpu must be >= 0$/)
    expect(seal('drop', { count: 1, reason: 'no_socket' }).notes?.fault).toMatch(/^drop\/reason must match pattern/)
    expect(sealJson('drop', { reason: 'NO_SOCKET' }).notes?.fault).toMatch(/count/)
  })

  it.each<[MemberName, Json]>([
    ['cpu', 2 ** 53],
    ['cpu', 1.5],
    ['payload', ''],
    ['payload', 'a\0b'],
    ['args', { '1': 'x' }],
    ['skb', { addr: '0xFF' }],
    ['skb', { unheard_of: 1 }],
    ['location', null],
  ])('of %s has a fault when it is %j', (name, value) => {
    expect(sealJson(name, value).notes?.fault).toBeDefined()
  })
})

describe('a time', () => {
  it('is a part of 30 characters', () => {
    const part = tsPart('2023-02-23T18:03:36.370138884Z')
    expect([part.text, part.value(), part.get('x'), part.notes]).toEqual([
      ',"ts":"2023-02-23T18:03:36.370138884Z"',
      '2023-02-23T18:03:36.370138884Z',
      undefined,
      undefined,
    ])
    expect(tsPart('+12023-02-23T18:03:36.370138884Z').notes?.fault).toBeDefined()
    expect(tsPart('2023-02-23T18:03:36Z').notes?.fault).toBeDefined()
  })
})

describe('a mould', () => {
  const skb = new Mould('skb', { addr: '0x1', protocol: 2048, rx_sk: '0x1', len: 1 }, ['addr', 'rx_sk', 'len'])

  it('is filled in the order of its holes', () => {
    const part = skb.fill('0xffff88811f6a7068', '0x0', 60)
    const value = { addr: '0xffff88811f6a7068', protocol: 2048, rx_sk: '0x0', len: 60 }
    expect(part.text).toBe(textFor('skb', value))
    expect(part.value()).toEqual(value)
    expect(Object.keys(value).map((key) => part.get(key))).toEqual(Object.values(value))
    expect(part.get('orig_len')).toBeUndefined()
  })

  it('keeps nothing of the part before', () => {
    const first = skb.fill('0x1', '0x2', 3)
    skb.fill('0x4', '0x5', 6)
    expect(first.value()).toEqual({ addr: '0x1', protocol: 2048, rx_sk: '0x2', len: 3 })
  })

  it.each<[string, string | number, string | number, string | number]>([
    ['an address of 17 digits', '0x10000000000000000', '0x0', 60],
    ['an address that is empty', '', '0x0', 60],
    ['an address that is too long in the second hole', '0x1', '0x10000000000000000', 60],
    ['a length that is not a safe integer', '0x1', '0x0', 2 ** 53],
    ['a length below 0', '0x1', '0x0', -1],
    ['a length that is not an integer', '0x1', '0x0', 1.5],
    ['no length', '0x1', '0x0', Number.NaN],
    ['a length that is a text', '0x1', '0x0', '60'],
  ])('refuses %s', (_, addr, rxSk, len) => {
    expect(skb.fill(addr, rxSk, len).notes?.fault).toMatch(/^skb: a leaf \(addr, rx_sk, len\)/)
  })

  it('refuses a time of more than 20 digits', () => {
    const clock = new Mould('clock', { id: 'perf', ns: '0' }, ['ns'])
    expect(clock.fill('99999999999999999999').notes).toBeUndefined()
    expect(clock.fill('100000000000000000000').notes?.fault).toBeDefined()
  })

  it('notes its flags on every part', () => {
    const drop = new Mould('drop', { count: 1, trap: 'x\ufffd' }, ['count'], 'text_replaced')
    expect(drop.fill(7).notes).toEqual({ flags: ['text_replaced'] })
    expect(drop.fill(2 ** 53).notes?.fault).toBeDefined()
  })

  it('of a refused specimen makes parts with a fault', () => {
    const part = new Mould('skb', { addr: '0x1', protocol: 65536 }, ['addr']).fill('0x2')
    expect(part.notes?.fault).toMatch(/^skb\/protocol/)
  })

  it('has its holes in the order of its specimen', () => {
    expect(() => new Mould('skb', { addr: '0x1', len: 1 }, ['len', 'addr'])).toThrow('holes')
    expect(() => new Mould('skb', { addr: '0x1' }, ['len'])).toThrow('holes')
  })
})

describe('a part that is cast in a mould', () => {
  const thread = new Mould('process', { comm: 'a', tid: 1 }, ['comm', 'tid'])
  const inModule = new Mould('location', { symbol: 'f', offset: 1, module: 'm' }, ['symbol', 'offset', 'module'])
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ maxLength: 80 }),
    fc.stringMatching(/^[ -~]{0,66}$/),
  )
  const number = fc.oneof(fc.integer(), fc.maxSafeNat(), fc.constantFrom(2 ** 31, 2 ** 53, 1.5, Number.NaN))

  it('is the sealed part, or there is none', () => {
    fc.assert(
      fc.property(text, text, number, (name, module, count) => {
        expectSame(thread.cast(name, count), () => seal('process', { comm: name, tid: count }))
        expectSame(inModule.cast(name, count, module), () => seal('location', { symbol: name, offset: count, module }))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['nf sender', 'a', '~', '{}', ' ', "it's"])('is made of plain text: %s', (comm) => {
    expect(thread.cast(comm, 883)?.text).toBe(textFor('process', { comm, tid: 883 }))
  })

  it.each(['', 'a"b', 'a\\b', 'a\nb', 'a\x7f', 'a\0', 'grüße', 'gr\xc3\xbc', 'x'.repeat(65)])(
    'is not made of "%s"',
    (comm) => {
      expect(thread.cast(comm, 883)).toBeUndefined()
    },
  )

  it('is not made with a number beyond its range', () => {
    expect([-1, 2 ** 31, 0.5].map((tid) => thread.cast('curl', tid))).toEqual([undefined, undefined, undefined])
  })

  function expectSame(cast: Part | undefined, sealed: () => Part): void {
    if (cast === undefined) return
    const whole = sealed()
    expect([cast.text, cast.value(), cast.notes]).toEqual([whole.text, whole.value(), whole.notes])
    for (const key of ['comm', 'tid', 'pid', 'symbol', 'offset', 'module', 'constructor'])
      expect(cast.get(key)).toEqual(whole.get(key))
  }
})

// Every leaf that a mould may leave open, in every section that has it.
describe('a mould with one hole', () => {
  const HOLES = [TEXT_LEAVES, FREE_TEXT_LEAVES, NUMBER_LEAVES].flatMap((open) => Object.keys(open))
  const isHole = (name: string): name is Leaf => HOLES.includes(name)
  const open = leaves.flatMap((leaf) =>
    isHole(leaf.name) && (leaf.path === leaf.member || leaf.path === `${leaf.member}.${leaf.name}`)
      ? [{ ...leaf, hole: leaf.name }]
      : [],
  )

  /** Whole sections, without their types. */
  const mouldOf = (member: MemberName, specimen: never, hole: Leaf): Mould<MemberName> =>
    new Mould(member, specimen, [hole])
  // The validator judges these examples of the schema; their type does not matter.
  const specimenOf = (member: MemberName): never => memberSpecimen(member) as never

  it('is tried for every leaf', () => {
    expect(new Set(open.map(({ hole }) => hole))).toEqual(new Set(HOLES))
  })

  it.each(open)('gives no part without fault that the schema refuses: $path', ({ member, hole, schema, accepts }) => {
    const mould = mouldOf(member, specimenOf(member), hole)
    const odd = fc.oneof(
      fc.constantFrom(
        0,
        -1,
        1.5,
        2 ** 31,
        2 ** 32,
        Number.MAX_SAFE_INTEGER,
        2 ** 53,
        Number.NaN,
        Number.POSITIVE_INFINITY,
      ),
      fc.integer(),
    )
    // Texts come from scanners, so they fit the grammar of the leaf; a scanner does not promise their length.
    const pattern = new RegExp((schema.pattern ?? '').replace(/\{1,16\}|\{0,19\}/, '{1,30}'), 'u')
    const leaf = schema.type === 'string' ? fc.stringMatching(pattern) : odd
    fc.assert(
      fc.property(leaf, (value) => {
        const part = mould.fill(value)
        if (part.notes === undefined) expect(accepts(value), String(value)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each(open)('gives the JSON of its value: $path', ({ member, hole, path, schema }) => {
    const mould = mouldOf(member, specimenOf(member), hole)
    const leaf =
      schema.type === 'string'
        ? fc.stringMatching(new RegExp(schema.pattern ?? '', 'u'))
        : fc.integer({ min: 1, max: Math.min(schema.maximum ?? 0, 2 ** 31 - 1) })
    fc.assert(
      fc.property(leaf, (value) => {
        const part = mould.fill(value)
        if (hole in FREE_TEXT_LEAVES && part.notes !== undefined) return
        expectOneThing(part, member)
        expect(path === member ? part.value() : part.get(hole)).toBe(value)
        expect(memberValidators[member](part.value())).toBe(true)
      }),
    )
  })

  function expectOneThing(part: Part, member: MemberName): void {
    const value = part.value()
    expect(utf8(part.text)).toBe(textFor(member === 'drop_context' ? 'drop' : member, value))
    for (const [key] of propertiesOf(memberSchema(member))) {
      expect(part.get(key)).toEqual(Object.entries(Object(value)).find(([name]) => name === key)?.[1])
    }
  }
})
