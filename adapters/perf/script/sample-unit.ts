// A sample with all lines that belong to it, and its record.
import type { Reject } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { type Joined, joinWrapped } from '../../../src/kernel/wrapped-payload.ts'
import { trimmed } from '../../../src/text/blank.ts'
import type { TextLine } from '../../../src/text/lines.ts'
import { bulletEnd, isEncoded, unquoted } from '../../../src/text/pasted.ts'
import { damagedDrop, damagedName, ENCODED } from './broken.ts'
import { type Chain, noChain, readChain } from './chain.ts'
import { readLinesAfter } from './lines-after.ts'
import type { RenderedLine, RenderedLineReader } from './rendered-line.ts'
import { addChain, eventOf, fillColumns, hasInlineIp, sampleRecord } from './sample.ts'
import type { ScriptState } from './state.ts'
import { rejected, type ScriptUnit } from './unit.ts'

/** Makes units of samples whose columns were found. */
export class SampleUnits {
  private readonly state: ScriptState
  private readonly lines: RenderedLineReader
  private readonly kfreeSkb: KfreeSkbReader

  constructor(state: ScriptState, lines: RenderedLineReader, kfreeSkb: KfreeSkbReader) {
    this.state = state
    this.lines = lines
    this.kfreeSkb = kfreeSkb
  }

  /** `isMended`: `head` was put together from several lines, and was one line when perf printed it. */
  make(line: TextLine, head: RenderedLine, isMended: boolean): ScriptUnit | 'pause' {
    const { columns, rest, grammar } = head
    const { event } = eventOf(columns.event, rest)
    const damage = damageOf(head, event)
    if (damage !== undefined) return rejected(damage, line.next, line.start)
    const payload = wholePayload(line, head, event)
    if (payload === 'pause') return payload
    const { isCut } = payload
    const isAlone = isCut || (columns.shape === 'bare' && hasInlineIp(columns, payload.text, grammar))
    const chain = isAlone
      ? noChain(payload.end)
      : chainAfter(line, payload.end, head, trimmed(payload.text) === '', this.state)
    if (chain === 'pause') return chain
    const unmarked = this.withoutMark(head, chain)
    if (unmarked !== undefined) return this.make(line, unmarked, false)

    const isJoined = isMended || payload.end !== line.next
    const record =
      this.plainRecord(line, head, isJoined) ?? sampleRecord(columns, payload.text, chain.isChain, isCut, grammar)
    this.state.sample(columns, head.isPasted)
    record.clockId = this.state.clock.of(columns)
    addChain(record, chain)
    this.addFlags(record, head, payload.text, chain, isJoined)
    const end = readLinesAfter(line, chain.end, record, this.state.hasSourceLines)
    if (end === 'pause') return end
    if (chain.isExact && chain.isChain) this.state.tidColumn.suggest(columns)
    return { is: 'record', record, assumesTid: columns.assumesTid, end }
  }

  /**
   * The head without a mark that somebody put before it. Undefined: there is no mark, or perf's layout shows that it
   * belongs to the thread's name.
   */
  private withoutMark({ text, columns }: RenderedLine, { frames }: Chain): RenderedLine | undefined {
    const { shape } = columns
    const isOwn = shape === 'padded' || shape === 'bare' || (shape === 'chain' && frames.length > 0)
    const marked = isOwn || this.state.isGiven ? undefined : markedText(text)
    const head = marked === undefined ? undefined : this.lines.readText(marked, this.state.tidColumn.width, true)
    return head === undefined || 'fault' in head ? undefined : head
  }

  /** The record of a regular payload of skb:kfree_skb after columns that need no `sample`. */
  private plainRecord(line: TextLine, { text, columns }: RenderedLine, isJoined: boolean): EventRecord | undefined {
    const { event, misc, period, machinePid } = columns
    if (event !== KFREE_SKB || misc !== undefined || period !== undefined || machinePid !== undefined) return undefined
    if (isJoined || line.isCut || text.length !== line.contentEnd - line.start) return undefined
    const record = this.kfreeSkb.read(line.text, line.start + columns.end, line.contentEnd)
    if (record === undefined) return undefined
    record.event_name = KFREE_SKB_NAME
    fillColumns(record, columns)
    return record
  }

  private addFlags(record: EventRecord, head: RenderedLine, payload: string, chain: Chain, isJoined: boolean): void {
    const { columns, text, isPasted } = head
    const { shape } = columns
    const { isGiven } = this.state
    const isReformatted =
      isPasted ||
      isJoined ||
      chain.isReformatted ||
      shape === 'collapsed' ||
      (shape === 'chain' && !chain.isChain && !isGiven) ||
      (shape === 'padded' && chain.isChain)
    const hasLostBlank = payload !== '' && columns.event !== undefined && !text.startsWith(' ', columns.end - 1)
    if (chain.isBroken) addFlag(record, 'incomplete')
    if (isReformatted || hasLostBlank) addFlag(record, 'reformatted')
    if (!isGiven && columns.pid === undefined && columns.tid === undefined) addFlag(record, 'incomplete')
  }
}

const KFREE_SKB_NAME = seal('event_name', KFREE_SKB)

/** The frames after a head. `isBare`: nothing follows its event's name. */
export function chainAfter(
  line: TextLine,
  from: number,
  { columns, grammar, isPasted }: RenderedLine,
  isBare: boolean,
  state: ScriptState,
): Chain | 'pause' {
  const isPadded = columns.shape === 'padded'
  if ((isPadded && !state.looksBehind) || grammar.layout.presence('ip') === 'no') return noChain(from)
  const addresses = (isExact: boolean) => state.frameAddresses(columns, isExact)
  const chain = readChain(line, from, { isPasted, isBare, addresses })
  return isPadded && chain !== 'pause' && chain.frames.length === 0 ? noChain(from) : chain
}

function damageOf({ columns, rest }: RenderedLine, event: string | undefined): Reject | undefined {
  if (isEncoded(rest)) return ENCODED
  const damaged = event === undefined ? undefined : damagedDrop(columns.event ?? event, event, rest)
  return damaged === undefined ? undefined : damagedName(damaged)
}

/** The payload, with the lines over which a mailer wrapped it. */
function wholePayload(line: TextLine, head: RenderedLine, event: string | undefined): Joined | 'pause' {
  const { rest, grammar, isPasted } = head
  if (event === undefined || line.isCut || grammar.layout.presence('trace') === 'no')
    return { text: rest, end: line.next, isCut: line.isCut }
  return joinWrapped(line, event, rest, isPasted)
}

/** A line without what somebody put before it. Undefined: nothing was put there. */
function markedText(text: string): string | undefined {
  const bare = unquoted(text)
  const end = bulletEnd(bare)
  if (end > 0) return bare.startsWith('`') ? bare.slice(1, -1) : bare.slice(end)
  return /^[>|]/.test(text) ? bare : undefined
}
