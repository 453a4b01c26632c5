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

/** What perf trace prints. */
export const PERF_TRACE = `\
     0.000 ( 0.040 ms): curl/883 connect(fd: 3, uservaddr: 0x7ffc4ba2ac30, addrlen: 110) = -1 ENOENT (No such file or directory)
     0.552 (         ): curl/883 skb:kfree_skb(skbaddr: 0xffff93c3c2d4f300, location: 0xffffffff8ad91b37, protocol: 2048, reason: 3)
`

/** What perf data convert --to-json writes. */
export const PERF_JSON = JSON.stringify(
  {
    'linux-perf-json-version': 1,
    headers: { hostname: 'web-7', 'os-release': '6.12.57', 'perf-version': '6.12.57' },
    samples: Array.from({ length: 3 }, (_, at) => ({
      timestamp: 3478123456789 + at,
      pid: 0,
      tid: 0,
      cpu: 1,
      comm: 'swapper',
      callchain: [],
      skbaddr: '0xffff93c3c2d4f300',
      location: '0xffffffff8ad91b37',
      protocol: '2048',
      reason: '3',
    })),
  },
  undefined,
  '\t',
)

/** What the kernel's trace_pipe gives. */
export const FTRACE = `          <idle>-0       [001] ..s1.  3478.123456: kfree_skb: ${PERF_FIELDS}\n`.repeat(3)

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

/** A tar.gz with a text packed by zstd, xz and bzip2, and in a zip. */
export const ARCHIVE = Buffer.from(
  `
H4sIAAAAAAACA+3WPUvDQBgH8OfaNGAddFIHrRVEnNrLa3VrBXXIYKAt2FoHxcEiGNumEAKCBcFBEL+DXVycfJnFuYiLfgKlm4Or
BS/JZEQFwZTq84PLXS7JkYT8c2cl7JoJv4syqiy7NeOvKRUlEBRBVCRJlp1+QaSKAnEKAajXzLUqu5WqYXz5Hr477n+4HjF9kexM
8gKAacQ3jGi2dXYL6P+wEpYNXc6/wNrv8y+oKRHzH4ROyl4uAnBP9+cLIZggQ6zPTD6eEIh4fwS2Xza225XnAwokxl8nm2Pjly+7
xLmYKxQxQb2e/3Vb7Pb8r6j+/KdkivkPwlxxc1bIFKayBW3l9RAgdLcHg2ngYB/iQFtwkz69Gq7Oz+jH3nH01/Jvl3e6nH9RUj+s
/2Vc/wdC18Jc1G21jxqrpdLSA8/aTiEwClY+1wfshIEtp9StfiCcO/E7G299oGskFAt/NsSI2+8sFpoN93PL5yLegL7BdC3Ce6cS
WGR1BqOJEEIIIYQQQgghhBBCCCH0I2/49cWtACgAAA==
`,
  'base64',
)
