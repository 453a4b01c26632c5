// Entries without columns: of a trace without the option context-info, or where an author cut them.
import { fullEventName } from '../../../src/kernel/event-systems.ts'
import { secondsToNs } from '../../../src/text/scan.ts'
import type { FtraceColumns } from './columns.ts'

/** `kfree_skb: skbaddr=000000006e9d80af …`: only the kernel prints pointers without `0x`. */
const KERNEL_DROP = /^(?:\d{1,10}\.\d{6}: )?kfree_skb: .{0,24}=[0-9a-f]{16}(?: |$)/
const BARE = /^(?:(?<time>\d{1,10}\.\d{6}): )?(?<body>(?<name>\w{1,64}): [a-z_]\w{0,63}=.*)$/s

/** Stacks, and texts that are free. */
const PRINTED =
  /^(?:<(?:user )?stack trace>$|(?:tracing_mark_write|bpf_trace_printk)(?:\+0x[0-9a-f/x]{1,32})?(?: <[0-9a-f]{8,16}>)?: )/
const NO_COLUMNS = { process: undefined, cpu: undefined, sample: undefined, ns: undefined, isRelative: false }

/** True for a drop that the kernel's own text reports, without columns. */
export function isBareDrop(line: string): boolean {
  return KERNEL_DROP.test(line)
}

/** The entry of a line that begins with the name of a known tracepoint, or with a time before it. */
export function bareBody(line: string): FtraceColumns | undefined {
  const { time, body, name } = BARE.exec(line.trimStart())?.groups ?? {}
  if (PRINTED.test(line)) return { head: NO_COLUMNS, body: line, isPasted: false }
  if (body === undefined || name === undefined || fullEventName(name) === undefined) return undefined
  const ns = time === undefined ? undefined : secondsToNs(time, 0, time.length)
  return { head: { ...NO_COLUMNS, ns }, body, isPasted: line.startsWith(' ') }
}
