// A line of the default columns in which each run of blanks was squeezed to one, as reports on the web have it. Lines
// that hold anything unusual are left to columns.ts, which gives the same record of them, and of these.
import { type Part, seal } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { KfreeSkbReader } from '../../../src/kernel/kfree-skb-payload.ts'
import { COMM_BYTES, MOST_PID_T } from '../../../src/kernel/limits.ts'
import { intern } from '../../../src/text/intern.ts'
import type { TextLine } from '../../../src/text/lines.ts'
import { holdsAt, isDigit } from '../../../src/text/scan.ts'
import { processPart } from '../task.ts'
import { COMM_COLUMN, fillHead, newHead, readCpuAndTime, type SampleHead } from './head.ts'
import type { ScriptState } from './state.ts'

const BLANK = 32
const BRACKET = 91
const NAME = `${KFREE_SKB}: `
/** What a line has after its columns. */
const SKB = `${NAME}skbaddr=`
const NAME_PART = seal('event_name', KFREE_SKB)
const REFORMATTED: readonly FlagWord[] = ['reformatted']
/** A comm, a blank, a TID of seven digits, a blank. */
const FARTHEST_BRACKET = COMM_BYTES + 9

export class SqueezedLine {
  private head = newHead()
  /** The head of the line after it, which most often is read next. */
  private ahead = newHead()
  private aheadText = ''
  private aheadStart = 0
  private readonly state: ScriptState
  private readonly kfreeSkb: KfreeSkbReader

  constructor(state: ScriptState, kfreeSkb: KfreeSkbReader) {
    this.state = state
    this.kfreeSkb = kfreeSkb
  }

  /**
   * The record of a whole line. Undefined: the line is another one, or the line after it may belong to it. The line
   * after it is a sample of its own where it has such a head, too.
   */
  read({ text, start, contentEnd, next }: TextLine): EventRecord | undefined {
    if (!this.readHead(text, start) || !this.readAhead(text, next)) return undefined
    const { head, state } = this
    const payloadStart = head.end + NAME.length
    if (!isPlain(text, payloadStart)) return undefined
    const record = this.kfreeSkb.read(text, payloadStart, contentEnd)
    if (record === undefined) return undefined
    const isIndented = text.charCodeAt(start) === BLANK
    state.sample({ ns: head.ns, width: undefined, shape: isIndented ? 'collapsed' : 'chain' }, isIndented)
    fillHead(record, head, NAME_PART, state.clock.id)
    record.flags = REFORMATTED
    return record
  }

  private readHead(text: string, start: number): boolean {
    if (this.aheadStart !== start || this.aheadText !== text) return readSqueezedHead(text, start, this.head)
    const { head } = this
    this.head = this.ahead
    this.ahead = head
    return true
  }

  private readAhead(text: string, next: number): boolean {
    const isHead = readSqueezedHead(text, next, this.ahead)
    this.aheadText = isHead ? text : ''
    this.aheadStart = next
    return isHead
  }
}

/** Reads `nf sender 18299 [001] 5066.913230: skb:kfree_skb: skbaddr=` into `head`; one blank may be before it. */
function readSqueezedHead(text: string, start: number, head: SampleHead): boolean {
  const isIndented = text.charCodeAt(start) === BLANK
  // What fills the column of the comm by chance has another reading.
  if (isIndented && text.charCodeAt(start + COMM_COLUMN) === BLANK) return false
  const from = isIndented ? start + 1 : start
  let bracket = from + 3
  while (text.charCodeAt(bracket) !== BRACKET) if (++bracket > from + FARTHEST_BRACKET) return false
  if (text.charCodeAt(bracket - 1) !== BLANK || !isDigit(text.charCodeAt(bracket - 2))) return false
  const process = PROCESSES.of(text, from, bracket - 1)
  if (process === undefined || !readCpuAndTime(text, bracket, text.length, head)) return false
  head.process = process
  return holdsAt(text, head.end, SKB)
}

/** The process of `nf sender 18299`. Undefined: the name is unusual. */
const PROCESSES = intern((text): Part | undefined => {
  const blank = text.lastIndexOf(' ')
  const [comm, tid] = [text.slice(0, blank), text.slice(blank + 1)]
  if (comm.length > COMM_BYTES || !COMM.test(comm) || !TID.test(tid)) return undefined
  return Number(tid) > MOST_PID_T ? undefined : processPart(comm, undefined, Number(tid))
})

/** Words that no quote, prompt, mark or number begins. */
export const COMM_WORDS = String.raw`(?!VM)[A-Za-z_][\w./:+@-]*(?: [A-Za-z_][\w./:+@-]*)*`
const COMM = new RegExp(`^${COMM_WORDS}$`)
const TID = /^\d{1,7}$/

/** What follows the pointers of a payload that all readers of payloads understand alike. */
export const PLAIN_TAIL = String.raw` protocol=\d{1,5} location=[\w.]+(?:\+0x[0-9a-f]{1,13})?(?: \[[\w-]+\])? reason: (?:[A-Z][A-Z0-9_]*|0x[0-9a-f]{1,8})`

/** The whole payload. Without its reason it could go on in the next line. */
const PLAIN_PAYLOAD = new RegExp(
  String.raw`skbaddr=0x[0-9a-f]{1,16}(?: rx_sk=(?:\(nil\)|0x[0-9a-f]{1,16}))?${PLAIN_TAIL}(?=\r?\n)`,
  'y',
)

function isPlain(text: string, payloadStart: number): boolean {
  PLAIN_PAYLOAD.lastIndex = payloadStart
  return PLAIN_PAYLOAD.test(text)
}
