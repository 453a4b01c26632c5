// An input may end anywhere.
import { describe, expect, it } from 'vitest'
import { breaches, placedRecords } from './cut-law.ts'
import { type Case, openConverter, type Result, readCases } from './harness.ts'
import { holds } from './holds.ts'
import { randomOf } from './random.ts'

/**
 * One or two of each format, small, with its blocks, stacks and values that may be longer: cut at every byte of each
 * line that is not like one before.
 */
const CUT_AT_EVERY_BYTE: ReadonlySet<string> = new Set([
  'bpftrace/json/chatty-child',
  'bpftrace/text/article',
  'dropwatch/text/article',
  'ftrace/trace-cmd/report',
  'perf/script/pasted-wrapped',
  'perf/script/records',
  'perf/script/seed-curl',
  'perf/trace/calls-and-drops',
  'perf/trace/old-styles',
])
const CUTS = 8

/** Texts at which a cut line can be read in two ways, and the rest of the line would have shown the other one. */
const TWO_READINGS: ReadonlyMap<string, RegExp> = new Map([
  // The programs print `%s: %d` or `%s %d`, and other lines begin like that.
  ['bpftrace/text/article', /\ncurl: $/],
  ['bpftrace/text/prompt', /\ncurl: $/],
  ['bpftrace/text/chatty-child', /\n\{"type": $/],
  ['bpftrace/text/verbose', /\nProgram ID: \d*(?:\n+[^\n]*)?$/],
  ['bpftrace/text/helper-errors', /^Attaching $|\n {4}\S+[^\n]* $/],
  // A name with a line end in it, of which only the second line begins like a record.
  ['bpftrace/text/weird-comms', /\nline\|\d+\|$/],
  // The rule of a header, appended in the middle of an address.
  ['perf/script/two-captures', /skbaddr=0x[0-9a-f]+# $/],
])

describe('wherever it is cut off,', () => {
  it.each(readCases())('fixture $name keeps its books, and says nothing that the whole does not say', async (one) => {
    const { input, args, folder, name } = one
    const converter = await openConverter(['--kind=all', ...args, '--provenance=full'], folder)
    const uncut = await converter.convert(input)
    const whole = placedRecords(uncut.ndjson)
    for (const end of cutsOf(one)) {
      const cut = await holds(converter, input.subarray(0, end))
      // The first 16 lines count as one: before their end another reader may be found, or none.
      if (readerOf(cut) !== readerOf(uncut)) continue
      if (TWO_READINGS.get(name)?.test(input.toString('latin1', 0, end)) === true) continue
      expect(breaches(whole, cut, input, end), `cut at ${end}`).toEqual([])
    }
  })
})

function readerOf({ outcome }: Result): string {
  const [first] = outcome.readers
  return `${first?.line} ${first?.name} ${first?.format}`
}

/**
 * In lines that are not like one before: every byte of the telling fixtures, and some borders of tokens of the others.
 */
function cutsOf({ name, input }: Case): readonly number[] {
  if (CUT_AT_EVERY_BYTE.has(name)) return placesOf(input, /(?:)/g)
  const borders = placesOf(input, /\b|$/g)
  const random = randomOf(input.length + 2)
  return Array.from({ length: Math.min(CUTS, borders.length) }, () => borders[random.below(borders.length)] ?? 0)
}

function placesOf(input: Buffer, place: RegExp): readonly number[] {
  const seen = new Set<string>()
  const places: number[] = []
  let start = 0
  for (const line of input.toString('latin1').split(/(?<=\n)/)) {
    const shape = line.replace(/[0-9a-f]+/g, '0')
    if (!seen.has(shape)) for (const { index } of line.matchAll(place)) places.push(start + index)
    seen.add(shape)
    start += line.length
  }
  return places
}
