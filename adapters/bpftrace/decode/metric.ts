import type { MemberTypes } from '../../../src/event/generated/types.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { bareName } from '../../../src/kernel/reasons/reasons.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import type { TextPattern } from '../match/pattern.ts'
import { Search } from '../match/search.ts'
import { Slots } from '../match/slots.ts'
import { framesEnd } from '../match/stack.ts'
import { decodeReason } from './drop-section.ts'
import type { MapFacts, MetricType } from './maps.ts'
import { type DecodeContext, type Recipe, recipeOf } from './recipe.ts'
import { stackPart } from './sections.ts'

type Metric = MemberTypes['metric']
export type Bucket = NonNullable<Metric['buckets']>[number]

/** The value of an entry of a map. */
export type EntryValue =
  | { readonly kind: 'number'; readonly digits: string }
  /** Latin1. */
  | { readonly kind: 'text'; readonly bytes: string }
  | { readonly kind: 'buckets'; readonly buckets: readonly Bucket[] }
  | { readonly kind: 'stats'; readonly count: string; readonly average: string; readonly total: string }
  /** An interval of a series, with the time of its start. */
  | { readonly kind: 'interval'; readonly start: string; readonly digits: string | undefined }
  /** The input ends within it. */
  | { readonly kind: 'cut' }

/** An entry of a map as it was printed. */
export interface MapEntry {
  /** With its `@`. */
  readonly name: string
  /** The key as printed, latin1. Undefined: the map has no key. */
  readonly key: string | undefined
  readonly value: EntryValue
  /** The kind of map that its output shows. */
  readonly shows: MetricType
}

/** Makes the records of map entries. One for each program, as it remembers how keys are read. */
export class Metrics {
  private readonly maps: ReadonlyMap<string, MapFacts>
  private readonly context: DecodeContext
  private readonly readers = new Map<TextPattern, KeyReader>()

  constructor(maps: ReadonlyMap<string, MapFacts>, context: DecodeContext) {
    this.maps = maps
    this.context = context
  }

  /** `form`: how the key is written. `mayBeAltered`: bpftrace deletes blanks in keys. */
  record(entry: MapEntry, form: 'text' | 'json', mayBeAltered: boolean): EventRecord {
    const facts = this.maps.get(entry.name)
    const record = new EventRecord('metric')
    const reader = facts === undefined || facts.keys.length === 0 ? undefined : this.readerOf(facts, form)
    const { name, key } = entry
    const parts = key === undefined ? undefined : (reader?.read(key, record) ?? [key])
    if (facts === undefined && key !== undefined) setStack(record, key)
    const value = facts === undefined ? entry.value : countOf(this.readValue(entry.value, facts, record), facts, record)
    const metric: Metric = {
      name,
      ...(parts !== undefined && { keys: parts.map(utf8) }),
      type: typeOf(entry, facts),
      ...valueMembers(value),
    }
    const isLossy = (key !== undefined && replaced(key)) || (value.kind === 'text' && replaced(value.bytes))
    const isAltered = mayBeAltered && key !== undefined && (facts?.keys.some((one) => !isPlain(one.value.type)) ?? true)
    record.metric = seal(
      'metric',
      metric,
      ...(isLossy ? (['text_replaced'] as const) : []),
      ...(isAltered ? (['key_altered'] as const) : []),
    )
    return record
  }

  /** Fills the sections of the record with what the program says of a value: the event, a reason, a stack. */
  private readValue(value: EntryValue, facts: MapFacts, record: EventRecord): EntryValue {
    const event = facts.clause.events.only
    if (record.event_name === undefined && event !== undefined) record.event_name = seal('event_name', event)
    this.setReason(record, facts, value)
    if (facts.value.value.type !== 'stack' || value.kind !== 'text') return value
    if (record.stack === undefined && facts.value.target.to === 'stack') record.stack = stackPart(value.bytes)
    return { kind: 'text', bytes: value.bytes.replace(/^\n/, '').replace(/\n$/, '') }
  }

  /** Fills the reason from a map whose values are reasons, printed as names or as numbers. */
  private setReason(record: EventRecord, { value }: MapFacts, given: EntryValue): void {
    if (value.target.to !== 'reason' || record.drop !== undefined) return
    const code = given.kind === 'number' ? Number(given.digits) : undefined
    const name = given.kind === 'text' && /^SKB_[A-Z0-9_]{1,120}$/.test(given.bytes) ? bareName(given.bytes) : undefined
    if (name === undefined && !(code !== undefined && code >= 0 && code <= 0xffffffff)) return
    const { reason, subsystem, by } = decodeReason(code, name, undefined, this.context.reasons)
    record.drop = seal('drop_context', {
      ...(reason !== undefined && { reason }),
      ...(code !== undefined && { code }),
      ...(subsystem !== undefined && { subsystem }),
      ...(by !== undefined && { decoded_by: by }),
    })
  }

  private readerOf(facts: MapFacts, form: 'text' | 'json'): KeyReader {
    const pattern = form === 'text' ? facts.textKey : facts.jsonKey
    let reader = this.readers.get(pattern)
    if (reader === undefined) {
      reader = new KeyReader(facts, pattern, this.context)
      this.readers.set(pattern, reader)
    }
    return reader
  }
}

/** A key of an unknown map that consists of frames is a stack. */
function setStack(record: EventRecord, key: string): void {
  if (!key.startsWith('\n') || framesEnd(key, 1, key.length, 0) !== key.length) return
  record.stack = stackPart(key)
}

/**
 * A count is a number; from 0.24 on, large ones are strings in JSON. Any other text is damaged: it is kept as
 * `payload`, and the entry has no value.
 */
function countOf(value: EntryValue, { type }: MapFacts, record: EventRecord): EntryValue {
  if (value.kind !== 'text' || !['count', 'sum', 'min', 'max', 'avg'].includes(type)) return value
  if (/^-?[0-9]{1,20}$/.test(value.bytes)) return { kind: 'number', digits: value.bytes }
  record.payload = payloadPart(value.bytes)
  return { kind: 'cut' }
}

/** True for a type whose texts hold no blank and no parenthesis. */
function isPlain(type: string): boolean {
  return ['integer', 'pointer', 'enum', 'reason', 'kernel_symbol', 'inet', 'mac', 'probe'].includes(type)
}

function typeOf(entry: MapEntry, facts: MapFacts | undefined): MetricType {
  if (facts === undefined || facts.type === 'value') return entry.shows
  // A drawing is surer than a program that fills the map in two ways.
  const drawn = ['hist', 'stats', 'tseries'].includes(entry.shows)
  const known = facts.type === entry.shows || (entry.shows === 'hist' && facts.type === 'lhist')
  return drawn && !known ? entry.shows : facts.type
}

function valueMembers(value: EntryValue): Partial<Metric> {
  switch (value.kind) {
    case 'number':
      return numberOf(value.digits)
    case 'text':
      return { text: utf8(value.bytes) }
    case 'buckets':
      return { buckets: value.buckets }
    case 'stats':
      return { count: Number(value.count), total: Number(value.total), average: Number(value.average) }
    case 'interval':
      return { text: value.start, ...(value.digits !== undefined && numberOf(value.digits)) }
    case 'cut':
      return {}
  }
}

function numberOf(digits: string): Partial<Metric> {
  const value = Number(digits)
  return Number.isSafeInteger(value) || BigInt(value) === BigInt(digits) ? { value } : { value, value_exact: digits }
}

/** Splits the keys of one map, and fills records with what the parts mean. */
class KeyReader {
  private readonly pattern: TextPattern
  private readonly search: Search
  private readonly slots: Slots
  private readonly recipe: Recipe
  /** How many captures each part has. */
  private readonly sizes: readonly number[]

  constructor(facts: MapFacts, pattern: TextPattern, context: DecodeContext) {
    const count = pattern.captures.length
    this.pattern = pattern
    this.search = new Search(count)
    this.slots = new Slots(count)
    this.recipe = recipeOf(pattern.captures, facts.clause, false, false, this.slots, 'json', context)
    this.sizes = facts.keys.map(leaves)
  }

  /** The parts of a key. Fills the sections of the record. Undefined: the key has no reading, or several. */
  read(key: string, record: EventRecord): readonly string[] | undefined {
    const isOne = this.search.whole(this.pattern.segments, key, 0, key.length, this.slots, 0) === 'one'
    if (!isOne) return undefined
    this.recipe.fill(record, key)
    let index = 0
    return this.sizes.map((size) => {
      const texts = Array.from({ length: size }, () => this.slots.text(key, index++))
      return size === 1 ? (texts[0] ?? '') : `(${texts.join(', ')})`
    })
  }
}

function leaves(meaning: MapFacts['keys'][number]): number {
  return meaning.value.type === 'tuple' ? meaning.value.items.reduce((sum, item) => sum + leaves(item), 0) : 1
}
