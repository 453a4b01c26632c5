import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { columnsModule } from '../../scripts/generate/columns.ts'
import { registryModule } from '../../scripts/generate/registry.ts'
import { type EventSchema, propertiesOf, resolved, type Schema } from '../../scripts/generate/schema.ts'
import type * as contract from '../../src/contract.ts'
import { columns, knownFlags, memberOrder } from '../../src/event/generated/columns.ts'
import { members } from '../../src/event/generated/members.ts'
import type { Clock, Level, Stream } from '../../src/event/generated/types.ts'

import { type ClockId, type FlagWord, KINDS } from '../../src/event/words.ts'
import { schemaOf } from './violations.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const event = schemaOf<EventSchema>('event')

function generate(...flags: readonly string[]): void {
  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts/generate.ts'), ...flags], { cwd: root })
}

/** A copy of the event schema, changed as plain JSON. */
function edited(change: (schema: EventSchema & { $defs: Record<string, Schema> }) => void): EventSchema {
  const copy = schemaOf<EventSchema & { $defs: Record<string, Schema> }>('event')
  change(copy)
  return copy
}

describe('what npm run generate writes', () => {
  const out = mkdtempSync(join(tmpdir(), 'tracenorm-generate-'))
  const read = (path: string): string => readFileSync(join(out, path), 'utf8')

  beforeAll(() => generate('--out', out))
  afterAll(() => rmSync(out, { recursive: true }))

  it('docs/event-format.md is what the schema says (else: npm run generate)', () => {
    expect(readFileSync(join(root, 'docs/event-format.md'), 'utf8')).toBe(read('docs/event-format.md'))
  })

  it('the validators need nothing at run time', () => {
    const files = readdirSync(join(out, 'src/event/generated')).filter((file) => file.endsWith('.js'))
    expect(files).toEqual(expect.arrayContaining(['event-validator.js', 'event-validators.js', 'report-validator.js']))
    for (const file of files) expect(read(`src/event/generated/${file}`)).not.toMatch(/\brequire\(|\bimport\b/)
  })

  it('the registry has a line for every adapter in adapters/', () => {
    const folders = readdirSync(join(root, 'adapters')).filter((name) =>
      existsSync(join(root, 'adapters', name, 'adapter.ts')),
    )
    const imported = [
      ...read('adapters/registry.ts').matchAll(/^import \{ adapter as (\w+) \} from '\.\/(\w+)\/adapter/gm),
    ]
    expect(imported.map(([, name, folder]) => [name, folder])).toEqual(folders.toSorted().map((name) => [name, name]))
  })
})

describe('the registry', () => {
  it('of no adapters is empty', () => {
    expect(registryModule([])).toContain('adapters: readonly Adapter[] = []')
  })

  it('names adapters in the same order on every machine', () => {
    expect(registryModule(['perf', 'bpftrace'])).toBe(registryModule(['bpftrace', 'perf']))
  })

  it('refuses a folder whose name cannot be a word of --from', () => {
    expect(() => registryModule(['trace-cmd'])).toThrow('adapters/trace-cmd')
  })
})

describe('with the schema edited and the tool rebuilt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracenorm-edited-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('the new constraint holds: no NETFILTER_DROP', async () => {
    const schemas = join(folder, 'schemas')
    cpSync(join(root, 'schemas'), schemas, { recursive: true })
    const text = readFileSync(join(schemas, 'event.v1.schema.json'), 'utf8')
    writeFileSync(
      join(schemas, 'event.v1.schema.json'),
      text.replaceAll('"^[A-Z][A-Z0-9_]{0,127}$"', '"^(?!NETFILTER_DROP$)[A-Z][A-Z0-9_]{0,127}$"'),
    )
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    generate('--schemas', schemas, '--out', folder)
    const made = await import(pathToFileURL(join(folder, 'src/event/generated/event-validators.js')).href)
    expect(made.member_drop({ count: 1, reason: 'NO_SOCKET' })).toBe(true)
    expect(made.member_drop({ count: 1, reason: 'NETFILTER_DROP' })).toBe(false)
    expect(made.member_drop_context({ reason: 'NETFILTER_DROP' })).toBe(false)
  })
})

describe('the published schemas', () => {
  const NAMES = ['event', 'report', 'quarantine', 'dead-letter'] as const

  it.each(NAMES)('%s is plain JSON Schema 2020-12, as a strict compiler takes it', (name) => {
    const schema = schemaOf<Schema>(name)
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
    for (const example of schema.examples ?? []) expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
  })

  it.each(NAMES)('%s describes every member and gives an example of every leaf, a valid one', (name) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
    const { $defs = {}, ...whole } = schemaOf<Schema>(name)
    const check = (path: string, schema: Schema): void => {
      expect(resolved(schema, $defs).description, path).toMatch(/\.$/)
      const isLeaf = resolved(schema, $defs).type !== 'array' && resolved(schema, $defs).type !== 'object'
      if (isLeaf) expect(schema.examples?.length, path).toBeGreaterThan(0)
      const validate = ajv.compile({ ...schema, $defs })
      for (const example of schema.examples ?? []) expect(validate(example), `${path}: ${String(example)}`).toBe(true)
      for (const [member, property] of propertiesOf(schema)) check(`${path}/${member}`, property)
      if (schema.items?.properties !== undefined) check(`${path}[]`, schema.items)
    }
    for (const [definition, schema] of Object.entries($defs)) {
      // Shells only name members, which are definitions of their own.
      if (!definition.endsWith('_event')) check(definition, schema)
    }
    for (const [member, property] of propertiesOf(whole)) check(member, property)
  })
})

describe('the order of members', () => {
  const ORDER =
    'v kind ts clock host labels event_name cpu process skb location drop device stack sample metric loss message level stream args payload flags capture id'

  it('is that of the event format, in the schema, in a line, and in every shell', () => {
    expect(memberOrder).toEqual(ORDER.split(' '))
    expect(['v', 'kind', ...members]).toEqual(ORDER.split(' '))
    for (const [name, { properties = {} }] of Object.entries(event.$defs)) {
      if (!name.endsWith('_event')) continue
      const ranks = Object.keys(properties).map((member) => memberOrder.indexOf(member))
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    }
  })
})

describe('the columns', () => {
  // As published with version 1. Members that come later are appended: never change a name or its place here.
  const PUBLISHED =
    'v kind ts clock.id clock.ns clock.local clock.zone clock.resolution_ns host.name host.kernel labels event_name cpu ' +
    'process.comm process.pid process.tid skb.addr skb.protocol skb.protocol_name skb.len skb.orig_len skb.rx_sk ' +
    'location.symbol location.offset location.size location.address location.module drop.count drop.reason drop.code ' +
    'drop.subsystem drop.origin drop.decoded_by drop.trap drop.trap_group drop.cookie device.ifindex device.name ' +
    'device.netns stack sample metric.name metric.keys metric.type metric.value metric.value_exact metric.text ' +
    'metric.buckets metric.count metric.total metric.average loss.count loss.unit loss.cause loss.origin loss.mode ' +
    'message level stream args payload flags capture.tool capture.format capture.path capture.line capture.offset ' +
    'capture.length capture.raw id'

  it('begin with those that were published first', () => {
    expect(columns.map(({ name }) => name).slice(0, PUBLISHED.split(' ').length)).toEqual(PUBLISHED.split(' '))
  })

  it.each([
    ['v', 'integer'],
    ['kind', 'string'],
    ['clock.id', 'string'],
    ['clock.resolution_ns', 'integer'],
    ['cpu', 'integer'],
    ['drop.origin', 'string'],
    ['metric.value', 'number'],
    ['metric.keys', 'json'],
    ['metric.buckets', 'json'],
    ['labels', 'json'],
    ['stack', 'json'],
    ['sample', 'json'],
    ['args', 'json'],
    ['flags', 'json'],
  ])('%s is %s', (name, type) => {
    expect(columns.find((column) => column.name === name)?.type).toBe(type)
  })

  it('must be listed in the schema for every leaf', () => {
    const more = edited(({ $defs }) => {
      $defs.skb = { ...$defs.skb, properties: { ...$defs.skb?.properties, queue: { type: 'integer' } } }
    })
    expect(() => columnsModule(more)).toThrow('skb.queue')
  })

  it.each([
    ['of no leaf', (names: readonly unknown[]) => [...names, 'skb.queue']],
    ['of a leaf twice', (names: readonly unknown[]) => [...names, 'cpu']],
    ['of a leaf in the place of another', (names: readonly unknown[]) => [...names.slice(0, -1), 'cpu']],
  ])('must not be listed %s', (_, change) => {
    const wrong = edited(({ $defs }) => {
      $defs.column = { ...$defs.column, enum: change($defs.column?.enum ?? []) }
    })
    expect(() => columnsModule(wrong)).toThrow('$defs.column')
  })
})

describe('the words of the code', () => {
  it('are those of the schema', () => {
    expect(KINDS).toEqual(event.properties?.kind?.enum)
    // Types: these lines do not compile when a word is missing on one side.
    const flagsOfCode: readonly FlagWord[] = knownFlags
    const flagsOfSchema: readonly (typeof knownFlags)[number][] = flagsOfCode
    const clock: ClockId extends Clock['id'] ? (Clock['id'] extends ClockId ? true : never) : never = true
    const level: Level extends contract.Level ? true : never = true
    const stream: Stream extends contract.Stream ? true : never = true
    expect([flagsOfSchema.length, clock, level, stream]).toEqual([11, true, true, true])
  })
})
