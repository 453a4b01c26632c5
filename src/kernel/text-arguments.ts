// Which arguments of tracepoints stay text whatever their value looks like. Only the event and the name decide, so that
// no member changes its type from line to line.

/** Arguments that carry names, and all of syscalls. */
export function isNameArgument(event: string, key: string): boolean {
  if (event.startsWith('syscalls:') || event.startsWith('raw_syscalls:')) return true
  return key.endsWith('comm') || key.endsWith('name') || NAMES.includes(key)
}

const NAMES = ['dev', 'msg', 'function', 'driver']

/**
 * Arguments that are text: names, and numbers whose digits are not decimal (`4100` of `%llx`), or change their form
 * (`0` and `0x2` of `%#x`, `002` and `100` of `%03d`).
 */
export function isTextArgument(event: string, key: string): boolean {
  if (isNameArgument(event, key)) return true
  const known = TEXT_KEYS.get(event)
  return known === undefined ? OFTEN_HEX.test(key) : known.includes(key)
}

/**
 * By the `print fmt` of the format files of Linux 5.10 to 7.2, where names alone would say something else: `tx_flags`
 * is decimal.
 */
const TEXT_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['net:napi_gro_frags_entry', ['gso_type']],
  ['net:napi_gro_receive_entry', ['gso_type']],
  ['net:net_dev_start_xmit', ['gso_type']],
  ['net:netif_receive_skb_entry', ['gso_type']],
  ['net:netif_receive_skb_list_entry', ['gso_type']],
  ['net:netif_rx_entry', ['gso_type']],
  ['regmap:regmap_reg_read', ['reg', 'val']],
  ['regmap:regmap_reg_read_cache', ['reg', 'val']],
  ['regmap:regmap_reg_write', ['reg', 'val']],
  ['sched:sched_wakeup', ['target_cpu']],
  ['sched:sched_wakeup_new', ['target_cpu']],
  ['sched:sched_waking', ['target_cpu']],
  ['signal:signal_deliver', ['sa_handler', 'sa_flags']],
  ['task:task_newtask', ['clone_flags']],
  ['tcp:tcp_probe', ['mark', 'snd_nxt', 'snd_una', 'sock_cookie']],
])

/**
 * Names of what the kernel mostly prints in hexadecimal, often without `0x`: in any other event, and in lines that do
 * not name the event.
 */
const OFTEN_HEX =
  /(?:^|_)(?:[a-z]*flags?|[a-z]*mask|cookie|f?handle|handler|[a-z]*addr|address|ptr|hash|magic|csum|checksum|xid|bits|rip|pc)$/i
