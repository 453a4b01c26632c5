import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blanksEnd,
  digitsEnd,
  hexEnd,
  hexInt,
  isDigit,
  isHex,
  isWord,
  pointer,
  secondsToNs,
  uint,
} from '../../src/text/scan.ts'
import { type Leaf, leaves } from '../event/leaves.ts'

type Scanner = (text: string, start: number, end: number) => string | number | undefined

const whole = <T>(scan: (text: string, start: number, end: number) => T, text: string): T => scan(text, 0, text.length)

describe('uint', () => {
  it.each([
    ['0', 0],
    ['883', 883],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['99999999999999999999', undefined],
    ['00000000000000001', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    [' 1', undefined],
    ['12x', undefined],
    ['\u00b2', undefined],
  ])('of %j is %j', (text, value) => {
    expect(whole(uint, text)).toBe(value)
  })
})

describe('hexInt', () => {
  it.each([
    ['157', 0x157],
    ['0', 0],
    ['fF', 255],
    ['1fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['20000000000000', undefined],
    ['00000000000000001', undefined],
    ['', undefined],
    ['0x1', undefined],
    ['12g', undefined],
    ['-1', undefined],
  ])('of %j is %j', (text, value) => {
    expect(whole(hexInt, text)).toBe(value)
  })
})

describe('pointer', () => {
  it.each([
    ['0xffff88811f6a7068', '0xffff88811f6a7068'],
    ['ffff88811f6a7068', '0xffff88811f6a7068'],
    ['0xFFFF88811F6A7068', '0xffff88811f6a7068'],
    ['0XFF', '0xff'],
    ['0x00000000ad21f352', '0xad21f352'],
    ['0', '0x0'],
    ['0x0', '0x0'],
    ['0000000000000000', '0x0'],
    ['0x0000000000000000', '0x0'],
    ['(nil)', '0x0'],
    ['12', '0x12'],
    ['0x', undefined],
    ['', undefined],
    ['(nil', undefined],
    ['(nil) ', undefined],
    ['(null)', undefined],
    ['0x10000000000000000', undefined],
    ['00000000000000001', undefined],
    ['0xffff88811f6a7068x', undefined],
    ['-1', undefined],
    [' 1', undefined],
  ])('of %j is %j', (text, value) => {
    expect(whole(pointer, text)).toBe(value)
  })
})

describe('secondsToNs', () => {
  it.each([
    ['340.799805', '340799805000'],
    ['340.799805123', '340799805123'],
    ['0.000000', '0'],
    ['0.000000000', '0'],
    ['0.000001', '1000'],
    ['0.000000001', '1'],
    ['0.100000', '100000000'],
    ['00.100000', '100000000'],
    ['0007.000000', '7000000000'],
    ['10.000000', '10000000000'],
    ['9999999999.999999999', '9999999999999999999'],
    ['10000000000.000000', undefined],
    ['340.7998', undefined],
    ['340.79980512', undefined],
    ['340', undefined],
    ['.799805', undefined],
    ['-1.000000', undefined],
    ['1,000000', undefined],
    ['1.00000 ', undefined],
    ['1.00000x', undefined],
    ['', undefined],
  ])('of %j is %j', (text, value) => {
    expect(whole(secondsToNs, text)).toBe(value)
  })

  it('is the number of nanoseconds, whatever the seconds', () => {
    const seconds = fc.nat({ max: 9_999_999_999 })
    fc.assert(
      fc.property(seconds, fc.nat({ max: 999_999_999 }), fc.boolean(), (whole, fraction, nine) => {
        const digits = String(fraction)
          .padStart(9, '0')
          .slice(0, nine ? 9 : 6)
        const text = `${whole}.${digits}`
        expect(secondsToNs(text, 0, text.length)).toBe(
          String(BigInt(whole) * 1_000_000_000n + BigInt(digits.padEnd(9, '0'))),
        )
      }),
    )
  })
})

describe('classes of bytes', () => {
  const bytes = Array.from({ length: 256 }, (_, code) => code)
  it.each<[string, (code: number) => boolean, RegExp]>([
    ['isDigit', isDigit, /[0-9]/],
    ['isHex', isHex, /[0-9a-fA-F]/],
    ['isWord', isWord, /[0-9A-Za-z_]/],
  ])('%s is what its regular expression says', (_, is, pattern) => {
    expect(bytes.filter(is)).toEqual(bytes.filter((code) => pattern.test(String.fromCharCode(code))))
  })

  it.each<[string, (text: string, start: number) => number, string, number]>([
    ['digitsEnd', digitsEnd, 'a123b', 4],
    ['digitsEnd', digitsEnd, 'abc', 1],
    ['digitsEnd', digitsEnd, 'a12', 3],
    ['hexEnd', hexEnd, 'x12aFg', 5],
    ['blanksEnd', blanksEnd, 'a  \tb', 3],
    ['blanksEnd', blanksEnd, 'a', 1],
  ])('%s stops at the first other byte, or at the end of the text', (_, end, text, stop) => {
    expect(end(text, 1)).toBe(stop)
  })
})

// Leaves that fill a mould are not validated again, so the schema must accept all that a scanner gives.
describe('a scanner accepts a subset of the schema of its leaf', () => {
  const isNatural = ({ schema }: Leaf): boolean =>
    schema.type === 'integer' && schema.minimum === 0 && schema.maximum === Number.MAX_SAFE_INTEGER
  const SCANNERS: readonly { scan: Scanner; name: string; of: (leaf: Leaf) => boolean }[] = [
    {
      name: 'pointer',
      scan: pointer,
      of: ({ schema }) => schema.type === 'string' && /^\^0x/.test(schema.pattern ?? ''),
    },
    { name: 'secondsToNs', scan: secondsToNs, of: ({ path }) => path === 'clock.ns' },
    { name: 'uint', scan: uint, of: isNatural },
    { name: 'hexInt', scan: hexInt, of: isNatural },
  ]
  const pairs = SCANNERS.flatMap(({ name, scan, of }) =>
    leaves.filter(of).map((leaf) => ({ name, scan, leaf, path: leaf.path })),
  )

  it('and every scanner has its leaves in the schema', () => {
    const paths = (name: string): readonly string[] =>
      pairs.filter((pair) => pair.name === name).map(({ path }) => path)
    expect(paths('pointer')).toEqual(
      expect.arrayContaining(['skb.addr', 'skb.rx_sk', 'location.address', 'stack[].address']),
    )
    expect(paths('secondsToNs')).toEqual(['clock.ns'])
    expect(paths('uint')).toEqual(expect.arrayContaining(['skb.len', 'skb.orig_len', 'drop.count', 'loss.count']))
    expect(paths('hexInt')).toEqual(expect.arrayContaining(['location.offset', 'location.size']))
  })

  it.each(pairs)('$name, for $path', ({ scan, leaf }) => {
    const { pattern } = leaf.schema
    const near = fc
      .array(
        fc.constantFrom(
          '0',
          '1',
          '9',
          'a',
          'f',
          'F',
          'x',
          '0x',
          '.',
          '-',
          ' ',
          '(nil)',
          '\n',
          '\u00e9',
          '9007199254740992',
        ),
      )
      .map((pieces) => pieces.join(''))
    const long = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), maxLength: 40 })
    const seconds = fc
      .tuple(fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 14 }), fc.constantFrom('', '0'), fc.nat())
      .map(([whole, zero, fraction]) => `${whole}.${zero}${fraction}`)
    const fitting = pattern === undefined ? fc.maxSafeNat().map(String) : fc.stringMatching(new RegExp(pattern, 'u'))
    const text = fc.oneof(
      near,
      long,
      seconds,
      fitting,
      fitting.map((leaf) => `${leaf}0`),
    )
    fc.assert(
      fc.property(text, fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), (inside, before, after) => {
        const value = scan(inside, 0, inside.length)
        if (value !== undefined) expect(leaf.accepts(value), `${inside} → ${value}`).toBe(true)
        // The same slice of a longer text is the same leaf.
        expect(scan(before + inside + after, before.length, before.length + inside.length)).toBe(value)
      }),
      { numRuns: 2000 },
    )
  })
})
