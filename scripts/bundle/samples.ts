// Small captures, one for each tool, that make the program compile what it needs to read such.

const PERF_HEAD = '     swapper     0 [001]  3478.123'
const PERF_FIELDS = 'skbaddr=0xffff93c3c2d4f300 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'

/** What perf script prints: lines alone, then a call chain. */
export const PERF = `${[
  `${PERF_HEAD}456: skb:kfree_skb: ${PERF_FIELDS}`,
  `${PERF_HEAD}567: skb:kfree_skb: ${PERF_FIELDS}`,
  `${PERF_HEAD}678: skb:kfree_skb: ${PERF_FIELDS}`,
  '\tffffffff8abc4f87 kfree_skb_reason+0x87 ([kernel.kallsyms])',
  '\tffffffff8ad91b37 tcp_v4_rcv+0x157 ([kernel.kallsyms])',
].join('\n')}\n\n`

const COMM = [...'swapper'.padEnd(16, '\0')].map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

/** What adapters/bpftrace/programs/drops.bt prints. */
export const BPFTRACE = `Attaching 1 probe...
ts=3478123456789 cpu=1 pid=0 tid=0 comm=${COMM} skb=0xffff93c3c2d4f300 proto=2048 reason=3 \
loc=0xffffffff8abc4f87 sym=tcp_v4_rcv
`

export const DROPWATCH = `Initializing kallsyms db
dropwatch> set alertmode packet
Setting alert mode
Alert mode successfully set
dropwatch> start
Enabling monitoring...
Kernel monitoring activated.
Issue Ctrl-C to stop monitoring
drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)
origin: software
input port ifindex: 1
timestamp: Thu Feb 23 18:03:36 2023 370138884 nsec
protocol: 0x800
length: 74
original length: 74
drop reason: NO_SOCKET

`
