// Reads text with the perf adapter through the real core, for tests.
import { adapter } from '../../../adapters/perf/adapter.ts'
import type { FlagValue } from '../../../src/contract.ts'
import { imbalance } from '../../../src/read/ledger.ts'
import type { InputOutcome } from '../../../src/run/outcome.ts'
import { BARE_PLAN, NOTHING_GIVEN, type Plan } from '../../../src/run/plan.ts'
import { wire } from '../../../src/run/wire.ts'
import { convertBytes, eventsIn } from '../../kit/convert-bytes.ts'

/** An event as its line of NDJSON says it. */
export interface Event {
  readonly kind: string
  readonly clock?: { readonly id: string; readonly ns?: string; readonly local?: string }
  readonly event_name?: string
  readonly cpu?: number
  readonly process?: { readonly comm?: string; readonly pid?: number; readonly tid?: number }
  readonly skb?: { readonly addr?: string; readonly rx_sk?: string; readonly protocol?: number }
  readonly location?: { readonly symbol?: string; readonly offset?: number; readonly address?: string }
  readonly drop?: { readonly count?: number; readonly reason?: string; readonly code?: number }
  readonly device?: { readonly name?: string; readonly ifindex?: number }
  readonly stack?: readonly Frame[]
  readonly sample?: Readonly<Record<string, unknown>> & { readonly ip?: Frame }
  readonly loss?: { readonly count?: number; readonly mode: string; readonly cause: string }
  readonly message?: string
  readonly stream?: string
  readonly args?: Readonly<Record<string, unknown>>
  readonly payload?: string
  readonly flags?: readonly string[]
}

export interface Frame {
  readonly address?: string
  readonly symbol?: string
  readonly offset?: number
  readonly module?: string
  readonly dso?: string
  readonly dso_offset?: string
  readonly file?: string
  readonly line?: number
  readonly inlined?: boolean
}

export interface Reading {
  readonly events: readonly Event[]
  readonly rejected: readonly { readonly line: number | undefined; readonly word: string; readonly text: string }[]
  readonly outcome: InputOutcome
}

/**
 * What the perf adapter makes of `bytes`. Throws when the books do not balance, a record of ours is not valid, or
 * anything is our bug.
 */
export async function read(
  bytes: Buffer | string,
  flags: Readonly<Record<string, FlagValue>> = {},
  chunkBytes = 65536,
  format: 'script' | 'json' | 'trace' = 'script',
): Promise<Reading> {
  const plan: Plan = {
    ...BARE_PLAN,
    from: { adapter: 'perf', format },
    given: { ...NOTHING_GIVEN, flags },
    validate: 'full',
  }
  const input = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes
  const { output, rejected, outcome } = await convertBytes(await wire(plan, [adapter]), input, { sizes: [chunkBytes] })
  const wrong = imbalance(outcome.ledger) ?? outcome.bugs[0]
  if (wrong !== undefined) throw new Error(wrong)
  return {
    events: eventsIn(output),
    rejected: rejected.map(({ line, why }) => ({ line, word: why.word, text: why.text })),
    outcome,
  }
}
