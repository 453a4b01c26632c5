import { describe, expect, it } from 'vitest'
import { adapters } from '../../../adapters/registry.ts'
import { convertText, type Event } from './convert-text.ts'

const BLOCK = [
  'drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)',
  'origin: software',
  'input port ifindex: 1',
  'timestamp: Mon Nov 23 12:04:44 2026 215530360 nsec',
  'protocol: 0x800',
  'length: 74',
  'original length: 74',
  'drop reason: NO_SOCKET',
  '',
]
const SAMPLE =
  '            curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
const CHAIN = [
  'curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET',
  ...Array.from({ length: 20 }, (_, index) => `\tffffffff81e42e${10 + index} f${index}+0x1 ([kernel.kallsyms])`),
  '',
]
const OWN =
  '{"v":1,"kind":"drop","drop":{"count":1,"reason":"NO_SOCKET"},"capture":{"path":"p","line":1,"raw":"drop at: tcp_v4_rcv+0x1/0x2 (0xffffffff8dcac491)\\norigin: software"}}'

const GUESTS: readonly (readonly [what: string, lines: readonly string[], event: string])[] = [
  ['a sample of perf', [SAMPLE], 'perf drop'],
  ['a sample of perf with its call chain', CHAIN, 'perf drop'],
  ['two samples and a shell between them', [SAMPLE, 'hello', SAMPLE], 'perf drop,perf message,perf drop'],
  ['the banner of bpftrace', ['Attaching 1 probe...'], 'bpftrace message'],
  ['lost events of bpftrace', ['{"type": "lost_events", "data": {"events": 7}}'], 'bpftrace loss'],
  ['our own NDJSON, which holds a block itself', [OWN], '- drop'],
  ['a line of nobody’s', ['hello'], 'dropwatch message'],
]

const toolAndKind = ({ capture, kind }: Event): string => `${capture.tool ?? '-'} ${kind}`
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

describe('a packet block with lines of others in it', () => {
  for (const [what, lines, expected] of GUESTS) {
    it(`stays whole around ${what}, wherever that stands`, async () => {
      const [alone] = (await convertText(textOf(BLOCK), { adapters })).events
      for (let at = 1; at < BLOCK.length - 1; at++) {
        const text = textOf([...BLOCK.slice(0, at), ...lines, ...BLOCK.slice(at), ...BLOCK])
        for (const chunkBytes of [64 * 1024, 97]) {
          const { events, rejected, outcome } = await convertText(text, { adapters, chunkBytes })
          const others = events.slice(1, -1)
          expect(rejected, `before line ${at + 1}`).toEqual([])
          expect({ ...events[0], flags: undefined }).toEqual({ ...alone, flags: undefined })
          expect(others.map(toolAndKind).join()).toBe(expected)
          expect(events.at(-1)).toMatchObject({ kind: 'drop', capture: { tool: 'dropwatch' } })
          if (what.startsWith('our own')) continue
          expect(others[0]?.capture.line).toBe(at + 1)
          expect(outcome.ledger.foreign).toBe(events.filter(({ stream }) => stream === 'foreign').length)
        }
      }
    })
  }

  it('tells in the report who read what', async () => {
    const text = textOf([...BLOCK.slice(0, 2), SAMPLE, ...BLOCK.slice(2)])
    const { outcome } = await convertText(text, { adapters })
    expect(outcome.dropped).toBe(2)
    expect(outcome.readers.map(({ line, name }) => `${line} ${name}`)).toEqual(['1 dropwatch', '3 perf', '4 dropwatch'])
  })

  it('rejects a drop among them where the reader is given, and leaves the others messages', async () => {
    const { events, rejected, outcome } = await convertText(
      textOf([...BLOCK.slice(0, 2), SAMPLE, 'hello', ...BLOCK.slice(2)]),
    )
    expect(events.map(toolAndKind)).toEqual(['dropwatch drop', 'dropwatch message'])
    expect([outcome.dropped, events[1]?.capture.line, rejected[0]?.line]).toEqual([1, 4, 3])
  })

  it('ends where it was cut off, however many samples follow', async () => {
    const { events, outcome } = await convertText(textOf([...BLOCK.slice(0, 3), ...Array(40).fill(SAMPLE)]), {
      adapters,
    })
    expect(outcome.dropped).toBe(41)
    expect(events[0]?.flags).toEqual(['incomplete'])
  })
})

describe('a line that was cut', () => {
  it.each([
    ['a head', `drop at: nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc\n${textOf(CHAIN)}`],
    [
      'what a killed dropwatch left',
      `Enabling monitoring...\nKernel monitoring activated.\ndrop at: tcp_v4Initializing kallsyms db\n${textOf(CHAIN)}`,
    ],
  ])('takes no frame of perf for its end: %s', async (_, text) => {
    const { drops, rejected } = await convertText(text, { adapters })
    expect(drops.map(toolAndKind)).toEqual(['perf drop'])
    expect(rejected.length).toBe(1)
  })
})
