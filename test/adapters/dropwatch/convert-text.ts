import { adapter } from '../../../adapters/dropwatch/adapter.ts'
import type { Adapter, Reject } from '../../../src/contract.ts'
import { imbalance } from '../../../src/read/ledger.ts'
import type { InputOutcome } from '../../../src/run/outcome.ts'
import { BARE_PLAN, NOTHING_GIVEN, type Plan } from '../../../src/run/plan.ts'
import { wire } from '../../../src/run/wire.ts'
import { convertBytes, eventsIn } from '../../kit/convert-bytes.ts'

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
  readonly line: number | undefined
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

/**
 * What the whole core makes of a text (a string is latin1). Every record is checked against the schema, and the books
 * must balance.
 */
export async function convertText(text: string | Buffer, conditions: Conditions = {}): Promise<Converted> {
  const { zone, chunkBytes = 64 * 1024, adapters } = conditions
  const plan: Plan = {
    ...BARE_PLAN,
    from: adapters === undefined ? { adapter: 'dropwatch', format: 'text' } : undefined,
    given: { ...NOTHING_GIVEN, time: zone === undefined ? {} : { zone } },
    validate: 'full',
  }
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const wired = await wire(plan, adapters ?? [adapter])
  const { output, rejected, outcome } = await convertBytes(wired, bytes, { path: 'session.txt', sizes: [chunkBytes] })
  const fault = imbalance(outcome.ledger) ?? outcome.bugs[0]
  if (fault !== undefined) throw new Error(fault)
  const events: readonly Event[] = eventsIn(output)
  return {
    events,
    drops: events.filter((event) => event.kind === 'drop'),
    rejected: rejected.map(({ line, why, column, bytes: piece }) => ({ line, word: why.word, column, bytes: piece })),
    outcome,
  }
}
