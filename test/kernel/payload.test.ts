import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitPayload } from '../../src/kernel/payload.ts'

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

describe('a value that its argument does not hold all of', () => {
  it.each([
    ['foo:bar', 'filename=/tmp/a. pid=1', { filename: '/tmp/a', pid: '1' }],
    ['foo:bar', 'a=1 b=2,', { a: '1', b: '2' }],
    ['icmp:icmp_send', 'icmp_send: type=3, code=3. From 127.0.0.1:48534 ulen=9', { type: '3', code: '3', ulen: '9' }],
    [
      'sched:sched_stat_runtime',
      'comm=perf pid=16583 runtime=517179 [ns]',
      { comm: 'perf', pid: '16583', runtime: '517179' },
    ],
    ['sched:sched_process_free', 'comm=a pid=1 prio=120 <-- here', { comm: 'a', pid: '1', prio: '120' }],
    ['foo:bar', 'a=12 (what) b=0x1f # note', { a: '12', b: '0x1f' }],
    ['foo:bar', 'words a=1', { a: '1' }],
    ['foo:bar', 'a=1 then foo: b=2', { a: '1', b: '2' }],
  ])('makes the whole text stay: %s: %s', (event, text, expected) => {
    const { args, isWhole } = splitPayload(event, text)
    expect(Object.fromEntries(args.map(({ key, value }) => [key, value]))).toEqual(expected)
    expect(isWhole).toBe(false)
  })

  it.each([
    ['foo:bar', 'prev_pid=12... a=1', { a: '1' }],
    ['foo:bar', 'a=... b=1', { b: '1' }],
    ['foo:bar', latin1('a=0xffff… b=1'), { b: '1' }],
    ['foo:bar', 'addr=0xffff...a0 b=12 ... c=3', { b: '12', c: '3' }],
    ['sched:sched_process_free', 'comm=a pid=12... prio=120', { comm: 'a', prio: '120' }],
  ])('is none where someone shortened it: %s: %s', (event, text, expected) => {
    const { args, isWhole, isReformatted } = splitPayload(event, text)
    expect(Object.fromEntries(args.map(({ key, value }) => [key, value]))).toEqual(expected)
    expect([isWhole, isReformatted]).toEqual([false, true])
  })
})

describe('a value in full', () => {
  it.each([
    ['foo:bar', 'sk address = 0x1, family = AF_INET', { address: '0x1', family: 'AF_INET' }],
    ['foo:bar', 'fd: 0x00000005, buff: 0x7f62', { fd: '0x00000005', buff: '0x7f62' }],
    ['foo:bar', 'data=10 ab 22 n=1', { data: '10 ab 22', n: '1' }],
    ['foo:bar', 'v={0x1,0x2} w=1 2 3', { v: '{0x1,0x2}', w: '1 2 3' }],
    ['foo:bar', latin1('comm=voilà pid=3'), { comm: latin1('voilà'), pid: '3' }],
    [
      'sched:sched_switch',
      'prev_comm=a prev_pid=1 prev_prio=2 prev_state=S ==> next_comm=b next_pid=3 next_prio=4',
      { prev_comm: 'a', prev_pid: '1', prev_prio: '2', prev_state: 'S', next_comm: 'b', next_pid: '3', next_prio: '4' },
    ],
  ])('is the argument: %s: %s', (event, text, expected) => {
    expect(Object.fromEntries(splitPayload(event, text).args.map(({ key, value }) => [key, value]))).toEqual(expected)
  })

  it.each(['0xffff9e25e838e700x', '(nil)x', 'ffff9e25e838e700x'])(
    'has not the x of an old %%px, in any event: %s',
    (value) => {
      const { args, isWhole, isReformatted } = splitPayload('net:netif_rx', `dev=lo skbaddr=${value} len=60`)
      expect(args.map((one) => one.value)).toEqual(['lo', value.slice(0, -1), '60'])
      expect([isWhole, isReformatted]).toEqual([true, true])
    },
  )
})

describe('any payload', () => {
  const word = fc.constantFrom(
    'a=',
    'comm=',
    'pid=',
    'b = ',
    'c: ',
    'x',
    '12',
    '0x1f',
    '(nil)',
    '...',
    '…',
    '.',
    ',',
    ' ',
    '  ',
  )
  const other = fc.constantFrom(
    '(',
    ')',
    '"',
    '[ns]',
    ' ==> ',
    '\t',
    'à',
    '__proto__=',
    '0xffff9e25e838e700x',
    '<--',
    ':',
  )
  const text = fc
    .array(fc.oneof(word, other, fc.string({ maxLength: 3 })), { maxLength: 16 })
    .map((all) => latin1(all.join('')))

  it('stays where one of its characters is in no argument', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('foo:bar', 'sched:sched_process_free', 'task:task_newtask'),
        text,
        (event, payload) => {
          const { args, isWhole } = splitPayload(event, payload)
          if (!isWhole) return
          // Names, signs, blanks, separating commas and the `x` of an old `%px` aside, the values are the text.
          let rest = payload
          for (const { key, value } of args) {
            const at = rest.indexOf(key)
            expect(rest.slice(0, at).replaceAll(/[\t-\r ,]|==>/g, '')).toBe('')
            const behind = rest.slice(at + key.length).replace(/^ ?[=:][\t-\r ]*/, '')
            expect(behind.slice(0, value.length)).toBe(value)
            rest = behind.slice(value.length)
            if (/^(?:0x|\(nil)/.test(value)) rest = rest.replace(/^x/, '')
          }
          expect(rest.replaceAll(/[\t-\r ]/g, '')).toBe('')
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes no time that grows faster than it', () => {
    for (const border of ['(', '"', '(a=', 'a=(b) ', 'a: ', '[', 'a=1 ', ', ', 'a=..', 'a=0 '])
      splitPayload('foo:bar', border.repeat(2 ** 18 / border.length))
  }, 120_000)
})
