// Lines whose runs of blanks were squeezed to one. Plain ones have a fast way, which must not be seen.
import { describe, expect, it } from 'vitest'
import { type Random, randomOf } from '../../kit/random.ts'
import { type Event, read } from './reading.ts'

const COMMS = [
  'curl',
  'nf sender',
  'udpflood',
  'kworker/0:1-ev',
  '12 monkeys',
  'a 12',
  'a 12 b',
  'VM: 3 x',
  '(sd-pam)',
  'x'.repeat(15),
  'x'.repeat(16),
  ':883',
  'caf\xc3\xa9',
  'a"b\\',
  'bash-5.2#',
  'root@host:~',
]
const TAILS = [
  ' protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET',
  ' rx_sk=(nil) protocol=0 location=nft_do_chain+0x3e8 [nf_tables] reason: NETFILTER_DROP',
  ' rx_sk=0xffff888100000000 protocol=34525 location=0xffffffff81234567 reason: 0x3',
  ' protocol=2048 location=tcp_v4_rcv+0x157',
  ' protocol=2048 location=tcp_v4_rcv+0x157 reason:',
  ' protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET ',
  ' protocol=2048 location=a\x1b[0mb reason: NO_SOCKET',
  ' protocol=2048 location=a= reason: NO_SOCKET',
  ' protocol=70000 location=f reason: NO_SOCKET',
  ' protocol=0002048 location=f,g reason: NO_SOCKET',
  ' rx_sk=0X1 protocol=2048 location=f [a.b] reason: NO_SOCKET',
  ' protocol=2048 location=f+0x12345678901234567 reason: NO_SOCKET',
  ' protocol=2048 location=... reason: NO_SOCKET',
]
/** A sample of another event: no line before it goes on in it. */
const OTHER = '            curl     883 [000]   340.799805: net:netif_rx: dev=lo skbaddr=0xffff88811f6a7068 len=60\n'

/** Mostly one of the first, which are plain. */
function pick(random: Random, plain: number, list: readonly string[]): string {
  return list[random.below(random.below(8) > 0 ? plain : list.length)] ?? ''
}

function lineOf(random: Random): string {
  const indent = pick(random, 2, ['', ' ', '  ', '> '])
  const comm = pick(random, 4, COMMS)
  const tid = pick(random, 4, ['883', '0', '18299', '4194304', '99999999', '99999999999'])
  const cpu = pick(random, 3, ['000', '001', '063', '9000'])
  const time = pick(random, 3, ['5066.913230', '0.000001', '5066.913230123', '5066.91'])
  const name = pick(random, 1, ['skb:kfree_skb:', 'skb:kfree_skb:k:', 'skb:consume_skb:'])
  return `${indent}${comm} ${tid} [${cpu}] ${time}: ${name} skbaddr=0xffff8882b35c2700${pick(random, 3, TAILS)}\n`
}

async function eventsOf(text: string): Promise<readonly Event[]> {
  return (await read(Buffer.from(text, 'latin1'))).events
}

describe('a squeezed line', () => {
  it('is a sample, and says that its layout is not that of perf', async () => {
    const line = `nf sender 18299 [001] 5066.913230: skb:kfree_skb: skbaddr=0xffff8882b35c2700${TAILS[0]}\n`
    const events = await eventsOf(line.repeat(3))
    expect(events).toHaveLength(3)
    for (const event of events)
      expect(event).toMatchObject({
        kind: 'drop',
        clock: { id: 'unknown', ns: '5066913230000' },
        cpu: 1,
        process: { comm: 'nf sender', tid: 18299 },
        location: { symbol: 'tcp_v4_rcv', offset: 343 },
        drop: { reason: 'NO_SOCKET' },
        flags: ['reformatted'],
      })
  })

  it('has the frames after it in its stack', async () => {
    const line = `curl 883 [001] 5066.913230: skb:kfree_skb: skbaddr=0xffff8882b35c2700${TAILS[0]}\n`
    const frame = '\tffffffff816341cd kfree_skb_reason+0x3d ([kernel.kallsyms])\n'
    const events = await eventsOf(`${line}${line}${frame}\n${line}`)
    expect(events.map(({ stack }) => stack?.length)).toEqual([undefined, 1, undefined])
  })

  it.each(Array.from({ length: 16 }, (_, seed) => seed))(
    'is the same event whatever follows it, seed %i',
    async (seed) => {
      const random = randomOf(seed)
      const before = [OTHER, '', OTHER.replace('     883', '  883')][seed % 3] ?? ''
      const lines = Array.from({ length: 60 }, () => lineOf(random))
      const alone: Event[] = []
      for (const line of lines) alone.push(...(await eventsOf(before + line + OTHER)).slice(before === '' ? 0 : 1, -1))
      const together = (await eventsOf(before + lines.join('') + OTHER)).slice(before === '' ? 0 : 1, -1)
      expect(together.map(withoutLine)).toEqual(alone.map(withoutLine))
    },
  )
})

function withoutLine(event: Event): unknown {
  return { ...event, capture: undefined }
}
