// The members of a record are parts. Each part has its JSON text and its value. A part exists only because the strict
// validator (ajv) accepted its value (`seal`), or accepted a specimen that differs from it only in scanned leaves
// (`Mould`). So a record that is joined from parts is valid.
import { latin1 } from '../text/utf8.ts'
import { Cast } from './cast.ts'
import type { MemberName, MemberTypes } from './generated/types.ts'
import { memberValidators } from './generated/validators.ts'
import { isWithinLimit, type Leaf, type LeafLimit, limitOf, NO_LEAF } from './leaf.ts'
import type { FlagWord } from './words.ts'

/** A value of JSON. A member that is undefined is absent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** What was found out when a part was made. */
export interface Notes {
  readonly flags?: readonly FlagWord[]
  /** The validator refused the value, which is a bug of ours. The record is quarantined and the run ends with 70. */
  readonly fault?: string
}

/** A member of a record. */
export interface Part {
  /** `,"process":{…}`: the key and its JSON as UTF-8 bytes, one char a byte. */
  readonly text: string
  readonly notes: Notes | undefined
  /** The whole value. */
  value(): Json
  /** A member of a section; undefined when the member is absent, or when the part is not a section. */
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
 * A part of any value. The validator of its member judges the value; a value that it refuses becomes a part with a
 * fault. `drop_context` is the drop section without `count`, for traces and metrics: its key in the record is `drop`.
 */
export function seal<N extends MemberName>(name: N, value: MemberTypes[N], ...flags: readonly FlagWord[]): Part {
  return sealJson(name, value, ...flags)
}

/**
 * `seal` for a value that no type describes, such as one that was read as JSON. The validator judges it in any case.
 */
export function sealJson(name: MemberName, value: Json, ...flags: readonly FlagWord[]): Part {
  const fault = faultOf(name, value)
  const notes = fault !== undefined ? { fault } : flags.length > 0 ? { flags } : undefined
  return new Sealed(keyOf(name), value, notes)
}

/**
 * A part with one to three leaves open. The validator judges the specimen once. `fill` puts scanned leaves into the
 * holes, in their order, and checks what a scanner does not promise: the length of a text and the range of a number.
 */
export class Mould<N extends MemberName> {
  readonly holes: readonly Leaf[]
  private readonly specimen: MemberTypes[N]
  private readonly notes: Notes | undefined
  private readonly fault: Notes
  // These are not arrays: `fill` runs for every event, and arrays make it a fifth slower.
  private readonly p0: string
  private readonly p1: string
  private readonly p2: string
  private readonly p3: string
  private readonly limitA: LeafLimit
  private readonly limitB: LeafLimit
  private readonly limitC: LeafLimit

  /** `holes` are members of the specimen, in its order. Throws TypeError when they are not. */
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

  /** The part with these leaves; it has a fault when one of them is beyond its limit. */
  fill(a: string | number, b?: string | number, c?: string | number): Part {
    return new Filled(this, this.allows(a, b, c) ? this.notes : this.fault, a, b, c)
  }

  /**
   * The part with these leaves for a value that comes again and again: like a sealed part it has its text from the
   * start. Undefined: one of the leaves is beyond its limit, and only the validator can judge it.
   */
  cast(a: string | number, b?: string | number, c?: string | number): Part | undefined {
    return this.allows(a, b, c) ? new Cast(new Filled(this, this.notes, a, b, c)) : undefined
  }

  private allows(a: string | number, b: string | number | undefined, c: string | number | undefined): boolean {
    return (
      isWithinLimit(this.limitA, a) &&
      (b === undefined ? this.limitB === NO_LEAF : isWithinLimit(this.limitB, b)) &&
      (c === undefined ? this.limitC === NO_LEAF : isWithinLimit(this.limitC, c))
    )
  }

  /** The text of a part that was filled from this mould. */
  textWith(a: string | number, b: string | number | undefined, c: string | number | undefined): string {
    if (b === undefined) return this.p0 + a + this.p1
    if (c === undefined) return this.p0 + a + this.p1 + b + this.p2
    return this.p0 + a + this.p1 + b + this.p2 + c + this.p3
  }

  /** The offsets in that text at which the leaves begin. */
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

  /** A member of that value. */
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

/**
 * A part from a mould. Parts of one mould differ only in their leaves: `a`, `b` and `c` in the order of the holes.
 */
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

  /** Made on demand: most lines need only the leaves (`sinks/repeated-line.ts`). */
  get text(): string {
    return this.mould.textWith(this.a, this.b, this.c)
  }

  /** Its leaves, and the offsets at which they begin in `text`. */
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

/** `ts`, a member that is a leaf itself: `2023-02-23T18:03:36.370138884Z`, as `time/rfc3339.ts` makes it. */
export function tsPart(ts: string): Part {
  return TS.fill(ts)
}

/** The text of a part; empty when there is no part. */
export function textOf(part: Part | undefined): string {
  return part === undefined ? '' : part.text
}

/** Whether there is a part, and something was found out when it was made. */
export function hasNotes(part: Part | undefined): boolean {
  return part !== undefined && part.notes !== undefined
}

/** Whether two parts differ at most in their leaves: they are the same, or have the same mould and the same notes. */
export function areAlike(part: Part | undefined, other: Part | undefined): boolean {
  if (part === other) return true
  if (!(part instanceof Filled && other instanceof Filled)) return false
  return part.mould === other.mould && part.notes === other.notes
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

/** The JSON of the specimen, cut at its holes. The quotes of a text stay in the pieces. */
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
    throw new TypeError(`mould of ${key}: the holes must be members of the specimen, in its order`)
  pieces.push(`${piece}}`)
  return pieces
}

/** The value as an object; an empty object for anything else. */
export function asObject(value: Json): { readonly [key: string]: Json | undefined } {
  return isObject(value) ? value : {}
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Whether a value is an object, and not a list. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of an object; undefined for anything else. */
export function memberOf(value: Json, key: string): Json | undefined {
  return Object.hasOwn(asObject(value), key) ? asObject(value)[key] : undefined
}
