// Lines that belong to the sample before them, though nothing in that says so: a payload that a mailer wrapped, a dump of bpf-output.
import { isContinuation, isUnfinished, KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import { lacksMember } from '../../../src/kernel/last-member.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'

/** A text that goes on over `line`, and where it ends. */
export interface Joined {
  readonly text: string
  readonly end: number
}

/** A payload that stops where a member is due goes on in the next lines, up to 3. */
export function joinWrapped(line: TextLine, event: string, payload: string, isPasted: boolean): Joined | 'pause' {
  const isUnfinishedText = (text: string): boolean =>
    event === KFREE_SKB ? isUnfinished(text) : lacksMember(event, text)
  let text = payload
  let end = line.next
  if (!isPasted && !isUnfinishedText(text)) return { text, end }
  for (let count = 0; count < 3; count++) {
    const isReasonDue = event === KFREE_SKB && (isPasted || end !== line.next) && !/\breason:/.test(text)
    if (!isUnfinishedText(text) && !isReasonDue) break
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined) break
    const piece = unquoted(plainText(contentOf(next))).trimEnd()
    const whole = text.trimEnd()
    const isBroken =
      event === KFREE_SKB &&
      ((BROKEN_POINTER.test(whole) && POINTER_REST.test(piece)) || (whole.endsWith('+') && OFFSET.test(piece)))
    const isValue = isBroken || (whole !== '' && /[=:]$/.test(whole) && VALUE.test(piece))
    if (!(event === KFREE_SKB ? isContinuation(piece) : MEMBER.test(piece)) && !isValue) break
    text = isValue && !whole.endsWith(':') ? whole + piece : `${whole} ${piece}`.trimStart()
    end = next.next
  }
  // A join that does not complete the payload is none.
  const isWhole = !isUnfinishedText(text) && (event !== KFREE_SKB || text.startsWith('skbaddr='))
  return isWhole ? { text, end } : { text: payload, end: line.next }
}

/** A mail breaks a line at its width, within a value too. */
const BROKEN_POINTER = /=(?:0(?:x[0-9a-f]{0,15})?)?$/
const POINTER_REST = /^x?[0-9a-f]{1,16} (?:rx_sk|protocol)=/
const OFFSET = /^0x[0-9a-f]{1,8}(?: reason:|$)/
const VALUE = /^(?:0x|\(nil\)|[A-Z]|\d)\S*/
/** `==>` stands between the halves of sched_switch. */
const MEMBER = /^(?:==> )?[A-Za-z_]\w*=/

/** A head that was broken before its event's name, put together with the next line. */
export interface JoinedHead {
  readonly text: string
  /** With the end of the next line. */
  readonly line: TextLine
}

/** A line that ends where a head's next column is due. Undefined: it does not. */
export function joinHead(line: TextLine): JoinedHead | 'pause' | undefined {
  if (line.isCut) return undefined
  const first = contentOf(line).trimEnd()
  if (!HEAD_END.test(first.slice(-96))) return undefined
  const second = lineAt(line.text, line.next, line.last)
  if (second === undefined || second === 'pause') return second
  return { text: `${first} ${unquoted(plainText(contentOf(second)))}`, line: { ...second, start: line.start } }
}

const HEAD_END = /(?:^| )-?\d{1,20}(?:\/-?\d{1,20})? +(?:\[\d{3,9}\]|(?:\[\d{3,9}\] +)?\d{1,10}\.\d{6}(?:\d{3})?:)$/

/** What a BPF program gave to perf, as a dump. */
export function readDump(line: TextLine, from: number): Joined | 'pause' {
  let text = ''
  for (let end = from; ; ) {
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined) return { text, end }
    const content = contentOf(next)
    if (!/^ +BPF (?:output|string): |^ {10,}[0-9a-f]{4}: /.test(content)) return { text, end }
    text += `${text === '' ? '' : '\n'}${content}`
    end = next.next
  }
}
