// A payload that a mailer or a terminal broke into lines.
import { contentOf, lineAt, type TextLine } from '../text/lines.ts'
import { unquoted } from '../text/pasted.ts'
import { plainText } from '../text/terminal.ts'
import { isContinuation, isUnfinished, KFREE_SKB } from './kfree-skb.ts'
import { lacksMember } from './last-member.ts'

/** A text that goes on in more lines, and the offset of the line after it. */
export interface Joined {
  readonly text: string
  readonly end: number
  /** The input ends within its last line. */
  readonly isCut: boolean
}

/** The payload with up to three more lines, while a member of it is missing. */
export function joinWrapped(line: TextLine, event: string, payload: string, isPasted: boolean): Joined | 'pause' {
  const isUnfinishedText = (text: string): boolean =>
    event === KFREE_SKB ? isUnfinished(text) : lacksMember(event, text)
  let text = payload
  let end = line.next
  let { isCut } = line
  if (!isPasted && !isUnfinishedText(text)) return { text, end, isCut }
  for (let count = 0; count < 3; count++) {
    const isReasonDue = event === KFREE_SKB && (isPasted || end !== line.next) && !/\breason: *\S/.test(text)
    if (!isUnfinishedText(text) && !isReasonDue) break
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined) break
    const piece = unquoted(plainText(contentOf(next))).trimEnd()
    const whole = text.trimEnd()
    const isBroken =
      event === KFREE_SKB &&
      ((BROKEN_POINTER.test(whole) && POINTER_REST.test(piece)) || (whole.endsWith('+') && OFFSET.test(piece)))
    const isValue =
      isBroken ||
      (whole.endsWith('reason:') ? REASON.test(piece) : whole !== '' && /[=:]$/.test(whole) && VALUE.test(piece))
    if (!(event === KFREE_SKB ? isContinuation(piece) : MEMBER.test(piece)) && !isValue) break
    text = isValue && !whole.endsWith(':') ? whole + piece : `${whole} ${piece}`.trimStart()
    end = next.next
    isCut = next.isCut
  }
  // Lines are joined only if they complete the payload, or the input ends within it.
  const isWhole = (isCut || !isUnfinishedText(text)) && (event !== KFREE_SKB || text.startsWith('skbaddr='))
  return isWhole ? { text, end, isCut } : { text: payload, end: line.next, isCut: line.isCut }
}

/** A mail breaks a line at its width, also within a value. */
const BROKEN_POINTER = /=(?:0(?:x[0-9a-f]{0,15})?)?$/
const POINTER_REST = /^x?[0-9a-f]{1,16} (?:rx_sk|protocol)=/
const OFFSET = /^0x[0-9a-f]{1,8}(?: reason:|$)/
const VALUE = /^(?:0x|\(nil\)|[A-Z]|\d)\S*/
/** Alone in its line: a name of a thread may have capitals, too. */
const REASON = /^(?:[A-Z][A-Z0-9_]*|0x[0-9a-f]{1,8})$/
/** sched_switch has `==>` between its halves. */
const MEMBER = /^(?:==> )?[A-Za-z_]\w*=/
