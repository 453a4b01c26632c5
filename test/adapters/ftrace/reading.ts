// Reads text with the ftrace adapter through the real core, for tests.
import { adapter } from '../../../adapters/ftrace/adapter.ts'
import { imbalance } from '../../../src/read/ledger.ts'
import type { InputOutcome } from '../../../src/run/outcome.ts'
import { BARE_PLAN, type Plan } from '../../../src/run/plan.ts'
import { wire } from '../../../src/run/wire.ts'
import { convertBytes, eventsIn } from '../../kit/convert-bytes.ts'

/** An event of the kernel's trace as its line of NDJSON says it. */
export interface TraceEvent {
  readonly kind: string
  readonly clock?: { readonly id: string; readonly ns?: string }
  readonly event_name?: string
  readonly cpu?: number
  readonly process?: { readonly comm?: string; readonly pid?: number; readonly tid?: number }
  readonly skb?: { readonly addr?: string; readonly rx_sk?: string; readonly protocol?: number; readonly len?: number }
  readonly location?: { readonly symbol?: string; readonly address?: string }
  readonly drop?: { readonly count?: number; readonly reason?: string; readonly code?: number }
  readonly stack?: readonly object[]
  readonly sample?: Readonly<Record<string, unknown>>
  readonly loss?: { readonly count?: number; readonly mode: string; readonly cause: string }
  readonly message?: string
  readonly stream?: string
  readonly args?: Readonly<Record<string, unknown>>
  readonly payload?: string
  readonly flags?: readonly string[]
  readonly capture?: { readonly format?: string; readonly line?: number }
}

export interface TraceReading {
  readonly events: readonly TraceEvent[]
  readonly rejected: readonly { readonly word: string; readonly text: string }[]
  readonly outcome: InputOutcome
}

/** What the adapter makes of text. Throws when the books do not balance, or anything is our bug. */
export async function readTrace(
  text: Buffer | string,
  format: 'trace' | 'trace_pipe' | 'trace-cmd' = 'trace_pipe',
): Promise<TraceReading> {
  const plan: Plan = { ...BARE_PLAN, from: { adapter: 'ftrace', format }, validate: 'full' }
  const input = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const { output, rejected, outcome } = await convertBytes(await wire(plan, [adapter]), input, { sizes: [65536] })
  const wrong = imbalance(outcome.ledger) ?? outcome.bugs[0]
  if (wrong !== undefined) throw new Error(wrong)
  return {
    events: eventsIn(output),
    rejected: rejected.map(({ why }) => ({ word: why.word, text: why.text })),
    outcome,
  }
}
