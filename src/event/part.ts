// A record's members are parts: each has its JSON text and its value. A part exists only because ajv's strict validator accepted its value
// (`seal`), or accepted a specimen that differs from it only in scanned leaves (`Mould`). So to join parts is to write a valid record.
import { latin1 } from '../text/utf8.ts'
import type { MemberName, MemberTypes } from './generated/types.ts'
import { memberValidators } from './generated/validators.ts'
import type { FlagWord } from './words.ts'

/** A leaf of JSON, or a list or object of them. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** What making a part found out. */
export interface Notes {
  readonly flags?: readonly FlagWord[]
  /** The validator refused the value: our bug. The record is quarantined and the run ends with 70. */
  readonly fault?: string
}

/** A member of a record. */
export interface Part {
  /** `,"process":{…}`: the key and its JSON, UTF-8 bytes, one char a byte. */
  readonly text: string
  readonly notes: Notes | undefined
  /** The whole value. */
  value(): Json
  /** A member of a section; undefined when it is not there, or when the part is no section. */
  get(key: string): Json | undefined
}

class Sealed implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly whole: Json

  constructor(name: string, value: Json, notes: Notes | undefined) {
    this.text = `,"${name}":${latin1(JSON.stringify(value))}`
    this.notes = notes
    this.whole = value
  }

  value(): Json {
    return this.whole
  }

  get(key: string): Json | undefined {
    return memberOf(this.whole, key)
  }
}

/**
 * A part of any value: the validator of its member is asked each time. What the validator refuses becomes a part with a fault.
 * `drop_context` is the drop section without `count`, for traces and metrics: its key in the record is `drop`.
 */
export function seal<N extends MemberName>(name: N, value: MemberTypes[N], ...flags: readonly FlagWord[]): Part {
  return sealJson(name, value, ...flags)
}

/** `seal` for a value that no type describes: one that was read as JSON. The validator judges it all the same. */
export function sealJson(name: MemberName, value: Json, ...flags: readonly FlagWord[]): Part {
  const fault = faultOf(name, value)
  const notes = fault !== undefined ? { fault } : flags.length > 0 ? { flags } : undefined
  return new Sealed(keyOf(name), value, notes)
}

/** Leaves that a mould may leave open: texts, with the most bytes that their scanner lets through. `ts` is the whole of its member. */
export const TEXT_LEAVES = { ns: 20, addr: 18, rx_sk: 18, address: 18, local: 29, ts: 30 } as const
/** No time is shorter: its scanner gives all digits. */
const LEAST_BYTES: Readonly<Partial<Record<Leaf, number>>> = { ts: TEXT_LEAVES.ts }
/** Leaves that a mould may leave open: integers from 0 (a line from 1), with the most that the schema allows. */
export const NUMBER_LEAVES = {
  line: Number.MAX_SAFE_INTEGER,
  len: Number.MAX_SAFE_INTEGER,
  orig_len: Number.MAX_SAFE_INTEGER,
  count: Number.MAX_SAFE_INTEGER,
  tid: 2 ** 31 - 1,
  pid: 2 ** 31 - 1,
  code: 2 ** 32 - 1,
} as const

/** The name of a leaf that `Mould.fill` puts in. */
export type Leaf = keyof typeof TEXT_LEAVES | keyof typeof NUMBER_LEAVES

/** How far a leaf may go: a text's bytes, or a number's value; the other kind is refused. */
interface Limit {
  readonly leastBytes: number
  readonly bytes: number
  readonly least: number
  readonly most: number
}

const NO_LEAF: Limit = { leastBytes: 0, bytes: -1, least: 0, most: -1 }

/**
 * A part with up to three leaves open. ajv judges the specimen once; `fill` puts scanned leaves into its holes, in the order of
 * `holes`, and checks what a scanner does not promise: length, and the range of a number.
 */
export class Mould<N extends MemberName> {
  readonly holes: readonly Leaf[]
  private readonly specimen: MemberTypes[N]
  private readonly notes: Notes | undefined
  private readonly fault: Notes
  // Not in arrays: `fill` runs for every event, and an array to take apart costs it a fifth.
  private readonly p0: string
  private readonly p1: string
  private readonly p2: string
  private readonly p3: string
  private readonly limitA: Limit
  private readonly limitB: Limit
  private readonly limitC: Limit

  constructor(
    name: N,
    specimen: MemberTypes[N],
    holes: readonly [Leaf] | readonly [Leaf, Leaf] | readonly [Leaf, Leaf, Leaf],
    ...flags: readonly FlagWord[]
  ) {
    const fault = faultOf(name, specimen)
    const [p0 = '', p1 = '', p2 = '', p3 = ''] = piecesOf(keyOf(name), specimen, holes)
    this.specimen = specimen
    this.holes = holes
    this.notes = fault !== undefined ? { fault } : flags.length > 0 ? { flags } : undefined
    this.fault = { fault: `${name}: a leaf (${holes.join(', ')}) is beyond what its scanner and the schema allow` }
    this.p0 = p0
    this.p1 = p1
    this.p2 = p2
    this.p3 = p3
    this.limitA = limitOf(holes[0])
    this.limitB = limitOf(holes[1])
    this.limitC = limitOf(holes[2])
  }

  fill(a: string | number, b?: string | number, c?: string | number): Part {
    const good =
      fits(this.limitA, a) &&
      (b === undefined ? this.limitB === NO_LEAF : fits(this.limitB, b)) &&
      (c === undefined ? this.limitC === NO_LEAF : fits(this.limitC, c))
    return new Filled(this, good ? this.notes : this.fault, a, b, c)
  }

  textWith(a: string | number, b: string | number | undefined, c: string | number | undefined): string {
    if (b === undefined) return this.p0 + a + this.p1
    if (c === undefined) return this.p0 + a + this.p1 + b + this.p2
    return this.p0 + a + this.p1 + b + this.p2 + c + this.p3
  }

  /** Where the leaves begin in that text. */
  placesWith(a: string | number, b: string | number | undefined): readonly number[] {
    const first = this.p0.length
    const second = first + String(a).length + this.p1.length
    return [first, second, second + String(b).length + this.p2.length].slice(0, this.holes.length)
  }

  /** The value of a part that was filled from this mould. */
  valueWith(a: string | number, b: string | number | undefined, c: string | number | undefined): Json {
    if (typeof this.specimen === 'string') return a
    const leaves = [a, b, c]
    const filled = this.holes.map((hole, index) => [hole, leaves[index] ?? ''] as const)
    return { ...asObject(this.specimen), ...Object.fromEntries(filled) }
  }

  getWith(
    key: string,
    a: string | number,
    b: string | number | undefined,
    c: string | number | undefined,
  ): Json | undefined {
    const holes = this.holes
    if (typeof this.specimen === 'string') return undefined
    if (key === holes[0]) return a
    if (key === holes[1]) return b
    if (key === holes[2]) return c
    return memberOf(this.specimen, key)
  }
}

/** A part from a mould: parts of one mould differ in their leaves only, which are `a`, `b` and `c` in the order of its holes. */
export class Filled implements Part {
  readonly notes: Notes | undefined
  readonly mould: Mould<MemberName>
  readonly a: string | number
  readonly b: string | number | undefined
  readonly c: string | number | undefined

  constructor(
    mould: Mould<MemberName>,
    notes: Notes | undefined,
    a: string | number,
    b: string | number | undefined,
    c: string | number | undefined,
  ) {
    this.notes = notes
    this.mould = mould
    this.a = a
    this.b = b
    this.c = c
  }

  /** Made when asked for: most lines take the leaves alone (`sinks/repeated-line.ts`). */
  get text(): string {
    return this.mould.textWith(this.a, this.b, this.c)
  }

  /** Its leaves, and where they begin in `text`. */
  leaves(): readonly { readonly at: number; readonly value: string | number }[] {
    const { a, b, c } = this
    return this.mould.placesWith(a, b).map((at, of) => ({ at, value: [a, b, c][of] ?? '' }))
  }

  value(): Json {
    return this.mould.valueWith(this.a, this.b, this.c)
  }

  get(key: string): Json | undefined {
    return this.mould.getWith(key, this.a, this.b, this.c)
  }
}

const TS = new Mould('ts', '2023-02-23T18:03:36.370138884Z', ['ts'])

/** `ts`, the member that is a leaf itself: `2023-02-23T18:03:36.370138884Z` as `time/rfc3339.ts` makes it. */
export function tsPart(ts: string): Part {
  return TS.fill(ts)
}

/** A part's text, or nothing. */
export function textOf(part: Part | undefined): string {
  return part === undefined ? '' : part.text
}

export function hasNotes(part: Part | undefined): boolean {
  return part !== undefined && part.notes !== undefined
}

/** Are both the same part, or of the same mould and with the same notes? Then they differ in their leaves alone. */
export function areAlike(part: Part | undefined, other: Part | undefined): boolean {
  if (part === other) return true
  if (!(part instanceof Filled && other instanceof Filled)) return false
  return part.mould === other.mould && part.notes === other.notes
}

function fits(limit: Limit, leaf: string | number): boolean {
  if (typeof leaf === 'string') return leaf.length >= limit.leastBytes && leaf.length <= limit.bytes
  return leaf >= limit.least && leaf <= limit.most && Math.floor(leaf) === leaf
}

function limitOf(leaf: Leaf | undefined): Limit {
  if (leaf === undefined) return NO_LEAF
  if (isTextLeaf(leaf)) return { leastBytes: LEAST_BYTES[leaf] ?? 1, bytes: TEXT_LEAVES[leaf], least: 0, most: -1 }
  return { leastBytes: 0, bytes: -1, least: leaf === 'line' ? 1 : 0, most: NUMBER_LEAVES[leaf] }
}

function isTextLeaf(leaf: Leaf): leaf is keyof typeof TEXT_LEAVES {
  return Object.hasOwn(TEXT_LEAVES, leaf)
}

function faultOf(name: MemberName, value: Json): string | undefined {
  const validate = memberValidators[name]
  if (validate(value)) return undefined
  const error = validate.errors?.[0]
  return `${name}${error?.instancePath ?? ''} ${error?.message ?? 'is refused by the schema'}`
}

function keyOf(name: MemberName): string {
  return name === 'drop_context' ? 'drop' : name
}

/** The JSON of the specimen, cut at its holes. A string hole keeps its quotes in the pieces. */
function piecesOf(key: string, specimen: Json, holes: readonly Leaf[]): readonly string[] {
  if (typeof specimen === 'string') return [`,"${key}":"`, '"']
  const pieces: string[] = []
  let piece = `,"${key}":`
  let separator = '{'
  for (const [member, value] of Object.entries(asObject(specimen))) {
    piece += `${separator}"${member}":`
    separator = ','
    if (member !== holes[pieces.length]) piece += latin1(JSON.stringify(value))
    else {
      const quote = typeof value === 'string' ? '"' : ''
      pieces.push(piece + quote)
      piece = quote
    }
  }
  if (pieces.length !== holes.length)
    throw new TypeError(`mould of ${key}: holes must be members of the specimen, in its order`)
  pieces.push(`${piece}}`)
  return pieces
}

/** An object, or an empty one for anything else. */
export function asObject(value: Json): { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {}
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** A member of an object; undefined of anything else. */
export function memberOf(value: Json, key: string): Json | undefined {
  return Object.hasOwn(asObject(value), key) ? asObject(value)[key] : undefined
}
