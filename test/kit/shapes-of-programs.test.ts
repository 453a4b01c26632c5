// What programs of bpftrace print: what a shape writes is what the reader, the stages and the sink would have written.
import { describe, it } from 'vitest'
import { damaged } from './damaged.ts'
import { type Random, randomOf } from './random.ts'
import { expectSame, openBoth } from './twice.ts'

/** A program, and a line that it prints. */
interface Printer {
  readonly program: string
  line(host: Host): string
}

const PROBE = 'tracepoint:skb:kfree_skb'

const PRINTERS: readonly Printer[] = [
  {
    program: `${PROBE} { printf("%llu %d %d %s %d %d %d %s 0x%llx 0x%llx\\n", nsecs, pid, tid, comm, cpu, args->reason, args->protocol, ksym(args->location), args->skbaddr, args->location); }`,
    line: (host) =>
      `${host.ns()} ${host.pid()} ${host.pid()} ${host.comm()} ${host.cpu()} ${host.reason()} ${host.protocol()} ${host.symbol()} 0x${host.address()} 0x${host.place()}\n`,
  },
  {
    program: `${PROBE} { printf("drop time=%lld skb=%p len=%d where=%s reason=%d\\n", nsecs, args->skbaddr, ((struct sk_buff *)args->skbaddr)->len, ksym(args->location), args->reason); }`,
    line: (host) =>
      `drop time=${host.ns()} skb=0x${host.address()} len=${host.pid()} where=${host.symbol()} reason=${host.reason()}\n`,
  },
  {
    program: `${PROBE} { printf("%-16s %6d reason %d skb 0x%llx\\n", comm, pid, args->reason, args->skbaddr); }`,
    line: (host) =>
      `${host.comm().padEnd(16)} ${host.pid().padStart(6)} reason ${host.reason()} skb 0x${host.address()}\n`,
  },
  {
    program: `${PROBE} { printf("%s: %d\\n", comm, pid); }`,
    line: (host) => `${host.comm()}: ${host.pid()}\n`,
  },
  {
    program: `${PROBE} { printf("drop %s reason=%d\\n", comm, args->reason); } tracepoint:net:netif_rx { printf("rx %d skb=0x%llx\\n", cpu, args->skbaddr); } kprobe:tcp_v4_rcv { printf("%s in %d\\n", probe, pid); }`,
    line: (host) =>
      host.random.pick([
        () => `drop ${host.comm()} reason=${host.reason()}\n`,
        () => `rx ${host.cpu()} skb=0x${host.address()}\n`,
        () => `kprobe:tcp_v4_rcv in ${host.pid()}\n`,
      ])(),
  },
]

const ARGS = [[], ['--boot-time', '2026-11-23T10:00:00.123456789Z', '--kind', 'drop'], ['--kernel', '6.12']]

/** Values as a busy host has them. */
class Host {
  readonly random: Random
  private time = 8_000_000_000

  constructor(random: Random) {
    this.random = random
  }

  ns(): string {
    this.time += this.random.below(900_000_000)
    return String(this.random.below(60) === 0 ? this.random.below(2_000_000_000) : this.time)
  }

  pid(): string {
    return this.random.pick(['1', '883', '883', '18299', '4194303', '0'])
  }

  comm(): string {
    return this.random.pick([
      'curl',
      'curl',
      'nf sender',
      'a 5: 7',
      'x'.repeat(15),
      '@a',
      'length',
      'caf\u00e9',
      'a"b',
      '',
    ])
  }

  cpu(): string {
    return this.random.pick(['0', '1', '63'])
  }

  reason(): string {
    return this.random.pick(['3', '3', '6', '1', '0', '70000'])
  }

  protocol(): string {
    return this.random.pick(['2048', '2048', '34525', '0', '70000'])
  }

  symbol(): string {
    return this.random.pick(['tcp_v4_rcv', '__udp4_lib_rcv', 'foo.cold', '0xffffffff82046f4c'])
  }

  place(): string {
    return this.random.pick(['ffffffff82046f4c', 'ffffffff81234567', '0'])
  }

  address(): string {
    const digits = this.random.below(0x7fffffff).toString(16)
    return this.random.pick([`ffff8881${digits.padStart(8, '0')}`, `ffff8881${digits.padStart(8, '0')}`, digits, '0'])
  }
}

const INTERRUPTIONS = [
  'Attaching 1 probe...\n',
  'Lost 3 events\n',
  '@drops[tcp_v4_rcv]: 5\n',
  '\n',
  '$ ls\n',
  '> curl: 883\n> curl: 884\n\n',
  'length: 74\n',
  'a line of a child\n',
  '{"type": "printf", "data": "curl: 5\\n"}\n',
  '            curl     883 [000]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n',
  'drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)\norigin: software\ntimestamp: Mon Nov 23 12:04:44 2026 215530360 nsec\nprotocol: 0x800\nlength: 74\noriginal length: 74\ndrop reason: NO_SOCKET\n\n',
]

function outputOf({ line }: Printer, isJson: boolean, random: Random): string {
  const host = new Host(random)
  const lines = Array.from({ length: 700 }, () => {
    const printed = random.below(90) === 0 ? host.random.pick(INTERRUPTIONS) : line(host)
    return isJson && printed.length < 200 ? `{"type": "printf", "data": ${JSON.stringify(printed)}}\n` : printed
  })
  return `${isJson ? '{"type": "attached_probes", "data": {"probes": 1}}\n' : ''}${lines.join('')}`
}

describe.each(PRINTERS)('lines of $program that are taken by their shape', (printer) => {
  it.each(Array.from({ length: 4 }, (_, seed) => seed))('are those that are read, seed %i', async (seed) => {
    const random = randomOf(seed)
    const both = await openBoth(['-e', printer.program, ...(ARGS[seed % ARGS.length] ?? [])], seed % 3 === 2)
    const text = Buffer.from(outputOf(printer, seed % 2 === 1, random), 'latin1')
    expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
    expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
  })
})
