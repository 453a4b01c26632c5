import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Event, read } from './reading.ts'

const HEAD = '            curl   26480 [001]  3466.291131:'

async function only(text: string): Promise<Event> {
  const { events, rejected } = await read(text)
  expect(rejected).toEqual([])
  expect(events).toHaveLength(1)
  return events[0] ?? { kind: 'none' }
}

describe('a pointer needs a digit', () => {
  it.each(['skbaddr=0x', 'skbaddr=0', 'skbaddr=', 'skbaddr=0xffff88815c05a0e0 rx_sk=0x'])(
    'a line that is cut off behind %s has none there',
    async (payload) => {
      const event = await only(`${HEAD} skb:kfree_skb: ${payload}`)
      expect(event.skb).toEqual(payload.includes('rx_sk') ? { addr: '0xffff88815c05a0e0' } : undefined)
      expect(event.args).toBeUndefined()
      expect(event.flags).toEqual(['incomplete'])
    },
  )

  it.each([
    ['skb:kfree_skb', 'skbaddr=0x protocol=2048 location=f reason: NO_SOCKET'],
    ['skb:kfree_skb', 'skbaddr=0xffff888 rx_sk=0x protocol=2048 location=f reason: NO_SOCKET'],
    ['skb:kfree_skb', 'skbaddr=0xffff888 protocol=2048 location=0x reason: NO_SOCKET'],
    ['net:netif_rx', 'dev=lo skbaddr=0x len=60'],
    ['skb:consume_skb', 'skbaddr=0xffff888 location=0x'],
  ])('%s: %s', async (event, payload) => {
    const { skb, location } = await only(`${HEAD} ${event}: ${payload}\n`)
    expect([skb?.addr, skb?.rx_sk]).not.toContain('0x0')
    expect(location?.address ?? location?.symbol ?? 'f').toBe('f')
  })
})

describe('one x behind a pointer is no piece of it', () => {
  it.each([
    ['skb:kfree_skb', 'skbaddr=0xffff888x rx_sk=(nil)x protocol=2048 location=0xffffffff8211a65fx reason: NO_SOCKET'],
    ['skb:kfree_skb', 'skbaddr=0xffff888x protocol=2048 location=0xffffffff8211a65f'],
    ['skb:consume_skb', 'skbaddr=0xffff888x location=0xffffffff8211a65fx'],
  ])('%s: %s', async (event, payload) => {
    const record = await only(`${HEAD} ${event}: ${payload}\n`)
    expect(record.skb?.addr).toBe('0xffff888')
    expect(record.location?.address).toBe('0xffffffff8211a65f')
    expect(record.args).toBeUndefined()
    expect(record.flags).toEqual(['reformatted'])
  })

  it('in any argument', async () => {
    const { args } = await only(`${HEAD} tcp:tcp_bad_csum: skbaddr=0xffff888x skaddr=0xffff999x n=1x\n`)
    expect(args).toEqual({ skaddr: '0xffff999', n: '1x' })
  })
})

describe('what is shortened', () => {
  it.each([
    ['location=tcp_v4_rcv... reason: NO_SOCKET', { drop: { count: 1, reason: 'NO_SOCKET' } }],
    ['location=f reason: NO_SOC...', { location: { symbol: 'f' }, drop: { count: 1 } }],
    ['location=f+0x1... reason: NO_SOCKET', { drop: { count: 1, reason: 'NO_SOCKET' } }],
    ['location=f reason: NO_SOC…', { location: { symbol: 'f' }, drop: { count: 1 } }],
  ])('is no value, and the payload stays: %s', async (rest, { location, drop }: Pick<Event, 'location' | 'drop'>) => {
    const payload = `skbaddr=0xffff888 protocol=2048 ${rest}`
    const event = await only(`${HEAD} skb:kfree_skb: ${payload}\n`)
    expect(event.location).toEqual(location)
    expect(event.drop).toMatchObject(drop ?? {})
    expect(event.drop?.reason).toBe(drop?.reason)
    expect(event.payload).toBe(payload)
    expect(event.flags).toEqual(['reformatted'])
  })
})

it('an offset of the location that no number holds is left out, flagged, and its text stays', async () => {
  const payload = 'skbaddr=0xffff888 protocol=2048 location=_start+0xffff018f12345678 reason: NO_SOCKET'
  const event = await only(`${HEAD} skb:kfree_skb: ${payload}\n`)
  expect(event.location).toEqual({ symbol: '_start' })
  expect(event.payload).toBe(payload)
  expect(event.flags).toEqual(['incomplete'])
})

it('a member that the end of the input touches is left out, whatever is cut from its end', async () => {
  for (const payload of ['pid=1 filename=/tmp/a.', 'pid=1 filename=/tmp/a,', 'pid=1 comm=two '])
    expect((await only(`${HEAD} foo:bar: ${payload}`)).args).toEqual({ pid: 1 })
})

it('a name may be __proto__', async () => {
  const event = await only(`${HEAD} foo:bar: __proto__=5 constructor=6\n`)
  expect(Object.entries(event.args ?? {})).toEqual([
    ['__proto__', 5],
    ['constructor', 6],
  ])
})

describe('registers that nobody named', () => {
  const REGS = ' ABI:2    AX:0x0    IP:0xffffffff81e42e50 FLAGS:0x0 '
  it.each([
    ['net:netif_rx', 'dev=lo skbaddr=0xffff888 len=60', `               0${REGS}`, { addr: '0x0' }],
    ['net:netif_rx', 'dev=lo skbaddr=0xffff888 len=60', `ffffffff81e42e50${REGS}`, { addr: '0xffffffff81e42e50' }],
    [
      'skb:kfree_skb',
      'skbaddr=0xffff888 protocol=2048 location=f reason: NO_SOCKET',
      `               0${REGS}`,
      { addr: '0x0' },
    ],
    ['skb:kfree_skb', 'skbaddr=0xffff888 protocol=2048 location=f', REGS, {}],
    ['foo:bar', 'x=1', REGS, {}],
    ['foo:bar', 'x=1', `${REGS}ABI:2    AX:0x0 0x1/0x2/P/-/-/5 `, {}],
  ])('stand in the sample, not in args: %s: %s%s', async (event, payload, columns, addr) => {
    const record = await only(`${HEAD} ${event}: ${payload}${columns}\n`)
    const regs = columns.slice(columns.indexOf('ABI:')).replace('0x1/0x2/P/-/-/5', '').trim()
    const brstack = columns.includes('/P/') ? { brstack: '0x1/0x2/P/-/-/5' } : {}
    expect(record.sample).toEqual({ ...addr, regs, ...brstack })
    expect(record.payload).toBeUndefined()
    expect(record.flags).toBeUndefined()
    expect(JSON.stringify(record.args ?? {})).not.toMatch(/AX|ABI|IP/)
  })
})

describe('any payload', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'skbaddr=',
      'rx_sk=',
      'protocol=',
      'location=',
      'reason:',
      'len=',
      'dev=',
      'a=',
      'A=',
      '__proto__=',
    ),
    fc.constantFrom(
      ' ',
      '0x',
      '0xffff888',
      '(nil)',
      '2048',
      'f+0x',
      'f+0xffffffffffffffff',
      'x',
      '...',
      '[m]',
      'NO_SOCKET',
    ),
    fc.constantFrom(
      ' ABI:2    AX:0x0',
      ' /a.slice',
      '               0',
      ' ffffffff81e42e50 f ([])',
      '\xa0',
      '\x00',
      '\xc3',
      '\r',
    ),
    fc.string({ maxLength: 4, unit: 'binary-ascii' }),
  )
  const payload = fc.array(piece, { maxLength: 14 }).map((all) => all.join('').replaceAll('\n', ''))
  const events = fc.constantFrom(
    'skb:kfree_skb',
    'net:netif_rx',
    'sched:sched_switch',
    'foo:bar',
    'cycles',
    'devlink:devlink_trap_report',
  )

  it('gives a valid record or a rejection, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(events, payload, fc.boolean(), async (event, text, isCut) => {
        await read(Buffer.from(`${HEAD} ${event}: ${text}${isCut ? '' : '\n'}`, 'latin1'))
      }),
      { numRuns: 1000 },
    )
  })

  it('stays in each word, in a member or as it is', async () => {
    const marked = fc.array(piece, { maxLength: 10 }).map((all) =>
      all
        .map((one, of) => `${one}word${of};`)
        .join('')
        .replaceAll('\n', ''),
    )
    await fc.assert(
      fc.asyncProperty(events, marked, async (event, text) => {
        const { events: records } = await read(Buffer.from(`${HEAD} ${event}: ${text}\n`, 'latin1'))
        const held = JSON.stringify(records)
        for (const [word] of text.matchAll(/word\d+;/g)) expect(held).toContain(word.slice(0, -1))
      }),
      { numRuns: 500 },
    )
  })
})
