import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnyLine } from '../../adapters/tracenorm/ndjson/any-line.ts'
import { UsageError } from '../../src/errors.ts'
import { FIELD_PATHS } from '../../src/event/field-names.ts'
import { alternativeKeys, requiredKeys, requiredMembers } from '../../src/event/generated/fields.ts'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { faultOf, lineOf } from '../../src/event/line.ts'
import { Mould, seal } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { parseSelection, selectStage } from '../../src/stages/select.ts'
import { type Event, events, recordOf } from './events.ts'

type Mode = 'select' | 'drop'

function selected(mode: Mode, fields: string, record: EventRecord): string {
  const kept = selectStage(parseSelection(mode, fields)).take(record)
  if (kept === undefined) throw new Error('a selection leaves nothing out')
  return Buffer.from(lineOf(kept), 'latin1').toString('utf8')
}

/** The record of an event that comes as our own NDJSON. */
function read(event: Event): EventRecord {
  const line = lineOf(recordOf(event))
  const record = readAnyLine(Buffer.from(line, 'latin1').toString('utf8'))
  if (!(record instanceof EventRecord)) throw new Error(record.text)
  record.source = line
  return record
}

/** What must be in an event whatever is selected, and what is in it if its section is. */
function isRequired(event: Event, member: string, key: string | undefined): boolean {
  const section = member === 'drop' && event.kind !== 'drop' ? 'drop_context' : member
  if (key === undefined) return requiredMembers[event.kind].includes(member)
  const [first, second] = alternativeKeys[section] ?? [[], []]
  const value = Object(event[member])
  const others = first.every((one) => Object.hasOwn(value, one)) ? first : second
  return [...(requiredKeys[section] ?? []), ...others].includes(key)
}

const choices = fc.uniqueArray(fc.constantFrom(...FIELD_PATHS.filter((path) => path !== 'v' && path !== 'kind')), {
  minLength: 1,
  maxLength: 6,
})

/** The event without what is not selected, key by key. */
function expected(mode: Mode, paths: readonly string[], event: Event): Event {
  const isNamed = (path: string): boolean => paths.includes(path)
  const kept: [string, unknown][] = []
  for (const [member, value] of Object.entries(event)) {
    if (member === 'v' || member === 'kind') {
      kept.push([member, value])
      continue
    }
    const isWhole =
      isNamed(member) === (mode === 'select') &&
      !(mode === 'drop' && paths.some((path) => path.startsWith(`${member}.`)))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const must = isRequired(event, member, undefined)
    if (!isObject || isWhole) {
      if (isWhole || must) kept.push([member, value])
      continue
    }
    const isTaken = (key: string): boolean =>
      !(mode === 'drop' && isNamed(member)) && isNamed(`${member}.${key}`) === (mode === 'select')
    const stays = must || Object.keys(value).some(isTaken)
    const entries = Object.entries(value).filter(([key]) => isTaken(key) || (stays && isRequired(event, member, key)))
    if (entries.length > 0) kept.push([member, Object.fromEntries(entries)])
  }
  return Object.fromEntries(kept) as Event
}

describe.each<Mode>(['select', 'drop'])('%s', (mode) => {
  it('keeps what is asked for and what the schema requires, and nothing else', () => {
    fc.assert(
      fc.property(events, choices, (event, paths) => {
        const line = selected(mode, paths.join(','), recordOf(event))
        expect(JSON.parse(line)).toEqual(expected(mode, paths, event))
        expect(validateEvent(JSON.parse(line)), line).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same bytes for a record that was read from NDJSON', () => {
    fc.assert(
      fc.property(events, choices, (event, paths) => {
        const fields = paths.join(',')
        expect(selected(mode, fields, read(event))).toBe(selected(mode, fields, recordOf(event)))
      }),
      { numRuns: 200 },
    )
  })
})

describe('parts of moulds', () => {
  const capture = { tool: 'perf', format: 'script', path: 'a', line: 1, offset: 0, length: 9 } as const
  const moulds = {
    clock: new Mould('clock', { id: 'perf', ns: '0' }, ['ns']),
    skb: new Mould('skb', { addr: '0x1', protocol: 2048, len: 7, rx_sk: '0x1' }, ['addr', 'rx_sk']),
    noSocket: new Mould('skb', { addr: '0x1', protocol: 2048, rx_sk: '0x0' }, ['addr']),
    capture: new Mould('capture', capture, ['line']),
    flagged: new Mould('clock', { id: 'realtime', local: '2023-02-23T18:03:36' }, ['local'], 'time_ambiguous'),
  }
  const recordAt = (at: number): EventRecord => {
    const record = new EventRecord('drop')
    record.clock = at % 5 === 0 ? moulds.flagged.fill(`2023-02-23T18:03:0${at % 10}`) : moulds.clock.fill(String(at))
    record.skb = at % 3 === 0 ? moulds.noSocket.fill(`0x${at}`) : moulds.skb.fill(`0x${at}`, `0xa${at}`)
    record.drop = seal('drop', { count: 1 + (at >> 2), reason: 'NO_SOCKET' })
    record.capture = moulds.capture.fill(at + 1)
    return record
  }

  it.each<[Mode, string]>([
    ['select', 'clock,drop.reason'],
    ['select', 'clock.ns,skb.rx_sk,capture.offset'],
    ['select', 'skb.addr,capture.length,capture.tool,flags'],
    ['select', 'skb.protocol,clock.id,flags'],
    ['select', 'process'],
    ['drop', 'clock.ns,skb.addr,capture.offset'],
    ['drop', 'skb.rx_sk,clock.local,capture.line'],
    ['drop', 'skb,flags,capture.tool'],
    ['drop', 'stack'],
  ])('are kept as other parts are: --%s %s', (mode, fields) => {
    const stage = selectStage(parseSelection(mode, fields))
    for (let at = 0; at < 30; at++) {
      const kept = stage.take(recordAt(at))
      const event: Event = JSON.parse(JSON.stringify(recordAt(at)))
      expect(kept && lineOf(kept)).toBe(selected(mode, fields, recordOf(event)))
      expect(kept && faultOf(kept)).toBeUndefined()
    }
  })
})

const EVENT: Event = {
  v: 1,
  kind: 'drop',
  process: { comm: 'curl', tid: 883 },
  drop: { count: 2, reason: 'NO_SOCKET' },
  args: { dev: 'lo', queue_mapping: 3 },
  capture: { tool: 'perf', format: 'script', path: 'a', line: 7 },
}

describe('a selection', () => {
  it('does not change a line when all of it is kept', () => {
    const record = read(EVENT)
    record.source = lineOf(record).replaceAll(',', ', ')
    expect(selected('drop', 'skb', record)).toBe(record.source)
  })

  it('keeps offset and length of a record without a line', () => {
    const capture = { path: 'a', offset: 7, length: 9, raw: 'x' }
    const record = recordOf({ v: 1, kind: 'drop', drop: { count: 2 }, capture })
    expect(JSON.parse(selected('select', 'process', record))).toEqual({
      v: 1,
      kind: 'drop',
      drop: { count: 2 },
      capture: { path: 'a', offset: 7, length: 9 },
    })
  })

  it('knows keys of open sections', () => {
    expect(JSON.parse(selected('select', 'args.dev,process', recordOf(EVENT)))).toEqual({
      v: 1,
      kind: 'drop',
      process: { comm: 'curl', tid: 883 },
      drop: { count: 2 },
      args: { dev: 'lo' },
      capture: { path: 'a', line: 7 },
    })
  })

  it('keeps members of a later version, but for those that are not selected', () => {
    const withLater = (): EventRecord => {
      const record = read(EVENT)
      record.unknown = ',"later":1'
      return record
    }
    expect(JSON.parse(selected('drop', 'process', withLater())).later).toBe(1)
    expect(JSON.parse(selected('select', 'process', withLater())).later).toBeUndefined()
  })

  it('removes the flags of parts too', () => {
    const flagged = (): EventRecord => {
      const record = recordOf(EVENT)
      record.process = seal('process', { comm: 'c\ufffd' }, 'text_replaced')
      return record
    }
    expect(JSON.parse(selected('select', 'flags', flagged())).flags).toEqual(['text_replaced'])
    expect(JSON.parse(selected('select', 'process', flagged())).flags).toBeUndefined()
    expect(JSON.parse(selected('drop', 'flags', flagged())).flags).toBeUndefined()
    expect(JSON.parse(selected('drop', 'process', flagged())).flags).toEqual(['text_replaced'])
  })

  it.each([
    ['select', 'drop.reasn', '--select: no field "drop.reasn"', 'near: drop.reason'],
    ['select', 'comm', '--select: no field "comm"', 'near: process.comm'],
    ['select', 'stack.symbol', '--select: no field "stack.symbol"', 'near: location.symbol'],
    ['select', '', '--select: no field ""', 'the fields are in docs/event-format.md'],
    ['drop', 'kind', '--drop-fields kind: every record keeps it', undefined],
  ] as const)('of an unknown field is wrong usage: --%s %s', (mode, fields, message, hint) => {
    let error: unknown
    try {
      parseSelection(mode, fields)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ message, hint })
  })
})
