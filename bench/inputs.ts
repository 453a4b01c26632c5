// perf text made by a seeded generator: the same bytes on every machine.
import { closeSync, openSync, writeSync } from 'node:fs'
import { fill, type Input, kept } from './captures.ts'

/** Numbers below a bound, in an order that the seed fixes (mulberry32). */
type Random = (bound: number) => number

interface Tail {
  readonly protocol: number
  readonly location: string
  readonly reason: string
}

interface Line {
  readonly comm: string
  readonly tid: number
  readonly cpu: number
  readonly microseconds: number
  readonly address: bigint
  /** `(nil)`, or an address. */
  readonly socket: string
  readonly tail: Tail
}

/** Real pairs of place and reason of Linux 6.12. */
const PLACES: readonly (readonly [location: string, reason: string])[] = [
  ['tcp_v4_rcv+0x157', 'NO_SOCKET'],
  ['__udp4_lib_rcv+0x4bc', 'NO_SOCKET'],
  ['udp_queue_rcv_one_skb+0x2f1', 'SOCKET_RCVBUFF'],
  ['sk_filter_trim_cap+0x9d', 'SOCKET_FILTER'],
  ['tcp_rcv_established+0x5a3', 'TCP_CSUM'],
  ['__udp4_lib_rcv+0xa10', 'UDP_CSUM'],
  ['nft_do_chain+0x3e8', 'NETFILTER_DROP'],
  ['nf_hook_slow+0xb4', 'NETFILTER_DROP'],
  ['ip_rcv_finish_core+0x1c6', 'OTHERHOST'],
  ['ip_rcv_core+0x2c7', 'IP_CSUM'],
  ['ip_rcv_core+0x31f', 'IP_INHDR'],
  ['fib_validate_source+0x11d', 'IP_RPFILTER'],
  ['__neigh_event_send+0x2a4', 'NEIGH_FAILED'],
  ['neigh_update+0x7d8', 'NEIGH_DEAD'],
  ['enqueue_to_backlog+0x245', 'CPU_BACKLOG'],
  ['tcf_classify+0xe9', 'TC_INGRESS'],
  ['__dev_queue_xmit+0x8b2', 'QDISC_DROP'],
  ['tun_net_xmit+0x1a9', 'TAP_TXFILTER'],
  ['packet_rcv+0x7c', 'NOT_SPECIFIED'],
]
const PROTOCOLS = [2048, 34525, 2054] as const
/** 57 of them. */
const TAILS: readonly Tail[] = PLACES.flatMap(([location, reason]) =>
  PROTOCOLS.map((protocol) => ({ protocol, location, reason })),
)

/** A busy host of 400 threads and 64 cpus: some threads and places are far more common than others. */
export function mixed(events: number): Input {
  const random = randomOf(16)
  const threads = Array.from({ length: 400 }, (_, n) => ({ comm: `worker/${n}:${random(90)}`, tid: 900 + 17 * n }))
  const common = <T>(values: readonly T[], otherwise: T): T =>
    values[Math.floor((random(values.length) * random(values.length)) / values.length)] ?? otherwise
  const idle = { comm: 'swapper', tid: 0 }
  let microseconds = 5_066_913_230
  return written(`mixed-${events}.txt`, events, () => {
    microseconds += 1 + random(400)
    const isForSocket = random(10) < 4
    return {
      ...common(threads, idle),
      cpu: random(64),
      microseconds,
      address: 0xffff888000000000n + 256n * BigInt(random(4096)),
      socket: isForSocket ? `0x${(0xffff888100000000n + 2048n * BigInt(random(300))).toString(16)}` : '(nil)',
      tail: common(TAILS, { protocol: 2048, location: 'kfree_skb_list_reason+0x22', reason: 'NOT_SPECIFIED' }),
    }
  })
}

/** No thread, place, time or address repeats: remembered values do not help. */
export function nothingRepeats(events: number): Input {
  return written(`nothing-repeats-${events}.txt`, events, (n) => ({
    comm: `task-${n.toString(36)}`,
    tid: 1000 + n,
    cpu: n % 64,
    microseconds: 5_000_000_000 + n,
    address: 0xffff888000000000n + BigInt(n) * 256n,
    socket: `0x${(0xffff888100000000n + BigInt(n) * 512n).toString(16)}`,
    tail: {
      protocol: 2048,
      location: `place_${n.toString(36)}+0x${(n % 4096).toString(16)}`,
      reason: 'NO_SOCKET',
    },
  }))
}

/** The same drops where something squeezed each run of blanks into one. */
export function squeezed({ path, events }: Input): Input {
  const name = `${path.slice(path.lastIndexOf('/') + 1)}.squeezed`
  const pipeline = `tr -s ' ' < '${path}' | sed 's/^ //'`
  return { path: kept(name, (file) => fill(file, ['sh', '-c', pipeline])), events }
}

/** The frames above those of a place, outermost last; each chain is cut from them at another depth. */
const FRAMES = [
  'ip_protocol_deliver_rcu+0xd8',
  'ip_local_deliver_finish+0x81',
  '__netif_receive_skb_one_core+0x8d',
  'process_backlog+0x83',
  '__napi_poll+0x31',
  'net_rx_action+0x16e',
  'handle_softirqs+0xcd',
  'do_softirq.part.0+0x3b',
  '__local_bh_enable_ip+0x64',
  '__dev_queue_xmit+0x394',
  'ip_finish_output2+0x2ac',
  'ip_output+0x5f',
  'udp_sendmsg+0xb20',
  '__sys_sendmsg+0xa9',
  'do_syscall_64+0x71',
  'entry_SYSCALL_64_after_hwframe+0x76',
] as const

/** The mixed drops, each with its call chain, as perf prints them after `perf record -g`. */
export function withChains(events: number): Input {
  const random = randomOf(61)
  let microseconds = 5_066_913_230
  const chains = TAILS.map(({ location }, n) =>
    ['sk_skb_reason_drop+0x90', location, ...FRAMES.slice(n % 5)]
      .map(
        (frame, depth) =>
          `\tffffffff${(0x81000000 + 65536 * n + 272 * depth).toString(16)} ${frame} ([kernel.kallsyms])\n`,
      )
      .join(''),
  )
  return writtenAs(`chains-${events}.txt`, events, () => {
    microseconds += 1 + random(400)
    const n = random(TAILS.length)
    const line = textOf({
      comm: `worker/${n}`,
      tid: 900 + random(40),
      cpu: random(64),
      microseconds,
      address: 0xffff888000000000n + 256n * BigInt(random(4096)),
      socket: '(nil)',
      tail: TAILS[n] ?? { protocol: 2048, location: '', reason: '' },
    })
    return `${line.trimStart()}${chains[n]}\n`
  })
}

function written(name: string, events: number, lineOf: (n: number) => Line): Input {
  return writtenAs(name, events, (n) => textOf(lineOf(n)))
}

function writtenAs(name: string, events: number, eventOf: (n: number) => string): Input {
  const path = kept(name, (file) => {
    const output = openSync(file, 'w')
    let block = ''
    for (let n = 0; n < events; n++) {
      block += eventOf(n)
      if (block.length < 64 * 1024 && n < events - 1) continue
      writeSync(output, block)
      block = ''
    }
    closeSync(output)
  })
  return { path, events }
}

/** A line as perf script prints it by default. */
function textOf({ comm, tid, cpu, microseconds, address, socket, tail }: Line): string {
  const head = `${comm.padStart(16)} ${String(tid).padStart(7)} [${String(cpu).padStart(3, '0')}]`
  const fraction = String(microseconds % 1e6).padStart(6, '0')
  const time = `${Math.floor(microseconds / 1e6)}.${fraction}`.padStart(12)
  const { protocol, location, reason } = tail
  const payload = `skbaddr=0x${address.toString(16)} rx_sk=${socket} protocol=${protocol} location=${location}`
  return `${head} ${time}: skb:kfree_skb: ${payload} reason: ${reason}\n`
}

function randomOf(seed: number): Random {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}
