// Random events of all kinds, made from the examples of the schema and small numbers, so that two often share a value.
import fc from 'fast-check'
import { type EventSchema, propertiesOf, resolved, type Schema, shellNames } from '../../scripts/generate/schema.ts'
import { members } from '../../src/event/generated/members.ts'
import type { MemberName } from '../../src/event/generated/types.ts'
import { type Json, sealJson } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import type { FlagWord, Kind } from '../../src/event/words.ts'
import { schemaOf } from '../schemas/violations.ts'

export interface Event {
  readonly v: 1
  readonly kind: Kind
  readonly [member: string]: Json
}

const schema = schemaOf<EventSchema>('event')
const { $defs } = schema

/** Keys of open sections. */
export const KEYS = ['queue_mapping', 'site', 'dev', 'in']
/** Texts that are hard for a format. */
const ODD_TEXTS = [
  '',
  ' ',
  'a,b',
  '"',
  'it\'s "so"',
  'line\nline',
  'cr\r\n',
  '=1+1',
  '-x',
  '@a',
  '\tx',
  'Zürich 😀',
  ';',
  '\\u0000',
  '{"a":1}',
  '007',
  'true',
  'null',
]

function valuesOf(given: Schema): fc.Arbitrary<Json> {
  const definition = resolved(given, $defs)
  const examples = (definition.examples ?? []).filter((example): example is Json => example !== undefined)
  const { enum: words, type, items, additionalProperties, minimum = 0 } = definition
  if (words !== undefined) return fc.constantFrom(...words.map(String))
  if (type === 'integer') return fc.constantFrom(...examples, minimum, Math.max(minimum, 2))
  if (type === 'number') return fc.constantFrom(...examples, 0, 2, 0.5, -3)
  if (type === 'boolean') return fc.boolean()
  if (type === 'string') return fc.constantFrom(...examples, ...textsFor(definition))
  if (type === 'array') {
    return definition.uniqueItems === true
      ? fc.uniqueArray(valuesOf(items ?? {}), { minLength: 1, maxLength: 3 })
      : fc.array(valuesOf(items ?? {}), { maxLength: 3 })
  }
  if (type === 'object') {
    const properties = Object.fromEntries(
      propertiesOf(definition).map(([name, property]) => [name, valuesOf(property)]),
    )
    const { required = [], if: wanted, else: instead } = definition
    // Either the members that `if` requires, or those that `else` does.
    const choices = wanted === undefined ? [[]] : [wanted.required ?? [], instead?.required ?? []]
    const named = fc.oneof(
      ...choices.map((others) => fc.record(properties, { requiredKeys: [...required, ...others] })),
    )
    if (typeof additionalProperties !== 'object') return named
    return fc
      .tuple(named, fc.dictionary(fc.constantFrom(...KEYS), valuesOf(additionalProperties), { maxKeys: 3 }))
      .map(([own, others]) => ({ ...others, ...own }))
  }
  return fc.oneof(fc.constantFrom(0, 2, 7), fc.constantFrom('a', ...ODD_TEXTS), fc.boolean())
}

/** Odd texts, where the schema leaves a text open. */
function textsFor({ pattern }: Schema): readonly string[] {
  const regexp = new RegExp(pattern ?? '', 'u')
  return ODD_TEXTS.filter((text) => regexp.test(text))
}

/** Valid events. */
export const events: fc.Arbitrary<Event> = fc.oneof(
  ...shellNames(schema).map((shell) => {
    const { properties = {}, required = [] } = $defs[shell] ?? {}
    const members = Object.entries(properties).filter(([name]) => name !== 'v' && name !== 'kind')
    return fc
      .record(Object.fromEntries(members.map(([name, property]) => [name, valuesOf(property)])), {
        requiredKeys: required.filter((name) => name !== 'v' && name !== 'kind'),
      })
      .map((event): Event => ({ v: 1, kind: kindOf(shell), ...event }))
  }),
)

function kindOf(shell: string): Kind {
  switch (shell) {
    case 'drop_event':
      return 'drop'
    case 'trace_event':
      return 'trace'
    case 'metric_event':
      return 'metric'
    case 'loss_event':
      return 'loss'
    default:
      return 'message'
  }
}

/** The record that a reader would make of an event. */
export function recordOf(event: Event): EventRecord {
  const record = new EventRecord(event.kind)
  for (const name of members) {
    const value = event[name]
    if (value === undefined) continue
    if (name === 'flags') record.flags = JSON.parse(JSON.stringify(value)) as readonly FlagWord[]
    else record[name] = sealJson(memberOf(name, event.kind), value)
  }
  return record
}

function memberOf(name: MemberName, kind: Kind): MemberName {
  return name === 'drop' && kind !== 'drop' ? 'drop_context' : name
}

/** A member, or a key of one; undefined where it is missing. */
export function valueAt(event: Event, path: string): Json | undefined {
  const [member = '', ...rest] = path.split('.')
  const whole: Json | undefined = Object.hasOwn(event, member) ? event[member] : undefined
  if (rest.length === 0) return whole
  const key = rest.join('.')
  if (typeof whole !== 'object' || whole === null || !Object.hasOwn(whole, key)) return undefined
  return JSON.parse(JSON.stringify(whole))[key]
}
