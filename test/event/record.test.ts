import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EventSchema, refName, type Schema, shellNames } from '../../scripts/generate/schema.ts'
import { members } from '../../src/event/generated/members.ts'
import type { MemberName } from '../../src/event/generated/types.ts'
import { memberValidators, validateStrict } from '../../src/event/generated/validators.ts'
import { faultOf, lineOf } from '../../src/event/line.ts'
import { type Json, Mould, seal, sealJson } from '../../src/event/part.ts'
import { EventRecord, flagsOf } from '../../src/event/record.ts'
import { KINDS, type Kind } from '../../src/event/words.ts'
import { utf8 } from '../../src/text/utf8.ts'
import { schemaOf, specimenOf, violationsOf } from '../schemas/violations.ts'

const { $defs, ...root } = schemaOf<EventSchema>('event')

type Member = Exclude<(typeof members)[number], 'flags'>

/** The members that a record of a kind may have, by the names of their definitions. */
function membersOf(kind: Kind): readonly { readonly member: Member; readonly definition: MemberName }[] {
  const { properties = {} } = $defs[`${kind}_event`] ?? {}
  return members.flatMap((member) => {
    const definition = refName(properties[member]?.$ref ?? '')
    const known = Object.keys(memberValidators).find((name) => name === definition)
    // Object.keys forgets the type of its keys.
    return member === 'flags' || known === undefined ? [] : [{ member, definition: known as MemberName }]
  })
}

const values = new Map<string, fc.Arbitrary<Json>>()

/** A value of a member. */
function valuesOf(definition: string): fc.Arbitrary<Json> {
  const known = values.get(definition) ?? newValuesOf(definition)
  values.set(definition, known)
  return known
}

/** The specimen, some members of it, or a value that breaks a constraint. */
function newValuesOf(definition: string): fc.Arbitrary<Json> {
  const schema: Schema = $defs[definition] ?? {}
  // A schema judges only JSON.
  const whole = specimenOf(schema, $defs) as Json
  const broken = violationsOf(schema, $defs).map(({ value }) => value as Json)
  const { properties, required = [] } = schema
  if (properties === undefined)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(whole) }, fc.constantFrom(...broken))
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  const parts = fc.subarray(optional).map((names): Json => {
    const kept = Object.entries(Object(whole)).filter(([name]) => required.includes(name) || names.includes(name))
    return JSON.parse(JSON.stringify(Object.fromEntries(kept)))
  })
  return fc.oneof({ weight: 9, arbitrary: parts }, fc.constantFrom(...broken))
}

/** Records made of parts, as an adapter and the core make them. */
const anyRecord: fc.Arbitrary<EventRecord> = fc.constantFrom(...KINDS).chain((kind) => {
  const { required = [] } = $defs[`${kind}_event`] ?? {}
  const slots = membersOf(kind).map(({ member, definition }) => {
    const value = valuesOf(definition).map((json) => ({ member, definition, json }))
    return required.includes(member) ? value : fc.option(value, { nil: undefined })
  })
  return fc.tuple(...slots).map((chosen) => {
    const record = new EventRecord(kind)
    for (const one of chosen) if (one !== undefined) record[one.member] = sealJson(one.definition, one.json)
    return record
  })
})

describe('a record', () => {
  it('is written as JSON.stringify writes its plain event', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(utf8(lineOf(record))).toBe(JSON.stringify(record.toJSON()))
      }),
      { numRuns: 500 },
    )
  })

  it('is valid as a whole when, and only when, each of its parts is', () => {
    const verdicts = new Set<boolean>()
    fc.assert(
      fc.property(anyRecord, (record) => {
        const isGood = faultOf(record) === undefined
        verdicts.add(isGood)
        expect(validateStrict(JSON.parse(utf8(lineOf(record)))), lineOf(record)).toBe(isGood)
      }),
      { numRuns: 2000 },
    )
    expect(verdicts.size).toBe(2)
  })

  it('has the members of the schema, in its order', () => {
    const names = new Set(shellNames({ ...root, $defs }).flatMap((name) => Object.keys($defs[name]?.properties ?? {})))
    expect(new Set(['v', 'kind', ...members])).toEqual(names)
  })

  it('differs from the one before when a part differs', () => {
    const name = seal('event_name', 'skb:kfree_skb')
    const curl = seal('process', { comm: 'curl' })
    const wget = seal('process', { comm: 'wget' })
    const lines = [curl, curl, curl, wget, curl, undefined, curl].map((process) => {
      const record = new EventRecord('trace')
      record.event_name = name
      record.process = process
      return JSON.parse(lineOf(record)).process?.comm
    })
    expect(lines).toEqual(['curl', 'curl', 'curl', 'wget', 'curl', undefined, 'curl'])
  })

  it('keeps its non-ASCII text as UTF-8 bytes', () => {
    const record = new EventRecord('trace')
    record.process = seal('process', { comm: 'grüße' })
    expect(lineOf(record)).toBe('{"v":1,"kind":"trace","process":{"comm":"gr\xc3\xbc\xc3\x9fe"}}')
  })

  it('of our own NDJSON keeps its line while nothing changes it', () => {
    const record = new EventRecord('trace')
    record.cpu = seal('cpu', 1)
    record.source = '{ "v": 1, "kind": "trace", "cpu": 1 }'
    expect(lineOf(record)).toBe('{ "v": 1, "kind": "trace", "cpu": 1 }')
  })
})

describe('the flags of a record', () => {
  it('are its own and those of its parts, each once', () => {
    const record = new EventRecord('drop')
    record.flags = ['incomplete']
    record.payload = seal('payload', 'x\ufffd', 'text_replaced')
    record.process = seal('process', { comm: '\ufffd' }, 'text_replaced')
    record.location = new Mould('location', { symbol: 'a', address: '0x1' }, ['address'], 'symbol_cut').fill('0x2')
    expect(flagsOf(record).toSorted()).toEqual(['incomplete', 'symbol_cut', 'text_replaced'])
    expect(JSON.parse(utf8(lineOf(record))).flags).toEqual(flagsOf(record))
  })

  it('are absent when there are none', () => {
    expect(lineOf(new EventRecord('trace'))).toBe('{"v":1,"kind":"trace"}')
  })
})
