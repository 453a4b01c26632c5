import { describe, expect, it } from 'vitest'
import { readAnyLine } from '../../adapters/tracenorm/ndjson/any-line.ts'
import type { EventSchema } from '../../scripts/generate/schema.ts'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { lineOf } from '../../src/event/line.ts'
import { seal } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { LONGEST_LINE_BYTES, trim } from '../../src/event/trim.ts'
import { KINDS } from '../../src/event/words.ts'
import { utf8 } from '../../src/text/utf8.ts'
import { randomOf } from '../kit/random.ts'
import { schemaOf, specimenOf } from '../schemas/violations.ts'

const LIMIT = 256 * 1024

function trimmed(fill: (record: EventRecord) => void): { readonly [key: string]: never } {
  const record = new EventRecord('trace')
  record.capture = seal('capture', { path: 'x', line: 1 })
  fill(record)
  expect(lineOf(record).length).toBeGreaterThan(LIMIT)
  trim(record, (one) => lineOf(one).length)
  const line = lineOf(record)
  expect(line.length).toBeLessThanOrEqual(LIMIT)
  const event = JSON.parse(utf8(line))
  expect(validateStrict(event), JSON.stringify(validateStrict.errors)).toBe(true)
  return event
}

const frames = (count: number): { readonly symbol: string; readonly address: string }[] =>
  Array.from({ length: count }, (_, n) => ({ address: `0x${(n + 1).toString(16)}`, symbol: 'x'.repeat(100) }))

describe('a line that is too long', () => {
  it('is one over 256 KiB', () => {
    expect(LONGEST_LINE_BYTES).toBe(LIMIT)
  })

  it('loses all of capture.raw first, and nothing else when that is enough', () => {
    const event = trimmed((record) => {
      record.payload = seal('payload', 'p'.repeat(100_000))
      record.capture = seal('capture', { path: 'x', line: 1, offset: 0, length: 200_000, raw: 'r'.repeat(200_000) })
    })
    expect(event.capture).toEqual({ path: 'x', line: 1, offset: 0, length: 200_000 })
    expect(event).toMatchObject({ payload: 'p'.repeat(100_000) })
    expect(event.flags).toBeUndefined()
  })

  it('loses its outermost frames next, while its texts stay', () => {
    const event = trimmed((record) => {
      record.stack = seal('stack', frames(4000))
      record.payload = seal('payload', 'p'.repeat(100_000))
    })
    expect(event).toMatchObject({ payload: 'p'.repeat(100_000), flags: ['truncated'] })
    const { stack = [] }: { stack?: readonly { address: string }[] } = event
    expect(stack.length).toBeGreaterThan(10)
    expect(stack[0]?.address).toBe('0x1')
  })

  it.each<[string, (record: EventRecord) => void]>([
    ['the payload', (record) => (record.payload = seal('payload', 'p'.repeat(300_000)))],
    ['the payload in UTF-8', (record) => (record.payload = seal('payload', '🐧€'.repeat(100_000)))],
    ['the payload in escapes', (record) => (record.payload = seal('payload', '\x01"'.repeat(100_000)))],
    ['an argument', (record) => (record.args = seal('args', { a: 'x', msg: 'y'.repeat(300_000), n: 7 }))],
    [
      'many arguments',
      (record) => {
        record.args = seal(
          'args',
          Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`a${n}`, 'y'.repeat(2000)])),
        )
      },
    ],
    ['several arguments alike', (record) => (record.args = seal('args', { a: 'x'.repeat(2e5), b: 'x'.repeat(2e5) }))],
    [
      'payload and arguments',
      (record) => {
        record.args = seal('args', { msg: 'y'.repeat(200_000) })
        record.payload = seal('payload', 'p'.repeat(200_000))
      },
    ],
    ['a symbol', (record) => (record.location = seal('location', { symbol: 's'.repeat(300_000) }))],
    ['a device', (record) => (record.device = seal('device', { name: 'd'.repeat(300_000) }))],
    ['a thread name', (record) => (record.process = seal('process', { comm: 'c'.repeat(300_000), tid: 1 }))],
    ['an event name', (record) => (record.event_name = seal('event_name', 'e'.repeat(300_000)))],
    ['a trap', (record) => (record.drop = seal('drop_context', { trap: 't'.repeat(300_000) }))],
    ['members that this version does not know', (record) => (record.unknown = `,"new":"${'n'.repeat(300_000)}"`)],
    ['labels', (record) => (record.labels = seal('labels', { a: 'l'.repeat(300_000) }))],
    ['a sample', (record) => (record.sample = seal('sample', { regs: 'r'.repeat(300_000) }))],
    [
      'a frame',
      (record) => (record.stack = seal('stack', [{ address: '0x1', symbol: 's'.repeat(300_000) }, { address: '0x2' }])),
    ],
  ])('fits and is flagged when %s made it too long', (_, fill) => {
    expect(trimmed(fill).flags).toEqual(['truncated'])
  })

  it('keeps as much of a text as fits', () => {
    const event = trimmed((record) => (record.payload = seal('payload', 'p'.repeat(300_000))))
    expect(JSON.stringify(event).length).toBeGreaterThan(LIMIT - 100)
  })

  it('keeps names, enums and numbers whole, whatever made it too long', () => {
    const event = trimmed((record) => {
      record.drop = seal('drop_context', { reason: 'NO_SOCKET', code: 3, subsystem: 'core' })
      record.event_name = seal('event_name', 'skb:kfree_skb')
      record.process = seal('process', { comm: 'curl', tid: 7 })
      record.args = seal('args', Object.fromEntries(Array.from({ length: 256 }, (_, n) => [`a${n}`, 'y'.repeat(9999)])))
      record.stack = seal('stack', frames(4000))
    })
    expect(event).toMatchObject({
      event_name: 'skb:kfree_skb',
      process: { comm: 'curl', tid: 7 },
      drop: { reason: 'NO_SOCKET', code: 3, subsystem: 'core' },
    })
  })

  it('loses unknown members first, in sections too', () => {
    const line = `{"v":1,"kind":"drop","drop":{"count":2,"new":"${'n'.repeat(3e5)}"},"payload":"p","new":{"a":"${'n'.repeat(3e5)}"},"capture":{"path":"x","line":1}}`
    const record = readAnyLine(line)
    if (!(record instanceof EventRecord)) throw new Error(record.text)
    trim(record, (one) => lineOf(one).length)
    expect(JSON.parse(utf8(lineOf(record)))).toEqual({
      v: 1,
      kind: 'drop',
      drop: { count: 2 },
      payload: 'p',
      flags: ['truncated'],
      capture: { path: 'x', line: 1 },
    })
  })

  it('keeps the flags of what is cut', () => {
    const event = trimmed((record) => (record.payload = seal('payload', `\ufffd${'p'.repeat(3e5)}`, 'text_replaced')))
    expect(event.flags).toEqual(['truncated', 'text_replaced'])
  })
})

type Tree = { [key: string]: unknown }
const UNITS = ['x', '7', '"', '\u20ac', '\u{1f427}']

/** An event with some very long texts and lists, and with unknown members where the schema allows them. */
function grown(event: Tree, below: (limit: number) => number): Tree {
  const grow = (holder: Tree): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) grow(value as Tree)
      if (below(3) > 0) continue
      if (typeof value === 'string') holder[key] = value + UNITS[below(5)]?.repeat(below(1e5))
      if (Array.isArray(value)) holder[key] = Array(below(5000)).fill(value[0])
      if (!validateEvent(event)) holder[key] = value
    }
    if (below(8) === 0) holder.unheard_of = 'u'.repeat(below(2e5))
    if (!validateEvent(event)) delete holder.unheard_of
  }
  grow(event)
  return event
}

describe('an event of any kind, however long its texts and lists', () => {
  const schema = schemaOf<EventSchema>('event')
  const kinds = KINDS.map((kind) => [kind, schema.$defs[`${kind}_event`] ?? {}] as const)
  it.each(kinds)('of kind %s becomes a valid line that fits', (_, shell) => {
    const { below } = randomOf(7)
    let tooLong = 0
    for (let count = 0; count < 10; count++) {
      const specimen = specimenOf(shell, schema.$defs)
      const event = grown(JSON.parse(JSON.stringify(specimen)), below)
      const record = readAnyLine(JSON.stringify(event))
      if (!(record instanceof EventRecord)) throw new Error(record.text)
      if (lineOf(record).length <= LIMIT) continue
      tooLong++
      trim(record, (one) => lineOf(one).length)
      const line = lineOf(record)
      expect(line.length).toBeLessThanOrEqual(LIMIT)
      expect(validateStrict(JSON.parse(utf8(line))), JSON.stringify(validateStrict.errors)).toBe(true)
    }
    expect(tooLong).toBeGreaterThan(2)
  })
})
