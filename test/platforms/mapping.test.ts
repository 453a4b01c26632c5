// Every field of the published schema has its place in what each platform is told.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PLATFORMS, type Platform } from '../../src/platforms/platform.ts'
import { tracenorm } from '../cli/program.ts'
import { HOME } from '../io.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: unknown
  readonly not?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

const { properties, $defs }: { readonly properties: object; readonly $defs: Readonly<Record<string, Schema>> } =
  JSON.parse(readFileSync(new URL('schemas/event.v1.schema.json', HOME), 'utf8'))

/** The paths of all leaves, as the schema has them: `skb.len`, `stack.symbol`, `args`. */
function leavesOf(schema: Schema, path: string): readonly string[] {
  const { $ref, items, properties: inner = {}, additionalProperties } = schema
  if ($ref !== undefined) return leavesOf($defs[$ref.replace('#/$defs/', '')] ?? {}, path)
  if (items !== undefined) return leavesOf(items, path)
  if (schema.type !== 'object' || additionalProperties !== undefined) return [path]
  return Object.entries(inner).flatMap(([key, member]) =>
    member.not === undefined ? leavesOf(member, `${path}.${key}`) : [],
  )
}

const members = new Map(
  Object.entries($defs)
    .filter(([name]) => name.endsWith('_event'))
    .flatMap(([, shell]) => Object.entries(shell.properties ?? {})),
)
const LEAVES = [
  ...new Set([...Object.keys(properties), ...[...members].flatMap(([name, schema]) => leavesOf(schema, name))]),
].filter((path) => path !== '')

async function mapping(platform: Platform): Promise<string> {
  const { status, stdout } = await tracenorm(['schema', '--for', platform])
  expect(status).toBe(0)
  return stdout.toString()
}

/** What an index template says of a field. */
function inTemplate(template: string, path: string): unknown {
  let at: unknown = JSON.parse(template).template.mappings
  for (const key of path.split('.')) at = Object(Object(at).properties)[key]
  return at
}

/** The lines of CREATE TABLE, by column: `"v" BIGINT`. */
function columnsOf(script: string): ReadonlyMap<string, string> {
  const table = /CREATE TABLE [^(]*\(\n(.*?)\n\)/s.exec(script)?.[1] ?? ''
  return new Map([...table.matchAll(/^ {2}"(\w+)" (.*?),?$/gm)].map(([, name = '', type = '']) => [name, type]))
}

/** The type of a field in nested columns: what follows its name. */
function inColumns(columns: ReadonlyMap<string, string>, path: string): string | undefined {
  const [member = '', ...keys] = path.split('.')
  let type = columns.get(member)
  for (const key of keys) type = type?.split(`"${key}" `, 2)[1]
  return type
}

const HAS: Readonly<Record<Platform, (text: string, path: string) => unknown>> = {
  elasticsearch: inTemplate,
  opensearch: inTemplate,
  clickhouse: (text, path) => inColumns(columnsOf(text), path),
  duckdb: (text, path) => inColumns(columnsOf(text), path),
  postgres: (text, path) => {
    const columns = columnsOf(text)
    // A list is one column.
    const [member = ''] = path.split('.')
    return columns.get(path.replaceAll('.', '_')) ?? columns.get(member) ?? columns.get('metric_buckets')
  },
  splunk: (text, path) => !path.includes('.') || text.includes(` ASNEW ${path.replaceAll('.', '_')}\n`),
}

describe('schema --for', () => {
  it('is tested with every leaf of the schema', () => {
    expect(LEAVES.length).toBeGreaterThan(75)
    expect(LEAVES).toEqual(
      expect.arrayContaining(['v', 'ts', 'clock.ns', 'stack.inlined', 'metric.buckets.max', 'args']),
    )
  })

  it.each(PLATFORMS)('has a mapping of every field: %s', async (platform) => {
    const text = await mapping(platform)
    expect(LEAVES.filter((path) => !HAS[platform](text, path))).toEqual([])
  })

  it.each(['elasticsearch', 'opensearch'] as const)('guesses nothing, and refuses nothing: %s', async (platform) => {
    const text = await mapping(platform)
    expect(JSON.parse(text).template).toMatchObject({
      settings: { 'index.mapping.ignore_malformed': true },
      mappings: { dynamic: false },
    })
    expect(inTemplate(text, '@timestamp')).toEqual({ type: 'date_nanos' })
    expect(inTemplate(text, 'ts')).toEqual({ type: 'date_nanos' })
    expect(inTemplate(text, 'clock.ns')).toEqual({ type: 'unsigned_long' })
    expect(inTemplate(text, 'process.comm')).toEqual({ type: 'keyword', ignore_above: 8191 })
    for (const name of ['args', 'labels', 'sample'])
      expect(inTemplate(text, name)).toMatchObject({ type: platform === 'opensearch' ? 'flat_object' : 'flattened' })
  })

  it.each([
    ['clickhouse', "Nullable(DateTime64(9, 'UTC'))", 'Nullable(UInt64)'],
    ['duckdb', 'TIMESTAMP_NS', 'UBIGINT'],
    ['postgres', 'text COLLATE "C"', 'numeric(20)'],
  ] as const)('keeps nanoseconds and 64 bits: %s', async (platform, time, uint64) => {
    const columns = columnsOf(await mapping(platform))
    const ns = columns.get('clock_ns') ?? inColumns(columns, 'clock.ns')?.split(',')[0]
    expect([columns.get('ts'), ns]).toEqual([time, uint64])
  })

  it('finds a time in Splunk only where a line has ts, and no other key of that name', async () => {
    const text = await mapping('splunk')
    const prefix = new RegExp(/^TIME_PREFIX = (.*)$/m.exec(text)?.[1] ?? '$.')
    const line = '{"v":1,"kind":"trace","ts":"2026-11-23T12:38:57.337726000Z","event_name":"x"}'
    expect(line.replace(prefix, '')).toMatch(/^2026-11-23T12:38:57/)
    expect(prefix.test('{"v":1,"kind":"trace","event_name":"x","args":{"ts":"1"}}')).toBe(false)
    const host = new RegExp(/^REGEX = (.*)$/m.exec(text)?.[1] ?? '$.')
    const named = '{"v":1,"kind":"drop","clock":{"id":"perf","ns":"1"},"host":{"name":"web-7"},"event_name":"x"}'
    expect(host.exec(named)?.[1]).toBe('web-7')
  })

  it('is of events alone', async () => {
    const { status, stderr } = await tracenorm(['schema', '--for', 'duckdb', '--of', 'report'])
    expect([status, stderr]).toEqual([2, 'tracenorm: --for duckdb is for events; leave out --of\n'])
  })
})
