import { describe, expect, it } from 'vitest'
import { openConverter, root } from './harness.ts'

const PAYLOAD = 'skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
const KERNEL_PAYLOAD =
  'skbaddr=000000006e9d80af rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET'
const DROPS: readonly (readonly [what: string, line: string, words: readonly string[]])[] = [
  ['of perf', `            curl   883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`, []],
  ['of perf, reader given', `            curl   883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`, ['--from=perf']],
  ['of perf, without cpu', `            curl   883   340.799805: skb:kfree_skb: ${PAYLOAD}`, []],
  ['of perf, before a call chain', `curl 883 [001]   340.799805: skb:kfree_skb: ${PAYLOAD}`, []],
  ['of perf, its event alone', `skb:kfree_skb: ${PAYLOAD}`, []],
  [
    'of perf, by hardware',
    '            curl   883 [001]   340.799805: devlink:devlink_trap_report: bus_name=pci dev_name=0000:01:00.0 driver_name=mlxsw trap_name=ttl_value_is_too_small trap_group_name=l3_drops input_dev_name=swp1',
    [],
  ],
  ['of ftrace', `            curl-883     [001] ..s1.   340.799805: kfree_skb: ${KERNEL_PAYLOAD}`, []],
  ['of ftrace, its event alone', `kfree_skb: ${KERNEL_PAYLOAD}`, []],
  ['of trace-cmd', `           <...>-883   [001]   340.799805: kfree_skb:            ${PAYLOAD}`, []],
]
const SOME = ['x', ' ']
const TELLING = ['x', '0', ' ', ':', '=', '#', '/', '\r', '\n', '\0', '\x1b']

/** Every damage of one byte: taken out, overwritten, put in. */
function* damages(line: string, bytes: readonly string[]): Generator<string> {
  for (let at = 0; at < line.length; at++) {
    yield line.slice(0, at) + line.slice(at + 1)
    for (const byte of bytes) {
      if (line[at] !== byte) yield line.slice(0, at) + byte + line.slice(at + 1)
      yield line.slice(0, at) + byte + line.slice(at)
    }
  }
}

describe('one damaged byte in a drop', () => {
  it.each(DROPS)('%s: it is a drop or rejected, and never two', async (what, line, words) => {
    const converter = await openConverter(words, root)
    const lost: string[] = []
    for (const damaged of damages(line, what === 'of perf' ? TELLING : SOME)) {
      const { outcome, rejected, fault } = await converter.convert(Buffer.from(`${damaged}\n`, 'latin1'))
      const isTold = outcome.dropped === 1 || (outcome.dropped === 0 && rejected.length > 0)
      if (!isTold || fault !== undefined) lost.push(damaged)
    }
    expect(lost).toEqual([])
  })
})
