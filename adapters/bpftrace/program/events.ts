import { dropOrigin, fieldOf, type SectionField } from '../../../src/kernel/sections.ts'
import type { Probe } from './ast.ts'
import { eventOf, isWildcard, probeName } from './probes.ts'

/** What the probes of a clause say about its events. */
export interface Events {
  /** The probes' full names, wildcards as they stand. */
  readonly names: readonly string[]
  /** `event_name`, when all probes come to one event. */
  readonly only: string | undefined
  /** Who drops, when each of the probes is entered once for one dropped packet, and only then. */
  readonly origin: 'software' | 'hardware' | undefined
}

export function eventsOf(probes: readonly Probe[]): Events {
  const names = probes.map(probeName)
  const events = new Set(names.map(eventOf))
  const [event] = events
  const origins = new Set(names.map(originOf))
  const [origin] = origins
  return {
    names,
    only: events.size === 1 && !probes.some(isWildcard) ? event : undefined,
    origin: origins.size === 1 ? origin : undefined,
  }
}

/**
 * Who drops, in a probe that runs once for one dropped packet. A probe of `kfree_skb`, `kfree_skb_reason` or `sk_skb_reason_drop` proves nothing: the
 * functions are entered for NULL and for shared buffers too.
 */
export function originOf(name: string): 'software' | 'hardware' | undefined {
  const event = tableEvent(name)
  return (
    dropOrigin(event) ??
    (/^(?:kprobe|fentry|kfunc):(?:[^:]*:)?tcp_drop(?:_reason)?$/.test(name) ? 'software' : undefined)
  )
}

/** The event by which the kernel's table knows a probe: raw tracepoints have the arguments of theirs. */
function tableEvent(name: string): string {
  return /^rawtracepoint:(?:skb:)?kfree_skb$/.test(name) ? 'skb:kfree_skb' : eventOf(name)
}

/** The field that `args->key` fills in every one of these probes. */
export function fieldIn(names: readonly string[], key: string): SectionField | undefined {
  const fields = new Set(names.map((name) => fieldOfProbe(name, key)))
  const [field] = fields
  return fields.size === 1 ? field : undefined
}

const WITH_REASON = /^(?:kprobe|fentry|kfunc):(?:[^:]*:)?(?:tcp_drop_reason|kfree_skb_reason|sk_skb_reason_drop)$/

function fieldOfProbe(name: string, key: string): SectionField | undefined {
  const event = tableEvent(name)
  if (key === 'reason' && WITH_REASON.test(name)) return 'drop.reason'
  // The program names the field itself, where perf's text says `dev=`.
  return key === 'name' && event.startsWith('net:') ? 'device.name' : fieldOf(event, key)
}
