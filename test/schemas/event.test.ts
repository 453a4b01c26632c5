import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EventSchema, memberNames, refName, type Schema, shellNames } from '../../scripts/generate/schema.ts'
import type { MemberName } from '../../src/event/generated/types.ts'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { memberValidators, type Validate, validateStrict } from '../../src/event/generated/validators.ts'
import { schemaOf, specimenOf, strangersOf, violationsOf } from './violations.ts'

const schema = schemaOf<EventSchema>('event')
const { $defs } = schema
const shells = shellNames(schema)
const members = memberNames(schema)

type Event = Readonly<Record<string, unknown>>

/** A record of a kind with every member that it can have. */
function fullRecord(shell: string): Event {
  return Object.fromEntries(Object.entries(specimenOf($defs[shell] ?? {}, $defs) ?? {}))
}

/** The place and the keyword of the first error; undefined when the validator accepts the value. */
function complaint(validate: Validate, value: unknown): string | undefined {
  if (validate(value)) return undefined
  const [first] = validate.errors ?? []
  return `${first?.instancePath} ${first?.keyword}`
}

function errorsOf(validate: Validate): readonly string[] {
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

describe('a record', () => {
  it.each(schema.examples ?? [])('of the schema is valid, open and strict: %j', (example) => {
    expect(complaint(validateEvent, example)).toBeUndefined()
    expect(complaint(validateStrict, example)).toBeUndefined()
  })

  it('of every kind is among the examples, and one of every tool', () => {
    const examples = (schema.examples ?? []).map((example) => JSON.parse(JSON.stringify(example)))
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(schema.properties?.kind?.enum))
    const dropTools = examples.filter(({ kind }) => kind === 'drop').map(({ capture }) => capture.tool)
    expect(new Set(dropTools)).toEqual(new Set(['perf', 'bpftrace', 'dropwatch']))
  })

  it.each(shells)('may have every member that its shell names: %s', (shell) => {
    expect(complaint(validateEvent, fullRecord(shell))).toBeUndefined()
    expect(complaint(validateStrict, fullRecord(shell))).toBeUndefined()
  })

  it.each(shells)('is refused at the place where it breaks a constraint: %s', (shell) => {
    const violations = violationsOf($defs[shell] ?? {}, $defs)
    expect(violations.length).toBeGreaterThan(150)
    for (const { path, keyword, value } of violations) {
      // The kind chooses the shell, so an unknown kind is refused by the list of kinds.
      const expected = `${path} ${path === '/kind' ? 'enum' : keyword}`
      for (const validate of [validateEvent, validateStrict]) {
        expect(validate(value), expected).toBe(false)
        expect(errorsOf(validate)).toContain(expected)
      }
    }
  })

  it.each(shells)('with a member that the schema does not name passes, but not the strict variant: %s', (shell) => {
    const strangers = strangersOf($defs[shell] ?? {}, $defs)
    expect(strangers.map(({ path }) => path)).toContain('/stack/0')
    for (const { path, value } of strangers) {
      expect(complaint(validateEvent, value), path).toBeUndefined()
      expect(complaint(validateStrict, value), path).toBe(`${path} additionalProperties`)
    }
  })

  it('may have anything in args, labels and sample, also by the strict variant', () => {
    const record = { ...fullRecord('trace_event'), args: { unheard_of: true }, labels: { unheard_of: '' } }
    const sample = { unheard_of: { a: 1 }, more: 'x', bits: 7 }
    expect(complaint(validateStrict, { ...record, sample })).toBeUndefined()
  })

  it.each([
    ['no object', '', [' type']],
    ['null', null, [' type']],
    ['empty', {}, [' required']],
    ['without kind', { v: 1 }, [' required']],
    ['of no kind', { v: 1, kind: 'bogus' }, ['/kind enum']],
    ['of another major version', { ...fullRecord('drop_event'), v: 2 }, ['/v const']],
    ['a drop that drops nothing', { v: 1, kind: 'drop', capture: { path: '-', line: 1 } }, [' required']],
    ['a trace that counts drops', { ...fullRecord('trace_event'), drop: { count: 1 } }, ['/drop/count not']],
    ['a metric that counts drops', { ...fullRecord('metric_event'), drop: { count: 1 } }, ['/drop/count not']],
  ])('is refused at its place when it is %s', (_, record, [expected]) => {
    expect(complaint(validateEvent, record)).toBe(expected)
  })
})

describe('a leaf', () => {
  it.each<[MemberName, unknown]>([
    ['ts', '0000-01-01T00:00:00.000000000Z'],
    ['ts', '9999-12-31T23:59:59.999999999Z'],
    ['clock', { id: 'unknown', local: '2023-02-23T18:03:36' }],
    ['clock', { id: 'realtime', local: '2016-12-31T23:59:60.5', zone: '+05:45' }],
    ['clock', { id: 'boottime', ns: '18446744073709551615' }],
    ['process', { comm: '', tid: -1 }],
    ['process', { comm: ' a\n[002] 1.5: ' }],
    ['skb', { addr: '0x00000000ad21f352', rx_sk: '0x0' }],
    ['drop', { count: 0 }],
    ['drop', { count: 3, reason: 'X', subsystem: '80211', decoded_by: 'kernel:5.14.0-503.el9_5.x86_64' }],
    ['drop', { count: 1, code: 4294967295 }],
    ['metric', { name: '@', type: 'value', text: '', keys: [''] }],
    ['metric', { name: '@x', type: 'hist', buckets: [{ count: 1, max: -1 }] }],
    ['message', ''],
    ['args', { _: '', a1: false, b: -9007199254740991 }],
    ['flags', []],
    ['capture', { path: 'a b/ü.txt', line: 1 }],
    ['capture', { path: 'a.data', offset: 0, length: 5 }],
  ])('of %s may be %j', (name, value) => {
    expect(complaint(memberValidators[name], value)).toBeUndefined()
  })

  it.each<[MemberName, unknown]>([
    ['ts', '2023-02-23T18:03:36.370138Z'],
    ['ts', '2023-02-23T18:03:36.370138884+00:00'],
    ['ts', '2023-02-23T24:00:00.000000000Z'],
    ['ts', '2023-02-23T18:03:36.370138884Z\n'],
    ['clock', { id: 'monotonic', ns: '007' }],
    ['clock', { id: 'monotonic', ns: '-1' }],
    ['clock', { id: 'monotonic', ns: 5 }],
    ['clock', { id: 'unknown', local: '2023-02-23 18:03:36' }],
    ['clock', { id: 'monotonic', resolution_ns: 1 }],
    ['process', { comm: 'a\u0000b' }],
    ['process', { comm: null }],
    ['skb', { addr: '0xFFFF' }],
    ['skb', { addr: '0x' }],
    ['skb', { addr: 'ffff888' }],
    ['skb', { addr: '0x10000000000000000' }],
    ['skb', { len: 1.5 }],
    ['drop', { count: 1, reason: '' }],
    ['drop', { count: 1, reason: 'no_socket' }],
    ['drop', { count: 1, decoded_by: 'kernel:' }],
    ['drop', { count: '1' }],
    ['event_name', ''],
    ['payload', ''],
    ['args', { '1a': 1 }],
    ['args', { ['a'.repeat(65)]: 1 }],
    ['args', { a: 1.5 }],
    ['args', { a: 9007199254740992 }],
    ['args', { a: [] }],
    ['flags', ['truncated', 'truncated']],
    ['flags', ['no-word']],
    ['capture', { path: '-', line: 0 }],
    ['capture', { path: '-' }],
    ['capture', { path: '-', offset: 0 }],
  ])('of %s may not be %j', (name, value) => {
    expect(complaint(memberValidators[name], value)).toBeDefined()
  })
})

// A record is valid when its parts are: each part is judged when it is made (src/event/part.ts).
describe('members are judged one by one', () => {
  const OF_MEMBERS = ['type', 'pattern', 'enum', 'minimum', 'maximum', 'properties', 'required', 'additionalProperties']
  OF_MEMBERS.push(
    'propertyNames',
    'maxProperties',
    'items',
    'uniqueItems',
    'not',
    'if',
    'else',
    '$ref',
    'description',
    'examples',
  )

  function subschemas(schema: Schema): readonly Schema[] {
    const { properties = {}, items, additionalProperties, propertyNames, not, if: condition, else: other } = schema
    const inner = [...Object.values(properties), items, additionalProperties, propertyNames, not, condition, other]
    return [schema, ...inner.flatMap((one) => (typeof one === 'object' ? subschemas(one) : []))]
  }

  it.each([...members, 'frame'])('%s has no keyword that looks beyond it', (name) => {
    for (const subschema of subschemas($defs[name] ?? {})) {
      expect(OF_MEMBERS).toEqual(expect.arrayContaining(Object.keys(subschema)))
      if (subschema.$ref !== undefined) expect(subschema.$ref).toBe('#/$defs/frame')
      // `not` only says that a member must be absent.
      expect(subschema.not ?? {}).toEqual({})
    }
  })

  it.each(shells)('%s names members and says which must be there, no more', (name) => {
    const { properties = {}, ...rest } = $defs[name] ?? {}
    expect(Object.keys(rest).sort()).toEqual(['description', 'required', 'type'])
    const { v, kind, ...others } = properties
    expect([v, kind]).toEqual([{ const: 1 }, { const: name.replace('_event', '') }])
    for (const [key, member] of Object.entries(others)) {
      const definition = key === 'drop' && name !== 'drop_event' ? 'drop_context' : key
      expect(member).toEqual({ $ref: `#/$defs/${definition}` })
    }
  })

  it('the root chooses the shell by kind, no more', () => {
    const { properties, allOf, ...rest } = JSON.parse(JSON.stringify(schema))
    expect(Object.keys(rest)).toEqual(
      expect.arrayContaining(['$schema', '$id', 'title', 'description', 'type', 'required', 'examples', '$defs']),
    )
    expect(Object.keys(rest)).toHaveLength(8)
    expect(Object.keys(properties)).toEqual(['v', 'kind'])
    expect(allOf).toEqual(
      shells.map((shell) => ({
        if: { properties: { kind: { const: shell.replace('_event', '') } }, required: ['kind'] },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema's word.
        then: { $ref: `#/$defs/${shell}` },
      })),
    )
  })

  /**
   * The verdict on the parts of a record: each member by its own validator, and whether the required ones are there.
   */
  function partsVerdict(record: Event): boolean {
    const { properties = {}, required = [] } = $defs[`${String(record.kind)}_event`] ?? {}
    return (
      required.every((name) => Object.hasOwn(record, name)) &&
      Object.entries(record).every(([name, value]) => {
        const { const: fixed, $ref = '' } = properties[name] ?? {}
        if (fixed !== undefined) return value === fixed
        const validate = Object.entries(memberValidators).find(([definition]) => definition === refName($ref))?.[1]
        return validate?.(value) ?? false
      })
    )
  }

  const values = members.flatMap((name) => [
    specimenOf($defs[name] ?? {}, $defs),
    ...violationsOf($defs[name] ?? {}, $defs).map(({ value }) => value),
    ...strangersOf($defs[name] ?? {}, $defs).map(({ value }) => value),
  ])
  const names = [...Object.keys(fullRecord('drop_event')), 'metric', 'loss', 'message', 'level', 'unheard_of']
  const mutatedRecord = fc
    .record({
      shell: fc.constantFrom(...shells),
      without: fc.subarray(names, { maxLength: 3 }),
      changes: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), { maxLength: 2 }),
    })
    .map(({ shell, without, changes }): Event => {
      const kept = Object.entries(fullRecord(shell)).filter(([name]) => !without.includes(name))
      return Object.fromEntries([...kept, ...changes])
    })

  it('and the verdict on the parts is the verdict on the whole', () => {
    const verdicts = new Set<boolean>()
    fc.assert(
      fc.property(mutatedRecord, (record) => {
        const verdict = partsVerdict(record)
        verdicts.add(verdict)
        expect(validateStrict(record), JSON.stringify(record)).toBe(verdict)
      }),
      { numRuns: 5000 },
    )
    expect(verdicts.size).toBe(2)
  })
})

describe('the records of the fixtures', () => {
  const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url))
  const files = existsSync(fixtures)
    ? readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('records.ndjson'))
    : []

  it('are valid', () => {
    for (const file of files) {
      const lines = readFileSync(join(fixtures, file), 'utf8').split('\n')
      for (const [index, line] of lines.entries()) {
        // Records of our own NDJSON may have members of a later version.
        const validate = file.startsWith('tracenorm/') ? validateEvent : validateStrict
        if (line !== '') expect(complaint(validate, JSON.parse(line)), `${file}:${index + 1}`).toBeUndefined()
      }
    }
  })
})
