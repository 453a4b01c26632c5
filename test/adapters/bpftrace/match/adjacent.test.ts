// Values with nothing between them, or with a stack that may print nothing.
import { describe, expect, it } from 'vitest'
import { type Event, readText } from '../reading.ts'

const FRAMES = '\n        a+1\n        b+2\n'
const RAW = '\nffffffff81e42e50\nffffffff81e42e51\n'
const PERF = '\n\tffffffff81e42e50 a+1\n\tffffffff81e42e51 b+2\n'

/** What the test looks at of a drop. */
function told({ drop, cpu, skb, process, stack, args }: Event): unknown {
  return [drop?.code, cpu, skb?.addr, process?.comm, stack?.length, args?.ustack]
    .filter((value) => value !== undefined)
    .join(' ')
}

const REASON = 'args->reason'

/** Each text holds two events: every byte of it is theirs. */
const read: readonly (readonly [calls: string, text: string, drops: readonly string[]])[] = [
  [`printf("reason %d%s", ${REASON}, kstack)`, `reason 12${FRAMES}reason 3${FRAMES}`, ['12 2', '3 2']],
  [`printf("reason %d%s", ${REASON}, kstack)`, 'reason 12reason 3', ['12', '3']],
  [`printf("%d%s", ${REASON}, kstack(perf))`, `12${PERF}13${PERF}`, ['12 2', '13 2']],
  ['printf("%d%s", cpu, kstack(raw))', `3${RAW}14${RAW}`, ['3 2', '14 2']],
  ['printf("%5d%s", cpu, kstack)', `    3${FRAMES}   14${FRAMES}`, ['3 2', '14 2']],
  ['printf("%-5d%s", cpu, kstack)', `3    ${FRAMES}14   ${FRAMES}`, ['3 2', '14 2']],
  ['printf("%x%s", args->reason, kstack)', `1a${FRAMES}3${FRAMES}`, ['26 2', '3 2']],
  [
    'printf("=%p", args->skbaddr); printf("%s", kstack)',
    `=0xffff8881${FRAMES}=0xffff8882${FRAMES}`,
    ['0xffff8881 2', '0xffff8882 2'],
  ],
  [`printf("%d", ${REASON}); print(kstack)`, `12${FRAMES}\n13${FRAMES}\n`, ['12 2', '13 2']],
  [`print(${REASON}); print(kstack)`, `12\n${FRAMES}\n13\n${FRAMES}\n`, ['12 2', '13 2']],
  [`print(${REASON}); printf("%s", kstack)`, `12\n${FRAMES}13\n${FRAMES}`, ['12 2', '13 2']],
  ['printf("%s%s", comm, kstack)', `curl${FRAMES}two words${FRAMES}`, ['curl 2', 'two words 2']],
  ['printf("%s%s%s\\n", comm, kstack, ustack)', `a${FRAMES}\nb${FRAMES}\n`, ['a 2 []', 'b 2 []']],
  [
    'printf("%s%s%d\\n", kstack, ustack, cpu)',
    `${FRAMES}\n        c+1\n0\n${FRAMES}4\n`,
    ['0 2 [{"symbol":"c","offset":1}]', '4 2 []'],
  ],
  [
    `printf("drop %u, %s %d\\n", ${REASON}, kstack, cpu)`,
    `drop 1, ${FRAMES} 0\ndrop 2, ${FRAMES} 0\n`,
    ['1 0 2', '2 0 2'],
  ],
  [`printf("drop %u, %s %d\\n", ${REASON}, kstack, cpu)`, 'drop 1,  0\ndrop 2, \n 0\n', ['1 0', '2 0']],
  [`printf("%s%d\\n", kstack, cpu)`, `${FRAMES}0\n${FRAMES}12\n`, ['0 2', '12 2']],
  [`printf("%s%d\\n", kstack(raw), cpu)`, `${RAW}0\n${RAW}12\n`, ['0 2', '12 2']],
  [`printf("%s%u: %s\\n", kstack, ${REASON}, comm)`, `${FRAMES}3: a\n${FRAMES}0: b+1\n`, ['3 a 2', '0 b+1 2']],
  [`printf("%d%p\\n", cpu, args->skbaddr)`, '120xffff\n00x1\n', ['12 0xffff', '0 0x1']],
]

describe('a value beside another', () => {
  it.each(read)('%s reads %j', (calls, text, drops) => {
    const program = `tracepoint:skb:kfree_skb { ${calls}; }`
    const reading = readText(text, { program })
    expect(reading.drops.map(told)).toEqual(drops)
    expect(reading.events).toHaveLength(drops.length)
    for (let chunk = 1; chunk < 20; chunk++) expect(readText(text, { program, chunk }), `${chunk}`).toEqual(reading)
  })

  const several: readonly (readonly [calls: string, text: string])[] = [
    ['printf("%d%d\\n", pid, cpu)', '1234\n'],
    ['printf("%d%d", pid, cpu)', '1234'],
    ['printf("%p%d\\n", args->skbaddr, cpu)', '0xffff12\n'],
    ['printf("%s%d\\n", comm, cpu)', 'curl12\n'],
    ['printf("%d%s\\n", cpu, comm)', '12abc\n'],
    ['printf("%d", cpu); print(comm)', '12abc\n'],
    ['printf("%s%s\\n", probe, comm)', 'tracepoint:skb:kfree_skbcurl\n'],
    ['printf("%s%s\\n", ustack(1), ustack(2))', '\n        a+1\n\n'],
  ]

  it.each(several)('%s is ambiguous in %j', (calls, text) => {
    const program = `tracepoint:skb:kfree_skb { ${calls}; }`
    const { drops, ambiguous, events } = readText(text, { program })
    expect([drops, ambiguous, events.length]).toEqual([[], 1, 1])
  })
})

describe('a line end in a thread name', () => {
  const program = 'tracepoint:skb:kfree_skb { printf("%s %d\\n", comm, args->reason); }'

  it('joins two lines to one flagged event, in whatever pieces they come', () => {
    const text = 'abcdefg\nhijklmn 3\n'
    const whole = readText(text, { program })
    expect(whole.events).toMatchObject([{ process: { comm: 'abcdefg\nhijklmn' }, flags: ['reformatted'] }])
    for (let chunk = 1; chunk < text.length; chunk++) expect(readText(text, { program, chunk })).toEqual(whole)
  })

  const marks = ['--', '^C', '...', '```', '$ x', '# ls']

  it.each(marks)('is none behind %s', (mark) => {
    const { events, drops } = readText(`${mark}\ncurl 3\n`, { program })
    expect(drops).toMatchObject([{ process: { comm: 'curl' } }])
    expect(events).toHaveLength(2)
  })
})
