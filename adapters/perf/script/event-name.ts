// The event's name behind the columns: `skb:kfree_skb: `.
import { type Part, seal } from '../../../src/event/part.ts'
import { holdsAt } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'

/** Reads it; most lines have the name of the one before. */
export class EventNames {
  /** The name read last, latin1. */
  name = ''
  part: Part = seal('event_name', '-')
  /** With `: ` behind it. */
  private printed = '\n'

  /** Where the payload starts; undefined when there is no event name. */
  read(text: string, start: number, end: number): number | undefined {
    if (holdsAt(text, start, this.printed)) return start + this.printed.length
    if (text.startsWith('PERF_RECORD_', start)) return undefined
    const colon = text.indexOf(': ', start)
    const nameEnd = colon >= 0 && colon < end ? colon : text.charCodeAt(end - 1) === 58 ? end - 1 : -1
    if (nameEnd <= start) return undefined
    const name = text.slice(start, nameEnd)
    if (!isEventName(name)) return undefined
    this.printed = `${name}: `
    this.name = name
    this.part = seal('event_name', utf8(name))
    return Math.min(nameEnd + 2, end)
  }
}

/** `skb:kfree_skb`, `cpu-clock:u`, `cpu_core/cycles/P`, `probe:foo`; a name that the user gave may hold blanks, but not begin with a digit. */
function isEventName(name: string): boolean {
  return name.length <= 256 && /^[A-Za-z_]/.test(name)
}
