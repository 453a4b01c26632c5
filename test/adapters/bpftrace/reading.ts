// What the bpftrace reader makes of a text, in process and without the core: for tests.
import { BpftraceReader } from '../../../adapters/bpftrace/reader.ts'
import type { ClaimName, FlagValue, Level, Out, Reject, Stream } from '../../../src/contract.ts'
import { faultOf } from '../../../src/event/line.ts'
import type { Json } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { NO_REASONS, type Reasons } from '../../../src/kernel/reasons/reasons.ts'

/** A record, as far as tests look at it. */
export interface Event {
  readonly kind: string
  readonly event_name?: string
  readonly cpu?: number
  readonly process?: { readonly comm?: string; readonly pid?: number; readonly tid?: number }
  readonly skb?: {
    readonly addr?: string
    readonly protocol?: number
    readonly protocol_name?: string
    readonly len?: number
    readonly rx_sk?: string
  }
  readonly location?: { readonly symbol?: string; readonly address?: string }
  readonly drop?: {
    readonly count?: number
    readonly code?: number
    readonly reason?: string
    readonly decoded_by?: string
    readonly origin?: string
    readonly trap?: string
  }
  readonly device?: { readonly name?: string }
  readonly stack?: readonly { readonly symbol?: string; readonly offset?: number; readonly address?: string }[]
  readonly metric?: {
    readonly name: string
    readonly keys?: readonly string[]
    readonly type: string
    readonly value?: number
    readonly value_exact?: string
    readonly text?: string
    readonly buckets?: readonly { readonly min?: number; readonly max?: number; readonly count: number }[]
    readonly count?: number
    readonly total?: number
    readonly average?: number
  }
  readonly loss?: { readonly count?: number; readonly unit: string; readonly mode: string }
  readonly message?: string
  readonly level?: string
  readonly stream?: string
  readonly args?: { readonly [key: string]: string | number | boolean }
  readonly payload?: string
  readonly flags?: readonly string[]
  /** The time as the reader gave it. */
  readonly clockId?: string
  readonly ns?: string
  readonly local?: string
  readonly resolutionNs?: number
  /** `text` or `json`. */
  readonly form?: string
}

export interface Reading {
  readonly events: readonly Event[]
  readonly drops: readonly Event[]
  readonly rejected: readonly { readonly word: Reject['word']; readonly bytes: string }[]
  readonly undecoded: number
  readonly ambiguous: number
  readonly hints: readonly string[]
}

export interface Conditions {
  readonly program?: string
  readonly flags?: Readonly<Record<string, FlagValue>>
  readonly reasons?: Reasons
  /** Bytes that come at a time; all at once without it. */
  readonly chunk?: number
}

/** Reads a text of latin1 bytes. Throws when a claim is invalid, or the schema refuses a record. */
export function readText(
  text: string,
  { program, flags = {}, reasons = NO_REASONS, chunk = text.length }: Conditions = {},
): Reading {
  const reader = new BpftraceReader({
    flags: { ...flags, program },
    reasons,
    isWholeReason: (name) => name === 'NO_SOCKET',
  })
  const out = new Collected()
  let claimed = 0
  for (let end = Math.min(chunk, text.length); text.length > 0; end = Math.min(end + chunk, text.length)) {
    const last = end === text.length
    out.window = text.slice(claimed, end)
    out.claimed = 0
    if (out.window !== '') reader.read({ text: out.window, bytes: Buffer.from(out.window, 'latin1'), last }, out)
    claimed += out.claimed
    if (last) break
  }
  if (claimed < text.length) out.rejected.push({ word: 'truncated', bytes: text.slice(claimed) })
  const { events, rejected, undecoded, ambiguous, hints } = out
  return { events, drops: events.filter(({ kind }) => kind === 'drop'), rejected, undecoded, ambiguous, hints }
}

class Collected implements Out {
  window = ''
  claimed = 0
  undecoded = 0
  ambiguous = 0
  readonly events: Event[] = []
  readonly hints: string[] = []
  readonly rejected: { readonly word: Reject['word']; readonly bytes: string }[] = []

  claim(_as: 'data' | 'structure' | 'blank', end: number): void {
    if (!(end > this.claimed && end <= this.window.length))
      throw new RangeError(`a claim from ${this.claimed} to ${end}`)
    this.claimed = end
  }

  keep(): ClaimName {
    throw new Error('no claim is kept')
  }

  repeatable(): undefined {}

  place(): ClaimName {
    throw new Error('no claim is placed')
  }

  record(record: EventRecord, form?: string): void {
    const fault = faultOf(record)
    if (fault !== undefined) throw new Error(fault)
    const { clockId, ns, local, resolutionNs } = record
    const times = Object.entries({ clockId, ns, local, resolutionNs, form }).filter(([, value]) => value !== undefined)
    const { v: _, ...members } = JSON.parse(JSON.stringify(record))
    const event: Json = { ...members, ...Object.fromEntries(times) }
    // The schema has judged each member of it.
    this.events.push(event as unknown as Event)
  }

  message(text: string, end: number, level: Level, stream: Stream, how?: 'undecoded' | 'ambiguous'): boolean {
    this.claim('data', end)
    if (how !== undefined) this[how]++
    this.events.push({ kind: 'message', message: Buffer.from(text, 'latin1').toString('utf8'), level, stream })
    return true
  }

  canSetAside(): boolean {
    return true
  }

  setAside(): boolean {
    return false
  }

  yields(): boolean {
    return false
  }

  reject({ word }: Reject, end: number): boolean {
    this.rejected.push({ word, bytes: this.window.slice(this.claimed, end) })
    this.claim('data', end)
    return true
  }

  learn(): void {}

  assume(): void {}

  hint(text: string): void {
    this.hints.push(text)
  }
}
