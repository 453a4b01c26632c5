// A format whose units are objects of one long line.
import { beforeAll, describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { expectSameForAnyChunks, type ToyConverter, toyConverter } from './toys/laws.ts'
import { netdoc } from './toys/netdoc.ts'

const MIB = 1024 * 1024
const drop = (reason: string, more = ''): string => `{"dropped":"${reason}"${more}}`
const PERF =
  'curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET\n'
const SMALL = `[${drop('NO_SOCKET', ',"at":"a}\\"{\\u00fc"')}, ${drop('OTHER', ',"in":{"a":[{}]}')},\n${drop('LAST')}]\n`

describe('a document', () => {
  let convert: ToyConverter

  beforeAll(async () => {
    convert = await toyConverter([...adapters, netdoc])
  })

  const reasonsIn = (lines: readonly string[]): readonly string[] => lines.map((line) => JSON.parse(line).drop?.reason)

  it('is found by its first bytes, and read object by object, each with its line and its bytes', async () => {
    const { lines, rejected } = await convert(Buffer.from(SMALL, 'latin1'))
    expect(reasonsIn(lines)).toEqual(['NO_SOCKET', 'OTHER', 'LAST'])
    const captures = lines.map((line) => JSON.parse(line).capture)
    expect(captures.map(({ line }) => line)).toEqual([1, 1, 2])
    for (const { offset, length, raw } of captures) expect(SMALL.slice(offset, offset + length)).toBe(raw)
    expect(rejected).toEqual([])
  })

  it('gives the same for any chunking, good or damaged', async () => {
    await expectSameForAnyChunks(convert, Buffer.from(SMALL, 'latin1'))
  })

  it('is read to where it is cut off, anywhere, and the rest is rejected', async () => {
    const whole = await convert(Buffer.from(SMALL, 'latin1'))
    const starts = whole.lines.map((line) => JSON.parse(line).capture.offset)
    for (let end = SMALL.indexOf(':') + 2; end < SMALL.length; end++) {
      const { lines, rejected } = await convert(Buffer.from(SMALL.slice(0, end), 'latin1'))
      expect(lines, `${end}`).toEqual(whole.lines.slice(0, lines.length))
      expect(lines.length + rejected.length, `${end}`).toBe(starts.filter((start) => start < end).length)
      for (const unit of rejected) expect(unit).toContain(' truncated {')
    }
  })

  it('goes on after objects longer than 1 MiB, and after other text as long', async () => {
    const long = drop('LONG', `,"x":"${'\\"}{ '.repeat(0.3 * MIB)}"`)
    const rubbish = '"'.repeat(MIB)
    const text = `[${drop('A')},${long},${drop('B')},${rubbish}${drop('C')}]`
    const { lines, rejected } = await convert(Buffer.from(text))
    expect(reasonsIn(lines)).toEqual(['A', 'B', 'C'])
    const words = rejected.map((unit) => unit.split(' ', 2)[1])
    expect(new Set(words)).toEqual(new Set(['too_long']))
    const bytes = rejected.reduce((sum, unit) => sum + unit.split(' ').slice(2).join(' ').length, 0)
    expect(bytes).toBe(long.length + rubbish.length)
    expect(await convert(Buffer.from(text), { sizes: [77_777] })).toEqual({
      lines,
      rejected,
      ledger: expect.anything(),
    })
    const cut = await convert(Buffer.from(text.slice(0, 1.5 * MIB)))
    expect(reasonsIn(cut.lines)).toEqual(['A'])
  })

  it('gives way to another tool where a line begins, and only there', async () => {
    const after = await convert(Buffer.from(`${SMALL}x\n${PERF}`))
    expect(after.lines.map((line) => JSON.parse(line).capture.tool)).toEqual(['netdoc', 'netdoc', 'netdoc'])
    const { lines, rejected } = await convert(Buffer.from(SMALL + PERF))
    expect(lines.map((line) => JSON.parse(line).capture.tool)).toEqual(['netdoc', 'netdoc', 'netdoc', 'perf'])
    expect(rejected).toEqual([])
    expect((await convert(Buffer.from(`${SMALL.trimEnd()}${PERF}`))).rejected).toHaveLength(1)
  })

  it('does not keep live text waiting', async () => {
    const { lines } = await convert(Buffer.from(`[ls\n${PERF}`), { sizes: [4, 1000] })
    expect(JSON.parse(lines.at(-1) ?? '').capture.tool).toBe('perf')
  })
})
