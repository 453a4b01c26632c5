// Another implementation of JSON Schema says the same of our records as the validators that ajv made.
import { type Schema as AnySchema, Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import type { EventSchema } from '../../scripts/generate/schema.ts'
import { strictVariant } from '../../scripts/generate/validators.ts'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { openConverter, readCases } from '../kit/harness.ts'
import { type Random, randomOf } from '../kit/random.ts'
import { someCaptures } from '../kit/real-captures.ts'
import { schemaOf } from './violations.ts'

const schema = schemaOf<EventSchema>('event')
const theirs = { open: validatorOf(schema), strict: validatorOf(strictVariant(schema)) }
const MUTATIONS = 4

/** Once each record that differs in more than its numbers. */
const seen = new Set<string>()

/** Verdicts, of both extents. */
const said = new Set<string>()

function agree(record: unknown): void {
  const ours = { open: validateEvent(record), strict: validateStrict(record) }
  expect(ours, JSON.stringify(record)).toEqual({
    open: theirs.open.validate(record).valid,
    strict: theirs.strict.validate(record).valid,
  })
  said.add(JSON.stringify(ours))
}

function check(ndjson: string, random: Random): void {
  for (const line of Buffer.from(ndjson, 'latin1').toString('utf8').split('\n').slice(0, -1)) {
    const shape = line.replaceAll(/\d+|0x[0-9a-f]+/g, '0')
    if (seen.has(shape)) continue
    seen.add(shape)
    agree(JSON.parse(line))
    for (let mutation = 0; mutation < MUTATIONS; mutation++) agree(mutated(JSON.parse(line), random))
  }
}

/** It writes into its schema. */
function validatorOf(own: EventSchema): Validator {
  const copy: AnySchema = JSON.parse(JSON.stringify(own))
  return new Validator(copy, '2020-12')
}

describe('an independent validator agrees', () => {
  it.each(readCases())('on the records of $name, and on what is made of them', async ({ args, folder, input }) => {
    check((await (await openConverter(args, folder)).convert(input)).ndjson, randomOf(input.length))
  })

  it.each(someCaptures(60, 8192))('on those of the capture $name', async ({ args, folder, input }) => {
    check((await (await openConverter(args, folder)).convert(input)).ndjson, randomOf(input.length))
  })

  it('where each answer was given', () => {
    expect(said.size).toBe(3)
  })
})

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  2 ** 70,
  '',
  'x',
  '0x0',
  '0X1',
  [],
  {},
  ['a', 'a'],
  { x: 1 },
  'a\0b',
]
const KEYS = ['x', 'v', 'kind', 'count', 'ns', '__proto__x', '1', 'reason']

/** The record with one member, at any depth, taken away, replaced or added. */
function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || (random.below(3) === 0 && Object.keys(value).length > 0)) {
    return typeof value === 'object' && value !== null ? changed(value, random) : VALUES[random.below(VALUES.length)]
  }
  const keys = Object.keys(value)
  const key = keys[random.below(keys.length)]
  if (key === undefined) return changed(value, random)
  const inner = mutated(Object.entries(value).find(([name]) => name === key)?.[1], random)
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner }
}

function changed(value: object, random: Random): unknown {
  const entries = Object.entries(value)
  const at = random.below(entries.length + 1)
  const stranger = [KEYS[random.below(KEYS.length)] ?? 'x', VALUES[random.below(VALUES.length)]] as const
  if (Array.isArray(value)) return random.below(2) === 0 ? value.toSpliced(at, 1) : value.toSpliced(at, 0, stranger[1])
  if (random.below(2) === 0) return Object.fromEntries(entries.toSpliced(at, 1))
  return Object.fromEntries([...entries, stranger])
}
