import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { members } from '../../src/event/generated/members.ts'
import { lineOf } from '../../src/event/line.ts'
import { Mould } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { faultInLine, spotCheck } from '../../src/event/spot-check.ts'
import { LONGEST_LINE_BYTES } from '../../src/event/trim.ts'
import { Blocks } from '../../src/output/blocks.ts'
import type { Output } from '../../src/output/output.ts'
import { ALL_COLUMNS } from '../../src/sinks/csv/columns.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { type LineForm, lineSink } from '../../src/sinks/line-sink.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { type Event, events, recordOf } from '../stages/events.ts'
import { NEVER } from './never.ts'

const TABLE = { columns: ALL_COLUMNS, delimiter: ',', header: false, bom: false, safe: false }
const SINKS: readonly (readonly [string, (output: Output) => Sink])[] = [
  ['NDJSON', (output) => ndjsonSink(output, NEVER)],
  ['CSV', (output) => csvSink(output, TABLE, NEVER)],
]

/** What a sink writes of these, and what it finds wrong. */
function written(records: readonly EventRecord[], open: (output: Output) => Sink): { text: string; faults: unknown[] } {
  let text = ''
  const output = new Blocks((block) => {
    text += block.toString('latin1')
  })
  const sink = open(output)
  const faults = records.flatMap((record) => sink.write(record) ?? [])
  output.flush()
  return { text, faults }
}

const samples: readonly Event[] = [
  ...fc.sample(events, { numRuns: 300, seed: 7 }),
  ...[1, 2].map(
    (n): Event => ({ v: 1, kind: 'trace', ts: `2026-01-01T00:00:00.00000000${n}Z`, id: `${n}`.repeat(32) }),
  ),
]

/** Two records that share all parts but one. */
function pairOf(name: (typeof members)[number]): readonly [EventRecord, EventRecord] {
  const [one, other] = samples
    .filter((event) => event[name] !== undefined)
    .filter((event, at, all) => at === 0 || JSON.stringify(event[name]) !== JSON.stringify(all[0]?.[name]))
    .map(recordOf)
  if (one === undefined || other === undefined) throw new Error(`no two samples with another ${name}`)
  return [one, Object.assign(new EventRecord(one.kind), one, { [name]: other[name] })]
}

describe.each(SINKS)('lines that come again as %s', (_, open) => {
  it.each(members)('differ when only %s differs', (name) => {
    const [a, b] = pairOf(name)
    // Several times, so that both are remembered.
    const order = [a, a, a, b, b, b, a, b, a]
    expect(written(order, open).text).toBe(order.map((record) => written([record], open).text).join(''))
    expect(written([a], open).text).not.toBe(written([b], open).text)
  })
})

const clock = new Mould('clock', { id: 'perf', ns: '0' }, ['ns'])
const capture = new Mould('capture', { path: 'x', line: 1 }, ['line'])

function drop(ns: string, line: number): EventRecord {
  const record = recordOf({ v: 1, kind: 'trace' })
  record.clock = clock.fill(ns)
  record.capture = capture.fill(line)
  return record
}

describe('a sink', () => {
  it('writes no line that the spot check refuses, also when it is remembered', () => {
    // Forgets to put the leaves in.
    const forgetful: LineForm = {
      lineEnd: '\n',
      lineOf,
      piecesOf: (record) => [{ text: lineOf(record) }],
      faultIn: faultInLine,
    }
    const records = [drop('1', 1), drop('1', 1), drop('2', 2)]
    const { text, faults } = written(records, (output) => lineSink(output, forgetful, spotCheck('full')))
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(2)
    expect(faults).toEqual([expect.stringMatching(/not that of the record/)])
  })

  it.each(SINKS)('writes no line over 256 KiB: %s', (_, open) => {
    const record = recordOf({
      v: 1,
      kind: 'message',
      message: '"'.repeat(LONGEST_LINE_BYTES),
      level: 'info',
      stream: 'foreign',
      capture: { path: 'x', line: 1 },
    })
    const { text } = written([record], open)
    expect(text.trimEnd().length).toBeLessThanOrEqual(LONGEST_LINE_BYTES)
    expect(text).toContain('truncated')
  })
})
