// Sessions as people keep them: quoted, indented, interrupted, damaged.
import { describe, expect, it } from 'vitest'
import { adapter } from '../../../../adapters/bpftrace/adapter.ts'
import { type Event, readText } from '../reading.ts'

const PROGRAM = `tracepoint:skb:kfree_skb { printf("%s:\\n", comm); printf("   reason\\t%d%s\\n", args->reason, kstack); @reasons[args->reason] = count(); }
END { printf("end of it\\n"); }`

const RUN = `curl:
   reason\t3
        sk_skb_reason_drop+144
        tcp_v4_rcv+153

udp drop:
   reason\t2
        kfree_skb+1

end of it

@reasons[3]: 1
`
const SESSION = `$ sudo bpftrace -e '${PROGRAM}'\nAttaching 2 probes...\n${RUN}`

function eventsOf(text: string, program?: string): readonly Omit<Event, 'flags'>[] {
  const { events, rejected } = readText(text, program === undefined ? {} : { program })
  expect(rejected).toEqual([])
  return events.filter(({ kind }) => kind !== 'message').map(({ flags: _, ...rest }) => rest)
}

describe('a command of several lines', () => {
  it.each(['\n', '\r\n'])('keeps all of them, whose line ends are %j', (lineEnd) => {
    const command = `$ sudo bpftrace -e '${PROGRAM}'`
    const { events } = readText(SESSION.replaceAll('\n', lineEnd))
    expect(events[0]).toMatchObject({ kind: 'message', stream: 'prompt', message: command })
    expect(events.filter(({ kind }) => kind === 'drop')).toHaveLength(2)
  })
})

const prefixed = (prefix: string, text: string): string => text.replaceAll(/^/gm, prefix)

const marked: readonly (readonly [how: string, mark: (text: string) => string])[] = [
  ['is quoted', (text) => prefixed('> ', text)],
  ['is quoted twice', (text) => prefixed('> > ', text)],
  ['is quoted, blank lines without the blank', (text) => prefixed('> ', text).replaceAll(/^> $/gm, '>')],
  ['is quoted, with CRLF', (text) => prefixed('> ', text).replaceAll('\n', '\r\n')],
  ['is indented', (text) => prefixed('    ', text)],
  ['is indented but for blank lines', (text) => text.replaceAll(/^(?=.)/gm, '    ')],
  ['is indented within a quote', (text) => prefixed('> \t', text)],
]

describe('a session that', () => {
  const plain = eventsOf(SESSION)

  it('stands as it was gives its events', () => {
    expect(plain).toMatchObject([
      { kind: 'drop', process: { comm: 'curl' }, drop: { code: 3 }, stack: [{}, {}] },
      { kind: 'drop', process: { comm: 'udp drop' }, drop: { code: 2 }, stack: [{}] },
      { kind: 'metric' },
    ])
  })

  it.each(marked)('%s gives the same, flagged', (_, mark) => {
    expect(eventsOf(mark(SESSION))).toEqual(plain)
    const { drops } = readText(mark(SESSION))
    expect(drops.map(({ flags }) => flags)).toEqual([['reformatted'], ['reformatted']])
  })

  it.each(marked)('%s gives the same from its banner on', (_, mark) => {
    expect(eventsOf(mark(SESSION.slice(SESSION.indexOf('Attaching'))), PROGRAM)).toEqual(plain)
  })

  it.each(marked)('%s gives the same in pieces of any size', (_, mark) => {
    const whole = readText(mark(SESSION))
    for (const chunk of [1, 7, 64]) expect(readText(mark(SESSION), { chunk }).events).toEqual(whole.events)
  })

  it.each(marked)('%s is known by its first line', (_, mark) => {
    expect(adapter.detect(mark(SESSION))?.score).toBeGreaterThanOrEqual(90)
    expect(adapter.detect(mark('Attaching 1 probe...\n'))?.score).toBeGreaterThanOrEqual(90)
  })

  it('is answered between its quotes goes on behind the answer', () => {
    const [first = '', second = ''] = [RUN.slice(0, RUN.indexOf('udp')), RUN.slice(RUN.indexOf('udp'))]
    const text = `${prefixed('> ', `Attaching 2 probes...\n${first}`)}\nThat is it.\n\n${prefixed('> ', second)}`
    expect(eventsOf(text, PROGRAM)).toEqual(plain)
  })

  it('is quoted in JSON gives the same', () => {
    const json =
      '{"type": "attached_probes", "data": {"probes": 1}}\n{"type": "printf", "data": "curl: 3\\n"}\n{"type": "map", "data": {"@": 1}}\n'
    const program = 't:skb:kfree_skb { printf("%s: %d\\n", comm, args->reason); @ = count(); }'
    expect(eventsOf(prefixed('> ', json), program)).toEqual(eventsOf(json, program))
  })
})

describe('what a terminal shows of Ctrl-C', () => {
  const program = 't:skb:kfree_skb { printf("%s\\n", comm); @[comm] = count(); }'

  it('is no output of the program', () => {
    const { drops, events } = readText('curl\n^C\n\n@[curl]: 1\n', { program })
    expect(drops.map(({ process }) => process?.comm)).toEqual(['curl'])
    expect(events.map(({ kind }) => kind)).toEqual(['drop', 'message', 'metric'])
  })

  it('may stand before a line of the tool', () => {
    expect(eventsOf('curl\n^C@[curl]: 1\n', program).map(({ kind }) => kind)).toEqual(['drop', 'metric'])
    expect(readText('^Cbye\n', { program: 'END { printf("bye\\n"); }' }).events.map(({ stream }) => stream)).toEqual([
      'foreign',
      'output',
    ])
  })
})

describe('a run whose lines', () => {
  const plain = eventsOf(RUN, PROGRAM)

  const damaged: readonly (readonly [how: string, damage: (text: string) => string])[] = [
    ['have their blanks squeezed', (text) => text.replaceAll(/ {2,}/g, ' ')],
    ['are no longer divided by empty lines', (text) => text.replaceAll(/\n{2,}/g, '\n')],
    ['lost their last empty line', (text) => `${text.slice(0, text.indexOf('udp')).trimEnd()}\n`],
  ]

  it.each(damaged)('%s is one event still', (_, damage) => {
    const events = eventsOf(damage(RUN), PROGRAM).filter(({ kind }) => kind === 'drop')
    const wanted = plain.filter(({ kind }) => kind === 'drop').slice(0, events.length)
    expect(events.length).toBeGreaterThan(0)
    expect(events).toEqual(wanted)
  })
})

describe('a line of which a printf with a stack has the beginning', () => {
  it('is nobody’s', () => {
    const program = 'tracepoint:skb:kfree_skb { printf("%s %d%s\\n", comm, args->reason, kstack); }'
    const { drops, events } = readText('curl 1 and so on\n', { program })
    expect([drops, events.map(({ stream }) => stream)]).toEqual([[], ['foreign']])
  })
})
