// The name before an entry's text: `kfree_skb: `, padded to 20 columns by trace-cmd.
import { type Part, seal } from '../../../src/event/part.ts'
import { fullEventName } from '../../../src/kernel/event-systems.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { blanksEnd, holdsAt, isWord } from '../../../src/text/scan.ts'

/** trace-cmd pads `name: ` to so many columns (`trace_seq_printf` in lib/traceevent, 1.7 to 1.9). */
const PADDED_COLUMNS = 22
/** Names of this length and more are not padded. */
const UNPADDED_NAME = 20

const COLON = 58
const BLANK = 32

/** True for a text at `start`, after a name's colon, that trace-cmd padded. */
function isPaddedName(text: string, nameStart: number, colon: number): boolean {
  return colon - nameStart < UNPADDED_NAME && blanksEnd(text, colon + 1) >= nameStart + PADDED_COLUMNS
}

/**
 * Whether trace-cmd printed an entry's text, or the kernel; undefined where the text does not show it. In pasted text
 * blanks say nothing, but the kernel prints pointers without `0x`.
 */
export function isOfTraceCmd(body: string, isPasted: boolean): boolean | undefined {
  const colon = body.indexOf(':')
  if (colon <= 0) return undefined
  if (isPasted)
    return /=(?:0x[0-9a-f]|\(nil\))/.test(body) ? true : /=[0-9a-f]{16}(?: |$)/.test(body) ? false : undefined
  if (colon >= UNPADDED_NAME || trimmed(body.slice(colon + 1)) === '') return undefined
  return isPaddedName(body, 0, colon)
}

/** Reads names of known tracepoints. Most lines have the name of the line before. */
export class EntryNames {
  /** `skb:kfree_skb`, of the name that was read last. */
  event = ''
  part: Part = seal('event_name', '-')
  /** trace-cmd printed the line, or the kernel; undefined where the name is too long to show it. */
  isPadded: boolean | undefined = undefined
  /** The name as printed, with its colon and all blanks. */
  private printed = '\n'

  /** Offset of the payload. Undefined: no name of a known tracepoint begins at `start`. */
  read(text: string, start: number, end: number): number | undefined {
    const { printed } = this
    const payload = start + printed.length
    if (holdsAt(text, start, printed) && text.charCodeAt(payload) !== BLANK) return payload
    let colon = start
    while (isWord(text.charCodeAt(colon))) colon++
    if (text.charCodeAt(colon) !== COLON || text.charCodeAt(colon + 1) !== BLANK || colon >= end) return undefined
    const name = text.slice(start, colon)
    const event = fullEventName(name)
    if (event === undefined || event.startsWith('ftrace:')) return undefined
    const payloadStart = isPaddedName(text, start, colon) ? blanksEnd(text, colon + 1) : colon + 2
    this.isPadded = name.length >= UNPADDED_NAME ? undefined : payloadStart > colon + 2
    this.printed = text.slice(start, payloadStart)
    this.event = event
    this.part = seal('event_name', event)
    return Math.min(payloadStart, end)
  }
}
