// The event's name after the columns: `skb:kfree_skb: `.
import { type Part, seal } from '../../../src/event/part.ts'
import { nearDrop } from '../../../src/kernel/drop-line.ts'
import { eventNamePart } from '../../../src/kernel/event-record.ts'
import { holdsAt } from '../../../src/text/scan.ts'
import { nameEnd } from './column-run.ts'

/** Reads the name. Most lines have the same name as the line before. */
export class EventNames {
  /** The name that was read last, latin1, without modifiers. */
  name = ''
  part: Part = seal('event_name', '-')
  /** The event of a drop whose name is nearly this one: the name is damaged. */
  damaged: string | undefined
  /** The name as printed, with `: `. */
  private printed = '\n'

  /** Offset of the payload. Undefined: there is no event name. */
  read(text: string, start: number, end: number): number | undefined {
    if (holdsAt(text, start, this.printed)) return start + this.printed.length
    if (text.startsWith('PERF_RECORD_', start)) return undefined
    const colon = nameEnd(text, start, false)
    if (colon === undefined || colon >= end) return undefined
    const name = text.slice(start, colon)
    this.printed = `${name}: `
    this.name = kernelName(name)
    this.damaged = nearDrop(name)
    this.part = eventNamePart(this.name)
    return Math.min(colon + 2, end)
  }
}

/**
 * `skb:kfree_skb` of `skb:kfree_skb:k`: modifiers say how the event was recorded. Other events than tracepoints keep
 * them in their names.
 */
export function kernelName(event: string): string {
  return /^([\w-]+:[\w.-]+):[ukhpPGHSDIeWb]+$/.exec(event)?.[1] ?? event
}
