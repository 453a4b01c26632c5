// Every record comes back from every envelope as it was sent. Judges: strict.ts, and the generated protobuf code of
// OpenTelemetry for JavaScript, the last version that has it.
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { ENVELOPES, type EnvelopeName } from '../../src/envelopes/envelope.ts'
import { openConverter, readCases } from '../kit/harness.ts'
import { someCaptures } from '../kit/real-captures.ts'
import { arrivedIn, type Sent, senders } from './sent.ts'
import type { Members } from './strict.ts'

const LIMITS = { bytes: 1024 * 1024, records: 100 }

interface Source {
  readonly name: string
  readonly folder: string
  readonly input: Uint8Array
  readonly args: readonly string[]
}

async function sentOf({ input, args, folder }: Source): Promise<Sent> {
  const { sink, finish } = senders(LIMITS)
  const converter = await openConverter([...args, '--kind=all'], folder, { openSink: () => sink })
  await converter.convert(input)
  return finish()
}

/** Loki sorts by time within a stream; the order of members has no meaning. */
function inAnyOrder(events: readonly Members[]): readonly string[] {
  return events.map((event) => JSON.stringify(event, sorted)).toSorted()
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

interface Dropped {
  readonly kind?: unknown
  readonly drop?: { readonly count?: number }
}

function packetsIn(events: readonly Dropped[]): number {
  return events.reduce((sum, { kind, drop }) => sum + (kind === 'drop' ? (drop?.count ?? 0) : 0), 0)
}

function check({ events, bodies }: Sent): void {
  for (const name of ENVELOPES) {
    const arrived = arrivedIn(name, bodies.get(name) ?? [])
    const back = arrived.map(({ event }) => event)
    expect([name, packetsIn(back)]).toEqual([name, packetsIn(events)])
    expect(inAnyOrder(back)).toEqual(inAnyOrder(events))
    for (const { event, ns, tsSource } of arrived) {
      expect(tsSource === 'ts').toBe(event.ts !== undefined)
      if (typeof event.ts === 'string') expect(ns).toBe(nanosecondsIn(event.ts))
    }
  }
  for (const body of bodies.get('otlp') ?? []) expect(throughProtobuf(body)).toEqual(JSON.parse(body))
}

/** Written anew here: the encoders join digits. */
function nanosecondsIn(ts: string): bigint {
  return BigInt(Date.parse(`${ts.slice(0, 19)}Z`)) * 1_000_000n + BigInt(ts.slice(20, 29))
}

interface Message {
  fromObject(object: unknown): unknown
  encode(message: unknown): { finish(): Uint8Array }
  decode(bytes: Uint8Array): unknown
  toObject(message: unknown, options: { readonly longs: unknown }): unknown
}

const { opentelemetry }: { readonly opentelemetry: Generated } = createRequire(import.meta.url)(
  '@opentelemetry/otlp-transformer/build/src/generated/root.js',
)

interface Generated {
  readonly proto: {
    readonly collector: { readonly logs: { readonly v1: { readonly ExportLogsServiceRequest: Message } } }
  }
}

/** JSON → message → bytes → message → JSON. A member that protobuf does not know is lost on the way. */
function throughProtobuf(body: string): unknown {
  const { ExportLogsServiceRequest: request } = opentelemetry.proto.collector.logs.v1
  const bytes = request.encode(request.fromObject(JSON.parse(body))).finish()
  return request.toObject(request.decode(bytes), { longs: String })
}

describe('through every envelope and back', () => {
  it('come the records of every fixture', { timeout: 60_000 }, async () => {
    let records = 0
    for (const source of readCases()) {
      const sent = await sentOf(source)
      records += sent.events.length
      check(sent)
    }
    expect(records).toBeGreaterThan(1000)
  })

  // TRACENORM_ROUNDS=100000 takes every capture whole.
  const rounds = Number(process.env.TRACENORM_ROUNDS ?? 40)
  const captures = someCaptures(rounds, rounds > 1000 ? 2 ** 30 : 100_000)

  it.skipIf(captures.length === 0)('come the records of real captures', { timeout: 3_600_000 }, async () => {
    const counts = { records: 0, packets: 0 }
    for (const source of captures) {
      const sent = await sentOf(source)
      counts.records += sent.events.length
      counts.packets += packetsIn(sent.events)
      check(sent)
    }
    if (rounds > 1000) console.log(captures.length, counts)
    expect(counts.records).toBeGreaterThan(0)
  })
})

it('finds a misspelt member and a rounded time in OTLP, so that the judge is one', () => {
  const ofRecord = (record: object): string =>
    JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [record] }] }] })
  for (const record of [
    { timeUnixNanos: '1' },
    { timeUnixNano: 1_760_000_000_123_456_800 },
    { severityNumber: 'INFO' },
  ])
    expect(throughProtobuf(ofRecord(record))).not.toEqual(JSON.parse(ofRecord(record)))
})

it('names every envelope', () => {
  expect<readonly EnvelopeName[]>(ENVELOPES).toEqual(['es-bulk', 'loki', 'hec', 'otlp'])
})
