import { describe, it } from 'vitest'
import { damaged } from './damaged.ts'
import { type Random, randomOf } from './random.ts'
import { expectSame, openBoth } from './twice.ts'

const ARGS = [
  [],
  ['--kind', 'drop'],
  ['--boot-time', '2026-11-23T10:00:00.123456789Z'],
  ['--host', 'web-7', '--label', 'site=fra1', '--kernel', '6.12'],
]
/** Of one key, of two keys, of a leaf, of parts that are not there, and together with kinds. */
const FILTERS = [
  ['--where', 'drop.reason == "NO_SOCKET" || location.symbol.startsWith("nft")'],
  ['--where', 'process.comm == "curl" || drop.reason == "NO_SOCKET"'],
  ['--where', 'process.tid == 883'],
  ['--where', 'skb.protocol == 2048 && cpu < 2'],
  ['--where', 'has(stack) && stack.size() > 2', '--kind', 'drop,loss'],
  ['--where', 'kind == "drop"', '--where', '!has(device.name)'],
  ['--where', 'capture.line % 2 == 0'],
  ['--where', 'ts > "2026-11-24T10:10:00Z"', '--boot-time', '2026-11-23T10:00:00.123456789Z'],
]

/**
 * Mixed: of many forms. Of few forms: in a steady capture, threads and places come again; in a varying one, hardly any
 * does.
 */
type CaptureKind = 'mixed' | 'steady' | 'varying'

/** Lines of `perf script` as a busy host has them, with all that changes what a reader knows between them. */
class Capture {
  private readonly random: Random
  private readonly comms: readonly string[]
  private readonly tails: readonly string[]
  private ns = 1_000_000_000 * 9
  private width = 5
  private readonly hasChains: boolean
  private readonly chains: readonly string[]
  private readonly kind: CaptureKind

  constructor(random: Random, kind: CaptureKind = 'mixed') {
    this.random = random
    this.kind = kind
    if (kind !== 'mixed') this.width = 7
    this.comms = Array.from({ length: 1 + random.below(12) }, () => this.random.pick(COMMS))
    this.hasChains = random.below(3) === 0
    this.chains = Array.from({ length: 1 + random.below(6) }, () => this.chain())
    this.tails = Array.from({ length: 1 + random.below(12) }, () => this.tail())
  }

  text(lines: number): string {
    return Array.from({ length: lines }, () => this.line()).join('')
  }

  private line(): string {
    const kind = this.random.below(60)
    if (this.kind !== 'mixed') {
      if (this.random.below(500) === 0) this.width = this.random.pick([5, 6, 7])
      return `${kind === 0 ? 'curl: (7) Failed to connect\n' : ''}${this.varying()}${kind === 2 ? '\r\n' : '\n'}`
    }
    if (kind === 0) return this.random.pick(INTERRUPTIONS)
    if (kind === 1) this.width = this.random.pick([5, 6, 7])
    if (this.hasChains && kind > 5) return `${this.sample()}\n${this.random.pick(this.chains)}\n`
    return this.sample() + (kind === 2 ? '\r\n' : '\n')
  }

  private sample(): string {
    const { random } = this
    this.ns += random.below(3) * random.below(2_000_000_000)
    const ns = String(this.ns % 1_000_000_000).padStart(9, '0')
    const time = `${Math.floor(this.ns / 1_000_000_000)}.${random.below(40) === 0 ? ns : ns.slice(0, 6)}`
    const tid = String(this.random.pick([883, 18299, 1, 4194303, 0]))
    const comm = this.random.pick(this.comms)
    const head = `${this.hasChains ? comm : comm.padStart(16)} ${tid.padStart(this.width)} [${this.random.pick(['000', '001', '063', '128'])}]`
    const event = this.random.pick([
      'skb:kfree_skb',
      'skb:kfree_skb',
      'skb:kfree_skb',
      '      skb:kfree_skb',
      'net:netif_rx',
    ])
    if (event === 'net:netif_rx')
      return `${head} ${time.padStart(12)}: ${event}: dev=lo skbaddr=0xffff88811f6a7068 len=60`
    return `${head} ${time.padStart(12)}: ${event}: skbaddr=${this.address()}${this.random.pick(['', ' rx_sk=(nil)', ` rx_sk=${this.address()}`])}${this.random.pick(this.tails)}`
  }

  /** Of few shapes, and of many values. */
  private varying(): string {
    const { random } = this
    this.ns += random.below(2_000_000_000)
    const time = `${Math.floor(this.ns / 1e9)}.${String(this.ns % 1e9)
      .padStart(9, '0')
      .slice(0, 6)}`
    const isSteady = this.kind === 'steady'
    const tid = isSteady ? this.random.pick(['883', '18299']) : this.tid()
    const comm = isSteady
      ? this.random.pick(['curl', 'curl5', 'nf sender', 'kworker01', 'kworker/0:1', 'VM'])
      : this.comm(tid)
    const place = isSteady ? this.random.pick(['tcp_v4_rcv+0x157', 'nft_do_chain+0x3e8']) : this.place()
    const address = `0xffff8881${(0x10000000 + random.below(1e8)).toString(16)}`
    const reason =
      random.below(4) > 0
        ? ' reason: NO_SOCKET'
        : this.random.pick(['', ' reason: 0x3', ' reason:', ' reason: CONSUMED'])
    return `${comm.padStart(16)} ${tid.padStart(this.width)} [00${random.below(4)}] ${time.padStart(12)}: skb:kfree_skb: skbaddr=${address} rx_sk=(nil) protocol=${this.random.pick([2048, 34525, 0, 4660])} location=${place}${reason}`
  }

  private comm(tid: string): string {
    const { random } = this
    if (random.below(30) === 0) return `:${tid}`
    if (random.below(4) > 0) return `task-${random.below(1e6).toString(36)}`
    return Array.from({ length: random.below(17) }, () => this.random.pick(COMM_PIECES))
      .join('')
      .slice(0, 15)
  }

  private tid(): string {
    const { random } = this
    return random.below(12) === 0 ? this.random.pick(TIDS) : String(random.below(this.random.pick([99_999, 4_194_304])))
  }

  private place(): string {
    const { random } = this
    const symbol = random.below(4) > 0 ? `place_${random.below(1e6).toString(36)}` : this.random.pick(SYMBOLS)
    return symbol + (random.below(4) > 0 ? `+0x${random.below(4096).toString(16)}` : this.random.pick(OFFSETS))
  }

  private chain(): string {
    return Array.from({ length: this.random.below(5) }, () => this.random.pick(FRAMES)).join('')
  }

  private address(): string {
    const digits = Array.from({ length: this.random.pick([16, 16, 16, 15, 8]) }, () =>
      this.random.below(16).toString(16),
    ).join('')
    return this.random.pick([`0x${digits}`, `0x${digits}`, `0x${digits}`, '(nil)', '0x0', '0xFFFF88811F6A7068'])
  }

  private tail(): string {
    const place = this.random.pick(PLACES)
    const reason = this.random.pick(['NO_SOCKET', 'NOT_SPECIFIED', '0x3', '0x10003', 'CONSUMED', 'nothing', ''])
    const end = this.random.pick([` reason: ${reason}`, ` reason: ${reason}`, '', ' reason:', ' and more'])
    return ` protocol=${this.random.pick([2048, 34525, 0, 4660, 70000])} location=${place}${end}`
  }
}

const COMMS = [
  'curl',
  'nf sender',
  'swapper',
  'a [000] 1.0: b',
  '',
  ':883',
  'x'.repeat(15),
  'caf\u00e9',
  '\xff\xfe',
  'a\\"b',
  'ksoftirqd/1',
]
const COMM_PIECES = [
  'a',
  'Z',
  '7',
  '-',
  ' ',
  ' ',
  ':',
  '"',
  '\\',
  '/',
  '[',
  ']',
  '.',
  ',',
  '\xc3\xa9',
  '\x7f',
  '\t',
  '=',
]
const TIDS = ['-1', '007', '0', '4194304', '4194305', '2147483647', '2147483648']
const PLACES = ['tcp_v4_rcv+0x157', 'nft_do_chain+0x3e8', '0xffffffff81234567', 'a [b]', 'foo.cold', '']
const SYMBOLS = [
  'f.isra.0',
  'a+b',
  '...',
  '0xff',
  'deadbeef',
  'a"b',
  'a\\b',
  'a,b',
  'caf\xc3\xa9',
  '[m]',
  'x'.repeat(600),
  '9p',
  '(nil)',
]
const OFFSETS = [
  '+0x0',
  '+0x00',
  '+0x01f',
  '+0x1F',
  '+0x1234567',
  '+0x12345678',
  '+0x1/0x2',
  '+0x',
  '',
  '+0x1 [nf_tables]',
  '+0x1 [a b]',
  '+0x1+0x2',
  '+0x123456789abcdef01',
]
const FRAMES = [
  '\tffffffff9601f047 __traceiter_kfree_skb+0x37 ([kernel.kallsyms])\n',
  '\tffffffff95fc031b kfree_skb_reason+0x7b ([kernel.kallsyms])\n',
  '\t          10a7c0 connect+0x10 (/usr/lib/libc.so.6)\n',
  '\t    7f3a5c10a7c0 [unknown] ([unknown])\n',
  '\tffffffffc0a0e2f1 nft_do_chain+0x161 ([nf_tables])\n',
  '\tffffffff9601f047 __traceiter_kfree_skb+0x37\n',
]

const INTERRUPTIONS = [
  '# ========\n# captured on    : Mon Nov 23 12:38:57 2026\n# hostname : web-7\n# os release : 6.12.57+deb13-amd64\n# ========\n#\n',
  '\n',
  'curl: (7) Failed to connect\n',
  '$ perf script\n',
  '> curl 883 [000] 340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
  'curl   883 [000]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
  '            curl     883 [000]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 rea\n',
  '            curl     883 [000]   340.799805: cpu-clock:u: \n\tffffffff816341cd __kmalloc_cache_noprof+0x3fd ([kernel.kallsyms])\n\n',
  '[LOST 3 EVENTS]\n',
  'drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)\n',
]

/** Blanks squeezed to one, and none before a line, or one: now and then it has another follower, or is no such line. */
function squeezed(text: string, random: Random): string {
  const before = random.below(2) === 0 ? '' : ' '
  return text.replaceAll(/^ *(.*\n)/gm, (_, line: string) => {
    const kind = random.below(80)
    const blank = kind === 0 ? ' ' : before
    const after = kind < 8 ? (FOLLOWERS[kind] ?? '') : ''
    return blank + line.replaceAll(/ +/g, ' ') + after
  })
}

/** With a call chain after each sample, as perf prints it: comms are not padded then. */
function chained(text: string, random: Random): string {
  const frames = Array.from({ length: 5 }, (_, depth) => FRAMES.slice(depth).join(''))
  return text.replaceAll(/^ *(.*: skb:kfree_skb: .*)\r?\n/gm, (_, line: string) => {
    const chain = frames[random.below(40) === 0 ? 4 : random.below(frames.length)] ?? ''
    return `${line}\n${chain}\n`
  })
}

const FOLLOWERS = [
  '\tffffffff9601f047 __traceiter_kfree_skb+0x37 ([kernel.kallsyms])\n\n',
  '\n',
  'curl: (7) Failed to connect\n',
  'VMware 12 [001] 5066.913230: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=f+0x1 reason: NO_SOCKET\n',
  'nf sender 12 [001] 5066.913230: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=f+0x1 reason: NO_\n',
  'nf sender 12 [001] 5066.913230: skb:kfree_skb: skbaddr=(nil) protocol=2048 location=f+0x1 reason: NO_SOCKET\n',
  'a234567 1 [001] 5066.913230: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=f+0x1 reason: NO_SOCKET\n',
]

describe('lines that are taken by their shape', () => {
  it.each(Array.from({ length: 3 }, (_, seed) => seed))(
    'are those that are read, where little repeats, seed %i',
    async (seed) => {
      const random = randomOf(1000 + seed)
      const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 3 === 2)
      const text = Buffer.from(new Capture(random, 'varying').text(1800), 'latin1')
      expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
      expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
    },
  )

  it.each(Array.from({ length: 3 }, (_, seed) => seed))(
    'are those that are read, where little repeats but call chains, seed %i',
    async (seed) => {
      const random = randomOf(3000 + seed)
      const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 3 === 2)
      const text = Buffer.from(chained(new Capture(random, 'varying').text(1500), random), 'latin1')
      expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
      expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
    },
  )

  it.each(FILTERS.map((args, seed) => ({ args, seed })))(
    'are those that are read, and kept by %j',
    async ({ args, seed }) => {
      const random = randomOf(4000 + seed)
      const both = await openBoth(args, seed % 3 === 2)
      for (const kind of ['steady', seed % 2 === 0 ? 'mixed' : 'varying'] as const) {
        const text = Buffer.from(new Capture(random, kind).text(700), 'latin1')
        expectSame(await both.convert(text, [1 + random.below(70_000)]), `${seed}, ${kind}`)
        expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, ${kind}, damaged`)
      }
    },
  )

  it.each(Array.from({ length: 6 }, (_, seed) => seed))(
    'are those that are read, where blanks were squeezed, seed %i',
    async (seed) => {
      const random = randomOf(2000 + seed)
      const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 3 === 2)
      const text = Buffer.from(
        squeezed(new Capture(random, seed < 3 ? 'steady' : 'varying').text(1200), random),
        'latin1',
      )
      expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
      expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
    },
  )

  it.each(Array.from({ length: 9 }, (_, seed) => seed))('are those that are read, seed %i', async (seed) => {
    const random = randomOf(seed)
    const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 3 === 2)
    const text = Buffer.from(new Capture(random).text(600), 'latin1')
    expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
    expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
  })
})
