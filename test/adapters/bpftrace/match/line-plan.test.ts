import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileProgram } from '../../../../adapters/bpftrace/decode/compile.ts'
import { matchLine, planLine } from '../../../../adapters/bpftrace/match/line-plan.ts'
import { patternOf } from '../../../../adapters/bpftrace/match/pattern.ts'
import { Search } from '../../../../adapters/bpftrace/match/search.ts'
import type { Segment } from '../../../../adapters/bpftrace/match/segment.ts'
import { Slots } from '../../../../adapters/bpftrace/match/slots.ts'
import { printings } from '../printing.ts'

/** The segments of a program's only printf, without its line end. */
function lineOf(printf: string): readonly Segment[] {
  const { pieces } = compileProgram(`tracepoint:skb:kfree_skb { ${printf} }`, [])
  const segments = pieces[0]?.patterns[0]?.segments ?? []
  return segments.map((segment, index) =>
    segment.kind === 'literal' && index === segments.length - 1
      ? { ...segment, text: segment.text.slice(0, -1) }
      : segment,
  )
}

function textsOf(slots: Slots, text: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => slots.text(text, index))
}

describe('a line that needs no trying', () => {
  const planned: readonly (readonly [printf: string, line: string, values: readonly string[]])[] = [
    ['printf("%d %d\\n", pid, tid)', '12 34', ['12', '34']],
    ['printf("%s: %d\\n", comm, args->reason)', 'a: 1: 3', ['a: 1', '3']],
    [
      'printf("%llu %s %d 0x%llx\\n", nsecs, comm, cpu, args->skbaddr)',
      '5 two words 1 0xff',
      ['5', 'two words', '1', 'ff'],
    ],
    ['printf("%-16s|%5d|\\n", comm, pid)', 'curl            |  883|', ['curl', '883']],
    ['printf("[%p]%s\\n", args->skbaddr, comm)', '[(nil)]x', ['(nil)', 'x']],
    ['printf("%s %s\\n", strftime("%H:%M:%S", nsecs), comm)', '12:01:56 a b', ['12:01:56', 'a b']],
    ['printf("%s@%s\\n", comm, ksym(args->location))', 'a@b@tcp_v4_rcv', ['a@b', 'tcp_v4_rcv']],
    ['printf("%s %d\\n", comm, arg0)', 'x -5', ['x', '-5']],
  ]

  it.each(planned)('%s reads %s', (printf, line, values) => {
    const plan = planLine(lineOf(printf))
    const slots = new Slots(8)
    expect(plan !== undefined && matchLine(plan, line, 0, line.length, slots, 0)).toBe(true)
    expect(textsOf(slots, line, values.length)).toEqual(values)
  })

  const refused: readonly (readonly [printf: string, line: string])[] = [
    ['printf("%d %d\\n", pid, tid)', '12 34 '],
    ['printf("%d %d\\n", pid, tid)', '12 -4'],
    ['printf("%d\\n", pid)', '4194305'],
    ['printf("%d\\n", pid)', '12345678'],
    ['printf("%d\\n", cpu)', '8192'],
    ['printf("%s: %d\\n", comm, args->reason)', 'sixteen bytes ab: 3'],
    ['printf("%5d|\\n", pid)', '883|'],
    ['printf("%5d|\\n", pid)', '    883|'],
    ['printf("%s\\n", ksym(args->location))', 'two words'],
  ]

  it.each(refused)('%s refuses %s', (printf, line) => {
    const plan = planLine(lineOf(printf))
    expect(plan !== undefined && matchLine(plan, line, 0, line.length, new Slots(8), 0)).toBe(false)
  })

  const unplanned = [
    'printf("%s %s\\n", comm, str(arg0))',
    'printf("%d%d\\n", pid, tid)',
    'printf("%5d%s\\n", pid, comm)',
    // A minus before a number that may have one: `a--5`.
    'printf("%s-%d\\n", comm, arg0)',
    'printf("%s %d\\nx %d\\n", comm, pid, tid)',
  ]

  it.each(unplanned)('is not %s', (printf) => {
    expect(planLine(lineOf(printf))).toBeUndefined()
  })

  it('reads what a search reads, and nothing else', () => {
    const edits = fc.array(fc.tuple(fc.nat(40), fc.constantFrom('', '-', ' ', '0', '1', 'x', '0x', ':')), {
      maxLength: 2,
    })
    fc.assert(
      fc.property(printings, edits, ({ format, events }, changes) => {
        const { pieces } = compileProgram(format.program, [])
        for (const values of events) {
          let line = format.print(values).slice(0, -1)
          for (const [at, put] of changes) line = line.slice(0, at) + put + line.slice(put === '' ? at + 1 : at)
          if (line.includes('\n')) continue
          for (const { segments, plan } of pieces.flatMap(({ patterns }) =>
            patterns.map((one) => patternOf(one.segments)),
          )) {
            if (plan === undefined) continue
            const [fast, slow] = [new Slots(8), new Slots(8)]
            const isPlanned = matchLine(plan, line, 0, line.length, fast, 0)
            const found = new Search(8).whole(segments, `${line}\n`, 0, line.length + 1, slow, 0)
            const seen = JSON.stringify({ program: format.program, line })
            expect(found, seen).toBe(isPlanned ? 'one' : 'none')
            if (isPlanned) expect(textsOf(fast, line, 5), seen).toEqual(textsOf(slow, line, 5))
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})
