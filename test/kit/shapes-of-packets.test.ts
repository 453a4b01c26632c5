// Packet blocks of dropwatch: what a shape writes is what the reader, the stages and the sink would have written.
import { describe, it } from 'vitest'
import { damaged } from './damaged.ts'
import { type Random, randomOf } from './random.ts'
import { expectSame, openBoth } from './twice.ts'

const ARGS = [
  [],
  ['--timezone', 'Europe/Berlin'],
  ['--timezone', 'Asia/Kathmandu', '--kind', 'drop'],
  ['--timezone', 'Europe/Berlin', '--host', 'web-7', '--kernel', '6.12'],
]

/** Local times of the day on which Berlin's clocks are set back, and of the one on which they are set forward. */
const STARTS = ['2026-10-25T02:57:30Z', '2026-03-29T01:57:30Z', '2026-12-31T23:57:30Z', '2026-11-03T09:58:30Z']

/** A session of a busy host, with all that changes what a reader knows, and what is no block, between its blocks. */
class Session {
  private readonly random: Random
  private readonly lineEnd: string
  private readonly hasReasons: boolean
  private ms: number

  constructor(random: Random) {
    this.random = random
    this.lineEnd = this.random.pick(['\n', '\n', '\r\n'])
    this.hasReasons = random.below(3) > 0
    this.ms = Date.parse(this.random.pick(STARTS))
  }

  text(blocks: number): string {
    return Array.from({ length: blocks }, () => this.next()).join('')
  }

  private next(): string {
    const kind = this.random.below(80)
    if (kind === 0) return this.random.pick(INTERRUPTIONS).replaceAll('\n', this.lineEnd)
    if (kind === 1) this.ms -= this.random.pick([1000, 3_600_000, 3_600_000, 86_400_000])
    if (kind === 2) this.ms += 3_500_000
    const block = this.block().join(this.lineEnd) + this.lineEnd
    if (kind === 3) return block.replace(this.random.pick(['software', 'nsec', '0x', '\n', 'length']), '')
    if (kind === 4) return block.replace('\n', '\nRecv failed: No buffer space available\n')
    return block
  }

  private block(): readonly string[] {
    const { random } = this
    const isHardware = random.below(4) === 0
    const length = String(this.random.pick([47, 54, random.below(1500), random.below(70_000)])).padStart(
      this.random.pick([0, 0, 0, 6]),
      '0',
    )
    const interfaces = [
      [],
      [`input port ifindex: ${this.random.pick([0, 1, 7])}`],
      ['input port ifindex: 7', 'input port name: eth0'],
    ]
    const hasReason = this.hasReasons && random.below(40) > 0
    return [
      `drop at: ${this.random.pick(isHardware ? TRAPS : PLACES)}`,
      `origin: ${random.below(50) === 0 ? 'unknown' : isHardware ? 'hardware' : 'software'}`,
      ...this.random.pick(interfaces),
      ...(isHardware && random.below(4) === 0 ? [`cookie: ${this.random.pick(['c0ffee', 'C0FFEE01', ''])}`] : []),
      `timestamp: ${this.time()}`,
      `protocol: 0x${this.random.pick(['800', '800', '86dd', '806', '0', '1234'])}`,
      `length: ${length}`,
      `original length: ${this.random.pick([length, '142'])}`,
      ...(hasReason ? [`drop reason: ${this.random.pick(REASONS)}`] : []),
      ...(random.below(60) === 0 ? [] : ['']),
    ]
  }

  private time(): string {
    this.ms += this.random.below(900)
    const [weekday, day, month, year, clock] = new Date(this.ms).toUTCString().replace(',', '').split(' ')
    const ns = String(this.random.below(1_000_000_000)).padStart(9, '0')
    return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year} ${ns} nsec`
  }
}

const PLACES = [
  'tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)',
  '__udp4_lib_rcv+0x235/0xd90 (0xffffffff9f14ca75)',
  'nft_do_chain+0x161/0x630 [nf_tables] (0xffffffffc0a0e2f1)',
  '0xffffffff9f1ebe69 (0xffffffff9f1ebe69)',
  'ovs_dp_process_packet+0x157/0x1e0 [openv (0xffffffffc0b1c2d3)',
  'foo (0x0)',
]
const TRAPS = [
  'fid_miss (l2_drops)',
  'ttl_value_is_too_small (l3_exceptions)',
  'tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)',
]
const REASONS = ['NO_SOCKET', 'NETFILTER_DROP', 'NO_SOCKET', 'RX_DROP_U_REPLAY', 'nothing']

const INTERRUPTIONS = [
  '^CGot a stop message\ndropwatch> stats\nSoftware statistics:\nPackets dropped: 17\nTail dropped: 3\n\n',
  'dropwatch> start\nEnabling monitoring...\nKernel monitoring activated.\nIssue Ctrl-C to stop monitoring\n',
  '3 drops at tcp_v4_rcv+157 (0xffffffff8abc4f87) [software]\n',
  '\n\n',
  '$ ls\n',
  'dropwatch> ',
  'length: 5\n',
  'drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)\norigin: software\n',
  '            curl     883 [000]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
]

describe('blocks that are taken by their shape', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed))('are those that are read, seed %i', async (seed) => {
    const random = randomOf(seed)
    const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 3 === 2)
    const text = Buffer.from(new Session(random).text(500), 'latin1')
    expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
    expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
  })
})

/** So many blocks at that time of the day on which Berlin's clocks are set back. */
function blocksAt(time: string, count: number): string {
  return `drop at: ${PLACES[0]}\norigin: software\ntimestamp: Sun Oct 25 ${time} 2026 000000001 nsec\nprotocol: 0x800\nlength: 47\noriginal length: 47\ndrop reason: NO_SOCKET\n\n`.repeat(
    count,
  )
}

describe('the hour that exists twice', () => {
  it('is placed by the block before, also by one that was taken', async () => {
    const both = await openBoth(['--timezone', 'Europe/Berlin'], false)
    const steady = blocksAt('01:30:00', 40)
    const text = steady + blocksAt('02:50:00', 1) + steady + blocksAt('02:10:00', 1)
    expectSame(await both.convert(Buffer.from(text), [text.length]), 'a step back')
  })
})
