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

/** Leaves that a mould may leave open, with the most bytes that their scanner lets through. */
const LEAF_BYTES = { ns: 20, addr: 18, rx_sk: 18, address: 18, ts: 30, local: 29 } as const
type StringLeaf = keyof typeof LEAF_BYTES
type NumberLeaf = 'line' | 'len' | 'orig_len' | 'tid' | 'pid' | 'code' | 'count'
/** The name of a leaf that `Mould.fill` puts in: strings by a scanner of `text/scan.ts`, numbers as safe integers from 0. */
export type Leaf = StringLeaf | NumberLeaf

/**
 * A part with up to three leaves open. ajv judges the specimen once; `fill` puts scanned leaves into its holes, in the order of
 * `holes`, and checks what a scanner does not promise: length, safe integer.
 */
export class Mould<N extends MemberName> {
  private readonly specimen: MemberTypes[N]
  private readonly holes: readonly Leaf[]
  private readonly pieces: readonly [string, string, string, string]
  private readonly notes: Notes | undefined
  private readonly fault: Notes

  constructor(
    name: N,
    specimen: MemberTypes[N],
    holes: readonly [Leaf] | readonly [Leaf, Leaf] | readonly [Leaf, Leaf, Leaf],
    ...flags: readonly FlagWord[]
  ) {
    const fault = faultOf(name, specimen)
    this.specimen = specimen
    this.holes = holes
    this.notes = fault !== undefined ? { fault } : flags.length > 0 ? { flags } : undefined
    this.fault = { fault: `${name}: a leaf (${holes.join(', ')}) is longer than its scanner allows` }
    this.pieces = piecesOf(keyOf(name), specimen, holes)
  }

  fill(a: string | number, b: string | number = '', c: string | number = ''): Part {
    const [p0, p1, p2, p3] = this.pieces
    const holes = this.holes
    let text: string
    let good = fits(holes[0], a)
    if (holes.length === 1) text = p0 + a + p1
    else {
      good = good && fits(holes[1], b)
      if (holes.length === 2) text = p0 + a + p1 + b + p2
      else {
        good = good && fits(holes[2], c)
        text = p0 + a + p1 + b + p2 + c + p3
      }
    }
    return new Filled(this, text, good ? this.notes : this.fault, a, b, c)
  }

  /** The value of a part that was filled from this mould. */
  valueWith(a: string | number, b: string | number, c: string | number): Json {
    const leaves = [a, b, c]
    const filled = this.holes.map((hole, index) => [hole, leaves[index] ?? ''] as const)
    return { ...asObject(this.specimen), ...Object.fromEntries(filled) }
  }

  getWith(key: string, a: string | number, b: string | number, c: string | number): Json | undefined {
    const holes = this.holes
    if (key === holes[0]) return a
    if (key === holes[1]) return b
    if (key === holes[2]) return c
    return memberOf(this.specimen, key)
  }
}

class Filled implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly mould: Mould<MemberName>
  private readonly a: string | number
  private readonly b: string | number
  private readonly c: string | number

  constructor(
    mould: Mould<MemberName>,
    text: string,
    notes: Notes | undefined,
    a: string | number,
    b: string | number,
    c: string | number,
  ) {
    this.text = text
    this.notes = notes
    this.mould = mould
    this.a = a
    this.b = b
    this.c = c
  }

  value(): Json {
    return this.mould.valueWith(this.a, this.b, this.c)
  }

  get(key: string): Json | undefined {
    return this.mould.getWith(key, this.a, this.b, this.c)
  }
}

class Timestamp implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly ts: string

  constructor(ts: string) {
    this.text = `,"ts":"${ts}"`
    this.notes = ts.length === LEAF_BYTES.ts ? undefined : { fault: 'ts: is not of 30 characters' }
    this.ts = ts
  }

  value(): Json {
    return this.ts
  }

  get(): undefined {
    return undefined
  }
}

/** `ts`, the member that is a leaf itself: `2023-02-23T18:03:36.370138884Z` as `time/rfc3339.ts` makes it. */
export function tsPart(ts: string): Part {
  return new Timestamp(ts)
}

function fits(hole: Leaf | undefined, leaf: string | number): boolean {
  if (typeof leaf === 'number') return Number.isSafeInteger(leaf) && leaf >= 0
  switch (hole) {
    case 'ns':
    case 'addr':
    case 'rx_sk':
    case 'address':
    case 'local':
      return leaf.length > 0 && leaf.length <= LEAF_BYTES[hole]
    default:
      return false
  }
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
function piecesOf(key: string, specimen: Json, holes: readonly Leaf[]): readonly [string, string, string, string] {
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
  const [p0 = '', p1 = '', p2 = '', p3 = ''] = pieces
  return [p0, p1, p2, p3]
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
