import { describe, expect, it } from 'vitest'
import { type Schema, selfContained } from '../../scripts/generate/schema.ts'
import type { Quarantine } from '../../src/event/generated/quarantine-types.ts'
import type { Report, Totals } from '../../src/event/generated/report-types.ts'
import { validateDeadLetter } from '../../src/event/generated/validate-dead-letter.ts'
import { validateManifest } from '../../src/event/generated/validate-manifest.ts'
import { validateQuarantine } from '../../src/event/generated/validate-quarantine.ts'
import { validateReport } from '../../src/event/generated/validate-report.ts'
import { schemaOf, specimenOf, strangersOf, violationsOf } from './violations.ts'

describe.each([
  ['report', validateReport],
  ['quarantine', validateQuarantine],
  ['manifest', validateManifest],
  ['dead-letter', validateDeadLetter],
] as const)('the schema of the %s', (name, validate) => {
  const schema = selfContained(schemaOf<Schema>(name), schemaOf)
  const { $defs = {} } = schema

  it('accepts its examples', () => {
    for (const example of schema.examples ?? []) expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
  })

  it('refuses what breaks a constraint, and says where', () => {
    expect(validate(specimenOf(schema, $defs)), JSON.stringify(validate.errors)).toBe(true)
    for (const { path, keyword, value } of violationsOf(schema, $defs)) {
      expect(validate(value), `${path} ${keyword}`).toBe(false)
      const errors = validate.errors?.map((error) => `${error.instancePath} ${error.keyword}`)
      expect(errors).toContain(`${path} ${keyword}`)
    }
  })

  it('is open', () => {
    for (const { path, value } of strangersOf(schema, $defs)) expect(validate(value), path).toBe(true)
  })
})

describe('the example of a report', () => {
  const [report] = examplesOf<Report>('report')

  it('has books that balance', () => {
    for (const { bytes, units, records } of [...report.inputs, report.totals]) {
      expect(sum(Object.values(units).map((tally) => tally.bytes))).toBe(bytes)
      expect(records.written + sum(Object.values(records.left_out))).toBe(records.made)
    }
  })

  it('has totals that are the sums over its inputs', () => {
    const added = (count: (of: Totals) => number) => sum(report.inputs.map(count))
    const { totals } = report
    expect(totals.bytes).toBe(added(({ bytes }) => bytes))
    expect(totals.units.message.units).toBe(added(({ units }) => units.message.units))
    expect(totals.records.made).toBe(added(({ records }) => records.made))
    expect(totals.dropped).toBe(added(({ dropped }) => dropped))
    expect(totals.foreign).toBe(added(({ foreign }) => foreign))
  })

  it('has all counts of each input', () => {
    const promised = ['units', 'records', 'undecoded', 'foreign', 'ambiguous', 'readers', 'codes_left', 'conflicts']
    for (const input of report.inputs)
      expect(Object.keys(input)).toEqual(expect.arrayContaining([...promised, 'hints']))
  })
})

describe('a line of a quarantine file', () => {
  const [entry] = examplesOf<Quarantine>('quarantine')

  it('has as many bytes as it says, in the examples', () => {
    for (const { base64, length } of examplesOf<Quarantine>('quarantine'))
      expect(Buffer.from(base64, 'base64')).toHaveLength(length)
  })

  it.each([
    ['no bytes', 0, true],
    ['one byte', 1, true],
    ['64 KiB', 65536, true],
    ['three bytes more', 65539, false],
  ])('of %s: accepted or refused by its base64', (_, length, accepted) => {
    expect(validateQuarantine({ ...entry, base64: Buffer.alloc(length, 0xfb).toString('base64') })).toBe(accepted)
  })

  it.each(['Y', 'YQ', 'YQ=', 'YQ==YQ==', 'Y Q=', 'YQ==\n', 'Y-_='])('refuses %j as base64', (base64) => {
    expect(validateQuarantine({ ...entry, base64 })).toBe(false)
  })
})

/** The examples were accepted by the validator that was made from the same schema as their type. */
function examplesOf<T>(name: string): readonly [T, ...T[]] {
  return JSON.parse(JSON.stringify(schemaOf<Schema>(name).examples))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
