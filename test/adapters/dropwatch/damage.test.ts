import { describe, expect, it } from 'vitest'
import { adapters } from '../../../adapters/registry.ts'
import { convertText } from './convert-text.ts'

const BEFORE = '1 drops at udp_rcv+1b (0xffffffff81e42e60) [software]\n'
const AFTER = '2 drops at tcp_rcv+1c (0xffffffff81e42e70) [software]\n'
const BLOCK =
  'drop at: nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc070d54f)\norigin: software\ninput port ifindex: 2\n' +
  'timestamp: Mon Nov 23 12:05:32 2026 776512070 nsec\nprotocol: 0x800\nlength: 47\noriginal length: 47\ndrop reason: NETFILTER_DROP\n\n'
const HARDWARE =
  'drop at: ingress_flow_action_drop (acl_drops)\norigin: hardware\ninput port ifindex: 7\ninput port name: eth0\n' +
  'cookie: c0ffee\ntimestamp: Mon Nov 23 12:07:54 2026 459011950 nsec\nprotocol: 0x800\nlength: 142\noriginal length: 142\n\n'

/** What a drop is in, by the form of its text. */
const DROPS: readonly (readonly [what: string, text: string])[] = [
  ['a summary line', '1 drops at icmp_rcv+1a (0xffffffff81e42e50) [software]\n'],
  ['one without a symbol', '1 drops at location 0xffffffff8dd16e90 [software]\n'],
  ['one of hardware', '1 drops at fid_miss [hardware]\n'],
  ['one of 1.5.1', '1 drops at icmp_rcv+1a (0xffffffff81e42e50)\n'],
  ['one without a symbol of 1.5.1', '1 drops at location 0xffffffff8dd16e90\n'],
  ['a packet block', BLOCK],
  ['a packet block of hardware', HARDWARE],
]

/** Each byte overwritten, deleted, another put before it; never the line's end. */
function* damagesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\n') continue
    for (const byte of ['x', ' ', '5', '\xff']) {
      if (text[at] !== byte) yield text.slice(0, at) + byte + text.slice(at + 1)
      yield text.slice(0, at) + byte + text.slice(at)
    }
    yield text.slice(0, at) + text.slice(at + 1)
  }
}

describe('one damaged byte', () => {
  it.each(DROPS)('never loses a drop without a word: %s', async (_, text) => {
    const lost: string[] = []
    const invented: string[] = []
    for (const damaged of damagesOf(text)) {
      for (const [before, after, others] of [
        ['', '', 0],
        [BEFORE, AFTER, 3],
      ] as const) {
        const { rejected, outcome, drops } = await convertText(before + damaged + after, { adapters })
        const count = outcome.dropped - others
        const isAlone = others === 0
        // A file of which nothing was understood says so.
        const isTold = rejected.length > 0 || (isAlone && outcome.notUnderstood)
        if (count < 1 && !isTold) lost.push(damaged)
        if (drops.length > 1 + (isAlone ? 0 : 2)) invented.push(damaged)
      }
    }
    expect(lost).toEqual([])
    expect(invented).toEqual([])
  })
})
