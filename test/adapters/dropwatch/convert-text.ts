import { adapter } from '../../../adapters/dropwatch/adapter.ts'
import type { Adapter, Reject } from '../../../src/contract.ts'
import { imbalance } from '../../../src/read/ledger.ts'
import { convertInput } from '../../../src/run/convert-input.ts'
import { openKnowledge } from '../../../src/run/knowledge.ts'
import type { InputOutcome } from '../../../src/run/outcome.ts'
import { timekeeper } from '../../../src/time/clock.ts'
import { zoneOf } from '../../../src/time/zone.ts'
import { NO_STDIN } from '../../io.ts'
import { sinkTo } from '../../kit/sink.ts'

/** An event as it left, in the members that these tests look at. */
export interface Event {
  readonly kind: string
  readonly ts?: string
  readonly clock?: { readonly id: string; readonly ns?: string; readonly local?: string; readonly zone?: string }
  readonly skb?: {
    readonly protocol?: number
    readonly protocol_name?: string
    readonly len?: number
    readonly orig_len?: number
  }
  readonly location?: {
    readonly symbol?: string
    readonly offset?: number
    readonly size?: number
    readonly address?: string
    readonly module?: string
  }
  readonly drop?: {
    readonly count: number
    readonly reason?: string
    readonly subsystem?: string
    readonly origin?: string
    readonly decoded_by?: string
    readonly trap?: string
    readonly trap_group?: string
    readonly cookie?: string
  }
  readonly device?: { readonly ifindex?: number; readonly name?: string; readonly netns?: number }
  readonly loss?: {
    readonly count?: number
    readonly unit: string
    readonly cause: string
    readonly origin?: string
    readonly mode: string
  }
  readonly message?: string
  readonly level?: string
  readonly stream?: string
  readonly payload?: string
  readonly flags?: readonly string[]
  readonly capture: { readonly tool: string; readonly format: string; readonly line: number; readonly raw?: string }
}

export interface Rejection {
  readonly line: number
  readonly word: Reject['word']
  readonly column: number
  /** latin1. */
  readonly bytes: string
}

export interface Converted {
  readonly events: readonly Event[]
  readonly drops: readonly Event[]
  readonly rejected: readonly Rejection[]
  readonly outcome: InputOutcome
}

export interface Conditions {
  readonly zone?: string
  readonly chunkBytes?: number
  /** Others than dropwatch's: then the reader is found by content. */
  readonly adapters?: readonly Adapter[]
}

const NO_SIDE = {
  flags: {},
  kernel: undefined,
  distro: undefined,
  reasons: undefined,
  program: undefined,
  programText: undefined,
}
const knowledge = openKnowledge({ ...NO_SIDE, stdin: NO_STDIN, time: {} })

/** What the whole core makes of a text (a string is latin1). Every record is checked against the schema, and the books must balance. */
export async function convertText(text: string | Buffer, conditions: Conditions = {}): Promise<Converted> {
  const { zone, chunkBytes = 64 * 1024, adapters } = conditions
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const events: Event[] = []
  const rejected: Rejection[] = []
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const found = zone === undefined ? undefined : zoneOf(zone)
  const known = found === undefined ? {} : { zone: found }
  const outcome = await convertInput(chunks(), 'session.txt', {
    adapters: adapters ?? [adapter],
    from: adapters === undefined ? { adapter, format: 'text' } : undefined,
    knowledge: (await knowledge).forReader,
    timekeeper: () => timekeeper(known),
    stamp: { host: undefined, labels: undefined, provenance: 'line', id: undefined },
    stages: [],
    sink: sinkTo((line) => events.push(JSON.parse(line))),
    rejected({ line, why, column, bytes }) {
      rejected.push({ line, word: why.word, column, bytes })
      return false
    },
  })
  const fault = imbalance(outcome.ledger) ?? outcome.bugs[0]
  if (fault !== undefined) throw new Error(fault)
  return { events, drops: events.filter((event) => event.kind === 'drop'), rejected, outcome }
}
