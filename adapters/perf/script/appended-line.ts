// A line that was cut off, with another capture appended to it. Only the damaged bytes are lost.
import type { Context } from '../../../src/contract.ts'
import { eventRecord } from '../../../src/kernel/event-record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { CUT_LINE, paddedHeadStart } from './broken.ts'
import { EventNames } from './event-name.ts'
import { fillHead, newHead, readPaddedHead } from './head.ts'
import type { ScriptState } from './state.ts'
import { foreign, rejected, type ScriptUnit } from './unit.ts'

/** The first line of a header. */
const RULE = '# ========'

/** Reads the first of two such pieces. */
export class AppendedLine {
  private readonly head = newHead()
  private readonly names = new EventNames()
  private readonly state: ScriptState
  private readonly context: Context

  constructor(state: ScriptState, context: Context) {
    this.state = state
    this.context = context
  }

  /** The unit that ends where the second piece begins. Undefined: there is no second piece. */
  read({ text, start, contentEnd }: TextLine): ScriptUnit | undefined {
    const { head } = this
    if (!this.state.hasDefault || text.charCodeAt(start) === 27) return undefined
    const isHead = readPaddedHead(text, start, contentEnd, head)
    const second = text.endsWith(RULE, contentEnd)
      ? contentEnd - RULE.length
      : paddedHeadStart(text, isHead ? head.end : start, contentEnd, head)
    if (second === undefined || second <= start) return undefined
    if (isHead) return this.cutSample(text, start, second, contentEnd)
    const piece = text.slice(start, second)
    if (unquoted(piece) === '') return undefined
    // The output of a child without line end, or a line of perf that was cut off.
    return piece.startsWith(' ') ? rejected(CUT_LINE, second, second) : foreign(piece, second)
  }

  /** Only a payload whose grammar is known shows that it was cut. */
  private cutSample(text: string, start: number, end: number, lineEnd: number): ScriptUnit | undefined {
    const { head, names, state } = this
    readPaddedHead(text, start, lineEnd, head)
    const payloadStart = names.read(text, blanksEnd(text, head.end), end)
    if (payloadStart === undefined || names.name !== KFREE_SKB) return undefined
    const record = eventRecord(KFREE_SKB, text.slice(payloadStart, end), 'cut', this.context)
    state.clock.sample(head.ns)
    fillHead(record, head, names.part, state.clock.id)
    return { is: 'record', record, assumesTid: false, end }
  }
}
