// Programs of one printf, and what bpftrace prints by them: for laws.
import fc from 'fast-check'
import type { Event } from './reading.ts'

/** An argument of a printf with its conversion, and which member of the event it must become. */
export interface EventPlace {
  readonly conversion: string
  /** The argument's source. */
  readonly argument: string
  readonly take: (event: Event) => unknown
  readonly values: fc.Arbitrary<PrintUnit>
}

/** What a value prints, latin1, and what the event must have of it. */
export interface PrintUnit {
  readonly text: string
  readonly value: unknown
}

export type Dialect = 'old' | 'new'

function digits(value: bigint, bits: number, signed: boolean): string {
  return String(signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))
}

interface Width {
  readonly width: number
  readonly left: boolean
}

const widths: fc.Arbitrary<Width> = fc.record({ width: fc.constantFrom(0, 0, 0, 3, 8, 16, 20), left: fc.boolean() })

function flagsOf({ width, left }: Width): string {
  return width === 0 ? '' : `${left ? '-' : ''}${width}`
}

function padded(text: string, { width, left }: Width): string {
  return left ? text.padEnd(width) : text.padStart(width)
}

/** Bytes of thread names: what a kernel lets be, but for line ends, of which there is a law of its own. */
const commByte = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcxyz0123 :|,;()[]"\\%-_=/.@#') },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 255 })
      .filter((code) => code !== 10 && code !== 13)
      .map((code) => String.fromCharCode(code)),
  },
)
const comms = fc.string({ unit: commByte, maxLength: 15 })

const comm = widths.map(
  (pad): EventPlace => ({
    conversion: `%${flagsOf(pad)}s`,
    argument: 'comm',
    take: ({ process }) => process?.comm,
    values: comms.map((name) => {
      // Of blanks at its padded side nobody can say whose they are.
      const bare = pad.width === 0 ? name : pad.left ? name.trimEnd() : name.trimStart()
      return { text: padded(bare, pad), value: Buffer.from(bare, 'latin1').toString('utf8') }
    }),
  }),
)

function natural(argument: string, max: number, take: (event: Event) => unknown): fc.Arbitrary<EventPlace> {
  return fc.tuple(widths, fc.constantFrom('d', 'u', 'lld', 'llu', 'x', 'llx', 'o')).map(([pad, letter]) => {
    const base = letter.endsWith('x') ? 16 : letter === 'o' ? 8 : 10
    const values = fc.integer({ min: 0, max }).map((value) => ({ text: padded(value.toString(base), pad), value }))
    return { conversion: `%${flagsOf(pad)}${letter}`, argument, take, values }
  })
}

const WIDE: readonly (readonly [letter: string, bits: number, signed: boolean])[] = [
  ['d', 32, true],
  ['u', 32, false],
  ['hd', 16, true],
  ['hhu', 8, false],
  ['lld', 64, true],
  ['llu', 64, false],
]

/** An argument that has no place of its own: as many bits of it as the conversion shows. */
const number = fc.tuple(widths, fc.constantFrom(...WIDE)).map(
  ([pad, [letter, bits, signed]]): EventPlace => ({
    conversion: `%${flagsOf(pad)}${letter}`,
    argument: 'arg7',
    take: ({ args }) => args?.arg7,
    values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((big) => {
      const text = digits(big, bits, signed)
      return { text: padded(text, pad), value: Number.isSafeInteger(Number(text)) ? Number(text) : text }
    }),
  }),
)

const skb = fc.constantFrom('%p', '%llx', '%016llx', '%lld').map(
  (conversion): EventPlace => ({
    conversion,
    argument: 'args->skbaddr',
    take: (event) => event.skb?.addr,
    values: fc.bigInt({ min: 2n ** 63n, max: 2n ** 64n - 1n }).map((big) => {
      const hex = big.toString(16)
      const text = conversion === '%p' ? `0x${hex}` : conversion === '%lld' ? digits(big, 64, true) : hex
      return { text, value: `0x${hex}` }
    }),
  }),
)

const symbols = fc
  .string({ unit: fc.constantFrom(...'abcdefghij_0123456789.'), maxLength: 20 })
  .map((text) => `f${text}`)

const ksym = widths.map(
  (pad): EventPlace => ({
    conversion: `%${flagsOf(pad)}s`,
    argument: 'ksym(args->location)',
    take: ({ location }) => location?.symbol,
    values: symbols.map((symbol) => ({ text: padded(symbol, pad), value: symbol })),
  }),
)

const nsecs = fc.constant<EventPlace>({
  conversion: '%llu',
  argument: 'nsecs',
  take: ({ ns }) => ns,
  values: fc.bigInt({ min: 1n, max: 2n ** 62n }).map((big) => ({ text: String(big), value: String(big) })),
})

const bytes = fc.constant<EventPlace>({
  conversion: '%rx',
  argument: 'buf(arg3, 6)',
  take: ({ args }) => args?.buf_arg3_6_,
  values: fc.uint8Array({ minLength: 6, maxLength: 6 }).map((array) => {
    const text = [...array].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
    return { text, value: text }
  }),
})

const PLACES = [
  comm,
  natural('pid', 4_194_304, ({ process }) => process?.pid),
  natural('tid', 4_194_304, ({ process }) => process?.tid),
  natural('cpu', 8191, (event) => event.cpu),
  natural('args->reason', 0x40000, ({ drop }) => drop?.code),
  natural('args->protocol', 0xffff, (event) => event.skb?.protocol),
  number,
  skb,
  ksym,
  nsecs,
  bytes,
]

export interface Format {
  /** The program's text. */
  readonly program: string
  readonly places: readonly EventPlace[]
  /** What is printed of one event. */
  readonly print: (values: readonly PrintUnit[]) => string
}

/** In a program's string. */
function quoted(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&').replaceAll('\t', '\\t')
}

const literals = fc.string({ unit: fc.constantFrom(...' :|,;=[]()"\\ab01-/%\t'), maxLength: 4 })

/**
 * Formats of one to five arguments, each of them once, with any text between; of both sides of 0.24, which differ in
 * `%%`.
 */
const formats: fc.Arbitrary<Format> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: PLACES.length - 1 }), { minLength: 1, maxLength: 5 }),
    fc.array(literals, { minLength: 6, maxLength: 6 }),
    fc.constantFrom<Dialect>('old', 'new'),
  )
  .chain(([kinds, between, dialect]) => {
    const [first, ...rest] = kinds.map((kind) => PLACES[kind] ?? comm)
    return fc.tuple(first ?? comm, ...rest).map((places) => formatOf(places, between, dialect))
  })

function formatOf(places: readonly EventPlace[], between: readonly string[], dialect: Dialect): Format {
  const tail = between[places.length] ?? ''
  const source = places
    .map(({ conversion }, index) => `${(between[index] ?? '').replaceAll('%', '%%')}${conversion}`)
    .join('')
  const args = places.map(({ argument }) => argument).join(', ')
  return {
    program: `tracepoint:skb:kfree_skb { printf("${quoted(source + tail.replaceAll('%', '%%'))}\\n", ${args}); }`,
    places,
    print(values) {
      const line = values.map(({ text }, index) => (between[index] ?? '') + text).join('')
      // Behind the last conversion versions 0.15 to 0.23 leave `%%` as it stands.
      return `${line}${dialect === 'old' ? tail.replaceAll('%', '%%') : tail}\n`
    },
  }
}

/** A format with some events of it. */
export const printings: fc.Arbitrary<{ readonly format: Format; readonly events: readonly (readonly PrintUnit[])[] }> =
  formats.chain((format) =>
    fc
      .array(fc.tuple(...format.places.map(({ values }) => values)), { minLength: 1, maxLength: 4 })
      .map((events) => ({ format, events })),
  )
