// What can be read of a program's output when nobody gave the program.
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { readText } from './reading.ts'

describe('lines that tell their own names', () => {
  it('are traces while every line has the same', () => {
    const { events } = readText('ts=1 pid=2 comm="two words" cpu=1 reason=3\nts=2 pid=3 comm="x" cpu=0 reason=4\n')
    expect(events).toMatchObject([
      { kind: 'trace', cpu: 1, process: { comm: 'two words', pid: 2 }, args: { ts: 1, reason: 3 } },
      { kind: 'trace', cpu: 0, process: { comm: 'x', pid: 3 }, args: { ts: 2, reason: 4 } },
    ])
  })

  const broken: readonly (readonly [why: string, line: string])[] = [
    ['a name that imitates a member', 'comm=x pid=1 pid=2 n=1'],
    ['other members', 'comm=x pid=1'],
    ['none at all', 'hello'],
  ]

  it.each(broken)('are none from the line on that has %s', (_, line) => {
    const good = 'comm=x pid=1 n=1\n'
    const { events, undecoded } = readText(`${good}${line}\n${good}`)
    expect(events.map(({ kind }) => kind)).toEqual(['trace', 'message', 'message'])
    expect(undecoded).toBe(2)
  })

  it('may be objects of JSON', () => {
    const { events } = readText('{"ts":12,"comm":"a b","n":0x5}\n{"ts":12,"comm":"a b","n":5}\n')
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'message'])
    expect(readText('{"ts":12,"comm":"a b","n":5}\n').events).toMatchObject([
      { process: { comm: 'a b' }, args: { ts: 12, n: 5 } },
    ])
  })

  it('may be CSV behind its header', () => {
    const { events } = readText('time,comm,pid\n12:01,"a, ""b""",7\n12:02,x,8\n')
    expect(events).toMatchObject([
      { kind: 'trace', process: { comm: 'a, "b"', pid: 7 }, args: { time: '12:01' } },
      { kind: 'trace', process: { comm: 'x', pid: 8 } },
    ])
    expect(events).toHaveLength(2)
  })

  it('are so in JSON too', () => {
    expect(readText('{"type": "printf", "data": "comm=x pid=7\\n"}\n').events).toMatchObject([
      { kind: 'trace', process: { comm: 'x', pid: 7 } },
    ])
  })

  it('are never drops: nobody says which event they are of', () => {
    expect(readText('event=kfree_skb reason=NO_SOCKET\n').drops).toEqual([])
  })
})

describe('--printf and --names', () => {
  it('read lines of one format as traces', () => {
    const flags = { printf: '%s: %d', names: 'comm,reason' }
    const { events } = readText('curl: 3\n', { flags })
    expect(events).toMatchObject([{ kind: 'trace', process: { comm: 'curl' }, drop: { code: 3 } }])
    expect(events[0]).not.toHaveProperty('event_name')
  })

  it('read JSON as well', () => {
    const flags = { printf: '%s=%llu\\n', names: 'comm,nsecs' }
    expect(readText('{"type": "printf", "data": "curl=3\\n"}\n', { flags }).events).toMatchObject([
      { process: { comm: 'curl' }, ns: '3' },
    ])
  })

  const refused: readonly (readonly [flags: Readonly<Record<string, string>>, program: string | undefined])[] = [
    [{ printf: '%s' }, undefined],
    [{ names: 'comm' }, undefined],
    [{ printf: '%s', names: 'comm,pid' }, undefined],
    [{ printf: '%s', names: 'a b' }, undefined],
    [{ printf: '%s', names: 'comm' }, 'BEGIN { }'],
  ]

  it.each(refused)('%j are refused', (flags, program) => {
    expect(() => readText('x\n', { flags, ...(program !== undefined && { program }) })).toThrow(UsageError)
  })
})

describe('a program that is none', () => {
  it('is refused, with the place', () => {
    expect(() => readText('x\n', { program: 'hello\nworld {' })).toThrow(/line 2, column/)
  })

  it('in part is told, and the rest of it decodes', () => {
    const { drops, hints } = readText('curl: 3\n', {
      program: 'tracepoint:skb:kfree_skb { $x = = 1; printf("%s: %d\\n", comm, args->reason) }',
    })
    expect(drops).toHaveLength(1)
    expect(hints).toEqual([expect.stringContaining('line 1, column 33')])
  })
})
