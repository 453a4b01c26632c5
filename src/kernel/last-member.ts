// Payloads that a mailer or a terminal broke into lines: whether a part of one is missing.

/** The member that the kernel prints last, in every version, of events whose members all have `=`. */
const LAST: ReadonlyMap<string, string> = new Map([
  ['net:net_dev_queue', 'len'],
  ['net:netif_receive_skb', 'len'],
  ['net:netif_rx', 'len'],
  ['net:net_dev_xmit', 'rc'],
  ['net:net_dev_xmit_timeout', 'queue'],
  ['skb:skb_copy_datagram_iovec', 'len'],
  ['devlink:devlink_trap_report', 'input_dev_name'],
  ['sched:sched_switch', 'next_prio'],
  ['sched:sched_wakeup', 'target_cpu'],
  ['sched:sched_wakeup_new', 'target_cpu'],
  ['sched:sched_waking', 'target_cpu'],
  ['sched:sched_migrate_task', 'dest_cpu'],
  ['sched:sched_process_fork', 'child_pid'],
  ['sched:sched_process_exit', 'prio'],
  ['sched:sched_process_free', 'prio'],
  ['sched:sched_process_wait', 'prio'],
  ['sched:sched_stat_runtime', 'runtime'],
  ['task:task_newtask', 'oom_score_adj'],
  ['task:task_rename', 'oom_score_adj'],
])

/** True while the event's last member, or its value, is missing. */
export function lacksMember(event: string, payload: string): boolean {
  const last = LAST.get(event)
  if (last === undefined || payload.includes('...')) return false
  const at = payload.lastIndexOf(`${last}=`)
  return at < 0 || payload.slice(at + last.length + 1).trim() === ''
}
