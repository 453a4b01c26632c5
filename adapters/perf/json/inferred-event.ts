// perf data convert --to-json names no events. Some have a set of fields that no other event has.
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'

/**
 * Events by their fields, in alphabetical order. Of the 2,323 events of Linux 6.18 (x86-64), none but the named one has
 * these fields (format files of tracefs, compared). skb:kfree_skb has the fields of Linux before 5.17, of 5.17 to 6.10,
 * and of 6.11 on; devlink:devlink_trap_report those of include/trace/events/devlink.h, Linux 5.10 to 6.18.
 */
const EVENTS: ReadonlyMap<string, string> = new Map([
  ['location protocol skbaddr', KFREE_SKB],
  ['location protocol reason skbaddr', KFREE_SKB],
  ['location protocol reason rx_sk skbaddr', KFREE_SKB],
  ['location skbaddr', 'skb:consume_skb'],
  ['len skbaddr', 'skb:skb_copy_datagram_iovec'],
  ['bus_name dev_name driver_name input_dev_name trap_group_name trap_name', 'devlink:devlink_trap_report'],
  ['len name rc skbaddr', 'net:net_dev_xmit'],
  ['budget dev_name napi work', 'napi:napi_poll'],
  ['handle ifindex packets parent qdisc skbaddr txq txq_state', 'qdisc:qdisc_dequeue'],
  ['handle ifindex parent qdisc skbaddr txq', 'qdisc:qdisc_enqueue'],
  ['next_comm next_pid next_prio prev_comm prev_pid prev_prio prev_state', 'sched:sched_switch'],
  ['comm dest_cpu orig_cpu pid prio', 'sched:sched_migrate_task'],
])

/** The event that alone has these fields, named as in the format files. Undefined: none, or several have them. */
export function inferredEvent(fields: readonly string[]): string | undefined {
  return EVENTS.get(fields.toSorted().join(' '))
}
