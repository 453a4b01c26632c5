// A whole entry of a known tracepoint in the usual columns. Nine of ten lines are such lines: this is the hot path.
import type { Context } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { eventRecord } from '../../../src/kernel/event-record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { lacksMember } from '../../../src/kernel/last-member.ts'
import { isEncoded } from '../../../src/text/pasted.ts'
import { isRaw } from './body.ts'
import { fillHead, newHead, readPaddedHead } from './head.ts'
import { EntryNames } from './names.ts'

export class PlainLine {
  readonly names = new EntryNames()
  private readonly head = newHead()
  private readonly kfreeSkb: KfreeSkbReader
  private readonly context: Context

  constructor(kfreeSkb: KfreeSkbReader, context: Context) {
    this.kfreeSkb = kfreeSkb
    this.context = context
  }

  /** The record of the line `[start, end)`. Undefined: its columns or its text are others. */
  read(text: string, start: number, end: number): EventRecord | undefined {
    const { head, names } = this
    if (!readPaddedHead(text, start, end, head)) return undefined
    const payloadStart = names.read(text, head.end, end)
    if (payloadStart === undefined) return undefined
    const record =
      names.event === KFREE_SKB ? this.kfreeSkb.read(text, payloadStart, end) : this.otherEvent(text, payloadStart, end)
    if (record === undefined) return undefined
    record.event_name = names.part
    fillHead(record, head)
    return record
  }

  private otherEvent(text: string, start: number, end: number): EventRecord | undefined {
    const payload = text.slice(start, end)
    if (lacksMember(this.names.event, payload) || isRaw(payload) || isEncoded(payload)) return undefined
    return eventRecord(this.names.event, payload, 'whole', this.context)
  }
}
