import { dropOrigin, fieldOf, type SectionField } from '../../../src/kernel/sections.ts'
import type { Probe } from './ast.ts'
import { eventOf, isWildcard, probeName } from './probes.ts'

/** What the probes of a clause say about its events. */
export interface Events {
  /** The full names of the probes, with their wildcards. */
  readonly names: readonly string[]
  /** `event_name`, if all probes are of one event. */
  readonly only: string | undefined
  /** Who drops, if each probe runs exactly once for each dropped packet. */
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
 * Who drops, if the probe runs exactly once for each dropped packet. A probe of the functions `kfree_skb`,
 * `kfree_skb_reason` or `sk_skb_reason_drop` proves no drop: they are called for NULL and for shared buffers too.
 */
export function originOf(name: string): 'software' | 'hardware' | undefined {
  const event = tableEvent(name)
  return (
    dropOrigin(event) ??
    (/^(?:kprobe|fentry|kfunc):(?:[^:]*:)?tcp_drop(?:_reason)?$/.test(name) ? 'software' : undefined)
  )
}

/** The event whose arguments a probe has: a raw tracepoint has those of its tracepoint. */
function tableEvent(name: string): string {
  return /^rawtracepoint:(?:skb:)?kfree_skb$/.test(name) ? 'skb:kfree_skb' : eventOf(name)
}

/** The field that `args->key` fills in each of these probes. Undefined: in some of them it fills another, or none. */
export function fieldIn(names: readonly string[], key: string): SectionField | undefined {
  const fields = new Set(names.map((name) => fieldOfProbe(name, key)))
  const [field] = fields
  return fields.size === 1 ? field : undefined
}

const WITH_REASON = /^(?:kprobe|fentry|kfunc):(?:[^:]*:)?(?:tcp_drop_reason|kfree_skb_reason|sk_skb_reason_drop)$/

function fieldOfProbe(name: string, key: string): SectionField | undefined {
  const event = tableEvent(name)
  if (key === 'reason' && WITH_REASON.test(name)) return 'drop.reason'
  // bpftrace names the field as the kernel does, where the text of perf has `dev=`.
  return key === 'name' && event.startsWith('net:') ? 'device.name' : fieldOf(event, key)
}
