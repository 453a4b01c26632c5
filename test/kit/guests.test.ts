import { describe, expect, it } from 'vitest'
import { type Case, openConverter, type Result, readCases } from './harness.ts'
import { holds } from './holds.ts'

const PERF =
  '            curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n'
const FTRACE =
  '            curl-883     [001] ..s1.   340.799805: kfree_skb: skbaddr=000000006e9d80af protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET\n'
const DROPWATCH = '1 drops at icmp_rcv+1a (0xffffffff81e42e50) [software]\n'
const OWN = `{"v":1,"kind":"drop","drop":{"count":1},"capture":{"path":"p","line":1,"raw":${JSON.stringify(PERF)}}}\n`

const GUESTS: readonly (readonly [tool: string, line: string])[] = [
  ['perf', PERF],
  ['dropwatch', DROPWATCH],
  ['ftrace', FTRACE],
  ['tracenorm', OWN],
]

/**
 * Left out: events that only their own reader recognizes, a program whose lines any tool may print, and a document,
 * which one program writes in one go.
 */
const UNLIKE = [
  'perf/script/appended-in-mid-line',
  'perf/script/old-perf',
  'perf/script/pasted-head-cut',
  'bpftrace/text/prompt',
  'perf/json/other-writers',
]
const LONGEST_BYTES = 3000
const MOST_PLACES = 12

function dropsIn({ ndjson }: Result): number {
  return ndjson.split('\n').filter((line) => line.startsWith('{"v":1,"kind":"drop"')).length
}

/** Line borders, evenly spread. */
function placesIn(text: string): readonly number[] {
  const borders = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const step = Math.ceil(borders.length / MOST_PLACES)
  return borders.filter((_, index) => index % step === 0)
}

const isAuto = ({ args, input, name }: Case): boolean =>
  input.length <= LONGEST_BYTES && !UNLIKE.includes(name) && !args.some((word) => word.startsWith('--from'))

describe('a drop of another tool, wherever it stands in a text', () => {
  it.each(readCases().filter(isAuto))('is one drop more, or something is rejected: $name', async (fixture) => {
    const converter = await openConverter(fixture.args, fixture.folder)
    const alone = await converter.convert(fixture.input)
    const text = fixture.input.toString('latin1')
    for (const [tool, line] of GUESTS) {
      if (tool === fixture.adapter) continue
      for (const at of placesIn(text)) {
        const mixed = await holds(converter, Buffer.from(text.slice(0, at) + line + text.slice(at), 'latin1'))
        if (mixed.rejected.length > alone.rejected.length) continue
        expect(dropsIn(mixed), `${tool} at ${at}`).toBe(dropsIn(alone) + 1)
      }
    }
  })
})
