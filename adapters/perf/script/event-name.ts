// The event's name behind the columns: `skb:kfree_skb: `.
import { type Part, seal } from '../../../src/event/part.ts'
import { nearDrop } from '../../../src/kernel/drop-line.ts'
import { holdsAt } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { nameEnd } from './column-run.ts'

/** Reads it; most lines have the name of the one before. */
export class EventNames {
  /** The name read last, latin1, without modifiers. */
  name = ''
  part: Part = seal('event_name', '-')
  /** The event of a drop that it nearly is. */
  damaged: string | undefined
  /** With `: ` behind it. */
  private printed = '\n'

  /** Where the payload starts; undefined when there is no event name. */
  read(text: string, start: number, end: number): number | undefined {
    if (holdsAt(text, start, this.printed)) return start + this.printed.length
    if (text.startsWith('PERF_RECORD_', start)) return undefined
    const colon = nameEnd(text, start, false)
    if (colon === undefined || colon >= end) return undefined
    const name = text.slice(start, colon)
    this.printed = `${name}: `
    this.name = kernelName(name)
    this.damaged = nearDrop(name)
    this.part = seal('event_name', utf8(this.name))
    return Math.min(colon + 2, end)
  }
}

/** `skb:kfree_skb` of `skb:kfree_skb:k`: modifiers say how the event was recorded. Those of events that are no tracepoints are part of their names. */
export function kernelName(event: string): string {
  return /^([\w-]+:[\w.-]+):[ukhpPGHSDIeWb]+$/.exec(event)?.[1] ?? event
}
