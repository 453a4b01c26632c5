// A whole line in the default columns. Nine of ten lines are such lines in most captures: this is the hot path.
import type { Context } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { eventRecord } from '../../../src/kernel/event-record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { lacksMember } from '../../../src/kernel/last-member.ts'
import { isEncoded } from '../../../src/text/pasted.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { EventNames } from './event-name.ts'
import { fillHead, newHead, readPaddedHead } from './head.ts'
import type { ScriptState } from './state.ts'
import { registersStart } from './trailing.ts'

export class DefaultLine {
  private readonly head = newHead()
  private readonly names = new EventNames()
  private readonly state: ScriptState
  private readonly kfreeSkb: KfreeSkbReader
  private readonly context: Context

  constructor(state: ScriptState, kfreeSkb: KfreeSkbReader, context: Context) {
    this.state = state
    this.kfreeSkb = kfreeSkb
    this.context = context
  }

  /** The record of the line `[start, end)`. Undefined: it has other columns, or what follows them is not plain. */
  read(text: string, start: number, end: number): EventRecord | undefined {
    const { head, names, state } = this
    if (!readPaddedHead(text, start, end, head)) return undefined
    const payloadStart = names.read(text, blanksEnd(text, head.end), end)
    if (payloadStart === undefined) return undefined
    const record =
      names.name === KFREE_SKB ? this.kfreeSkb.read(text, payloadStart, end) : this.otherEvent(text, payloadStart, end)
    if (record === undefined) return undefined
    state.clock.sample(head.ns)
    fillHead(record, head, names.part, state.clock.id)
    state.tidColumn.width = head.width
    state.isUnpadded = false
    return record
  }

  private otherEvent(text: string, start: number, end: number): EventRecord | undefined {
    const { name, damaged } = this.names
    // Columns follow the name, or perf did not print the system of the event.
    if (text.charCodeAt(start) === 32 || !name.includes(':')) return undefined
    const payload = text.slice(start, end)
    if (damaged !== undefined || lacksMember(name, payload)) return undefined
    if (registersStart(payload) !== undefined || isEncoded(payload)) return undefined
    return eventRecord(name, payload, 'whole', this.context)
  }
}
