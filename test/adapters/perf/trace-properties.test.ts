// What perf trace may print is read as it was meant, cut off or not, however it arrives.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breaches, placedRecords } from '../../kit/cut-law.ts'
import { openConverter } from '../../kit/harness.ts'
import { holds } from '../../kit/holds.ts'
import { type Event, read } from './reading.ts'

/** A thread's name of up to 14 bytes; some look like columns, or hold a line end. */
const comm = fc
  .array(fc.constantFrom(...'ab/ 01:()[].,="?\n-', 'skb:', '0.1', ' ms): ', '/12 ', '...'), { maxLength: 14 })
  .map((pieces) => pieces.join('').slice(0, 14))
  // What is before a line end may itself be an entry. Two line ends leave a line of nothing but a name.
  .filter((name) => !/[:(].*\)\n|\n.*\n/s.test(name))
const tid = fc.integer({ min: 100, max: 4_194_304 })
const key = fc.constantFrom('fd', 'flags', 'len', 'name', 'uservaddr', '_x1')

/** A text in quotes, which nothing escapes. It ends where perf's own separator and a name follow a quote. */
const quoted = fc
  .array(fc.constantFrom(...'ab,):=("<>{} 3\n', ') = ', '...', '/1 '), { maxLength: 12 })
  .map((pieces) => pieces.join(''))
  .filter((text) => !/",? ?\w*: ?|^$|\n.*\n/s.test(text))
  .map((text) => ({ printed: `"${text}"`, value: text }))
const plain = fc
  .constantFrom(
    '3',
    '-1',
    '0x7ffe',
    'READ|WRITE',
    '3</tmp/a, b: c)>',
    '{ .family: INET, port: 443, addr: 1.2.3.4 }',
    '[1,2]',
  )
  .map((text) => ({ printed: text, value: text }))
const fields = fc.uniqueArray(fc.tuple(key, fc.oneof(plain, quoted)), { selector: ([name]) => name, maxLength: 4 })

const result = fc.constantFrom(
  { printed: '= 0', args: { ret: '0' } },
  { printed: '= 0x7f00', args: { ret: '0x7f00' } },
  {
    printed: '= -1 ENOENT (No such file or directory)',
    args: { ret: '-1', errno: 'ENOENT', ret_text: 'No such file or directory' },
  },
  { printed: '...', args: {} },
  { printed: '= ?', args: {} },
)

interface Printed {
  readonly text: string
  readonly process: object
  readonly event_name: string
  readonly args: object | undefined
}

/** perf trace prints no member that is empty, and one without a name for a thread that it does not know. */
const call: fc.Arbitrary<Printed> = fc
  .record({ comm, tid, fields, result, pad: fc.constantFrom(' ', '          ') })
  .map(({ comm: name, tid: thread, fields: args, result: end, pad }) => {
    const all = { ...Object.fromEntries(args.map(([word, { value }]) => [word, value])), ...end.args }
    const inner = args.map(([word, { printed }]) => `${word}: ${printed}`).join(', ')
    return {
      text: `     1.250 ( 0.008 ms): ${name}/${thread} openat(${inner})${pad}${end.printed}\n`,
      process: { ...(name !== '' && { comm: name }), tid: thread },
      event_name: 'syscalls:sys_enter_openat',
      args: Object.keys(all).length === 0 ? undefined : all,
    }
  })

const drop: fc.Arbitrary<Printed> = fc.record({ comm, tid }).map(({ comm: name, tid: thread }) => ({
  text: `     1.250 (         ): ${name}/${thread} skb:kfree_skb(skbaddr: 0xff, protocol: 2048, reason: 3)\n`,
  process: { ...(name !== '' && { comm: name }), tid: thread },
  event_name: 'skb:kfree_skb',
  args: undefined,
}))

const entries = fc.array(fc.oneof(call, drop), { minLength: 1, maxLength: 4 })

describe('entries of perf trace', () => {
  it('are read as they were meant', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (printed) => {
        const { events, rejected } = await read(printed.map(({ text }) => text).join(''), {}, 65536, 'trace')
        expect(rejected).toEqual([])
        expect(events.map(({ process, event_name, args }: Event) => ({ process, event_name, args }))).toEqual(
          printed.map(({ process, event_name, args }) => ({ process, event_name, args })),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('come out the same in any pieces, and cut off say nothing that the whole does not say', async () => {
    const converter = await openConverter(['--kind=all', '--from=perf:trace', '--provenance=full'], '.')
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(), fc.integer({ min: 1, max: 40 }), async (printed, at, size) => {
        const input = Buffer.from(printed.map(({ text }) => text).join(''))
        const whole = await holds(converter, input)
        expect((await holds(converter, input, [size])).ndjson).toBe(whole.ndjson)
        const end = at % input.length
        const cut = await holds(converter, input.subarray(0, end))
        expect(breaches(placedRecords(whole.ndjson), cut, input, end)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})
