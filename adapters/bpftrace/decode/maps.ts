import { valueSegments } from '../match/conversion.ts'
import { joinLiterals } from '../match/format.ts'
import { patternOf, type TextPattern } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { Expression } from '../program/ast.ts'
import type { Events } from '../program/events.ts'
import { meaningOf } from '../program/meaning.ts'
import type { MapAssignment } from '../program/ordered.ts'
import type { Meaning, Scope, ValueType } from '../program/vocabulary.ts'
import type { ClauseFacts } from './recipe.ts'

export type MetricType = 'count' | 'sum' | 'min' | 'max' | 'avg' | 'stats' | 'hist' | 'lhist' | 'tseries' | 'value'

/** What a program says of one of its maps. */
export interface MapFacts {
  readonly type: MetricType
  readonly clause: ClauseFacts
  /** What each part of a key means. Empty: the map has no key. */
  readonly keys: readonly Meaning[]
  /** How keys are printed: their parts are separated by `, ` in text, and by `,` in JSON. */
  readonly textKey: TextPattern
  readonly jsonKey: TextPattern
  /** What the values mean, if they are not counts. */
  readonly value: Meaning
  /** Up to 0.23 no line end is written between entries with such values. */
  readonly runsTogether: boolean
}

const AGGREGATES: readonly MetricType[] = ['count', 'sum', 'min', 'max', 'avg', 'stats', 'hist', 'lhist', 'tseries']

/** An assignment, with the events and the scope of its clause. */
export interface PlacedAssignment {
  readonly assignment: MapAssignment
  readonly events: Events
  readonly scope: Scope
}

/** The maps of a program. Where clauses disagree about a map, nothing is known of it. */
export function mapsOf(placed: readonly PlacedAssignment[]): ReadonlyMap<string, MapFacts> {
  const byName = new Map<string, PlacedAssignment[]>()
  for (const one of placed) byName.set(one.assignment.name, [...(byName.get(one.assignment.name) ?? []), one])
  return new Map([...byName].map(([name, placed]) => [name, factsOf(placed)]))
}

function factsOf(placed: readonly PlacedAssignment[]): MapFacts {
  const types = new Set(placed.map(({ assignment }) => typeOf(assignment.value)))
  const [type = 'value'] = types
  const events = only(placed.map(({ events }) => events.only))
  const keys = commonKeys(placed)
  const value = commonValue(placed)
  const names = [...new Set(placed.flatMap((one) => one.events.names))]
  return {
    type: types.size === 1 ? type : 'value',
    clause: { events: { names, only: events, origin: undefined }, fixed: {} },
    keys,
    textKey: patternOf(keySegments(keys, ', ')),
    jsonKey: patternOf(keySegments(keys, ',')),
    value,
    runsTogether: ['kernel_symbol', 'user_symbol', 'inet'].includes(value.value.type),
  }
}

/** The type of an element of a map in an expression. */
export function valueOfMap(facts: MapFacts | undefined): ValueType | undefined {
  if (facts === undefined) return undefined
  if (facts.type === 'value') return facts.value.value
  return ['count', 'sum', 'min', 'max', 'avg'].includes(facts.type) ? { type: 'integer' } : undefined
}

function typeOf(value: Expression | undefined): MetricType {
  if (value?.kind !== 'call') return 'value'
  return AGGREGATES.find((type) => type === value.name) ?? 'value'
}

function only(values: readonly (string | undefined)[]): string | undefined {
  const distinct = new Set(values)
  const [value] = distinct
  return distinct.size === 1 ? value : undefined
}

const UNKNOWN: Meaning = { target: { to: 'args' }, value: { type: 'unknown' }, key: '' }

/** The parts of a key. A tuple that is the whole key is printed without its parentheses. */
function commonKeys(placed: readonly PlacedAssignment[]): readonly Meaning[] {
  const [first, ...others] = placed.map(({ assignment, scope }) => {
    const meanings = assignment.keys.map((key) => meaningOf(key, scope))
    const [one] = meanings
    return meanings.length === 1 && one?.value.type === 'tuple' ? one.value.items : meanings
  })
  if (first === undefined || others.some((keys) => keys.length !== first.length)) return []
  return first.map((meaning, index) => {
    const all = [meaning, ...others.map((keys) => keys[index] ?? UNKNOWN)]
    const isCommon = all.every((one) => sameMeaning(one, meaning))
    return isCommon ? meaning : { ...UNKNOWN, key: meaning.key, value: widest(all) }
  })
}

function commonValue(placed: readonly PlacedAssignment[]): Meaning {
  const meanings = placed.flatMap(({ assignment, scope }) =>
    assignment.value === undefined ? [] : [meaningOf(assignment.value, scope)],
  )
  const [first = UNKNOWN, ...others] = meanings
  return others.every((one) => sameMeaning(one, first)) ? first : UNKNOWN
}

function sameMeaning(a: Meaning, b: Meaning): boolean {
  return JSON.stringify([a.target, a.value]) === JSON.stringify([b.target, b.value])
}

function widest(meanings: readonly Meaning[]): Meaning['value'] {
  const [first] = meanings
  if (first !== undefined && meanings.every(({ value }) => value.type === first.value.type)) return first.value
  return meanings.every(({ value }) => value.type === 'integer') ? { type: 'integer' } : { type: 'unknown' }
}

function keySegments(keys: readonly Meaning[], separator: string): readonly Segment[] {
  return joinLiterals(
    keys.flatMap((key, index): readonly Segment[] => {
      const segments = separator === ', ' ? valueSegments(key) : valueSegments(key).map(withoutBlanks)
      return index === 0 ? segments : [{ kind: 'literal', text: separator }, ...segments]
    }),
  )
}

/** As in JSON, where keys have no blanks from 0.24 on. */
function withoutBlanks(segment: Segment): Segment {
  if (segment.kind === 'literal') return { kind: 'literal', text: segment.text.replaceAll(' ', '') }
  const { shape } = segment.capture
  if (shape.kind !== 'words') return segment
  const texts = [...new Set([...shape.texts, ...shape.texts.map((text) => text.replaceAll(' ', ''))])]
  return { kind: 'capture', capture: { ...segment.capture, shape: { kind: 'words', texts } } }
}
