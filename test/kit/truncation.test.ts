// An input may end anywhere.
import { describe, expect, it } from 'vitest'
import { type Case, openConverter, readCases } from './harness.ts'
import { holds } from './holds.ts'
import { randomOf } from './random.ts'

/**
 * One of each format, with what its grammar has of blocks, stacks and values that may be longer: these are cut at every
 * byte.
 */
const WHOLLY_CUT = new Set([
  'bpftrace/json/chatty-child',
  'bpftrace/text/chatty-child',
  'dropwatch/text/article',
  'perf/script/pasted-squeezed',
  'perf/script/seed-curl',
])
const CUTS = 28
/** So many lines of other things a block of dropwatch may hold. */
const MESSAGES_IN_BLOCK: Readonly<Record<string, number>> = { dropwatch: 8 }
const ascending = (a: number, b: number): number => a - b

describe('wherever it is cut off,', () => {
  it.each(readCases())('fixture $name keeps its books, and what was read before stays as it is', async (one) => {
    const { input, args, folder } = one
    const converter = await openConverter(args, folder)
    const uncut = await converter.convert(input)
    const placed = await (await openConverter([...args, '--provenance=full'], folder)).convert(input)
    const units = unitsOf(uncut.ndjson, placed.ndjson)
    for (const end of cutsOf(one)) {
      const cut = await holds(converter, input.subarray(0, end))
      // The first 16 lines count as one: before their end another reader may be found, or none.
      if (cut.outcome.readers[0]?.line !== uncut.outcome.readers[0]?.line) continue
      // The last whole unit may be a block that goes on, or a message within one.
      const ends = [...new Set(units.map((unit) => unit.end).filter((unitEnd) => unitEnd <= end))].toSorted(ascending)
      const settled = ends.at(-1 - (MESSAGES_IN_BLOCK[one.adapter] ?? 1)) ?? 0
      const before = units.findLast((unit) => unit.end < settled)?.written ?? 0
      expect(cut.ndjson.slice(0, before) === uncut.ndjson.slice(0, before), `cut at ${end}`).toBe(true)
    }
  })
})

/**
 * Of each record: where its unit ends in the input, by the same record with full provenance, and where its line ends in
 * the output.
 */
function unitsOf(ndjson: string, placed: string): readonly { readonly end: number; readonly written: number }[] {
  const places = placed.split('\n')
  let written = 0
  return ndjson
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const { capture } = JSON.parse(places[index] ?? '')
      written += line.length + 1
      return { end: capture.offset + capture.length, written }
    })
}

/**
 * Every byte of the telling fixtures; of the others so many places, half of them beside a line end, where most is
 * decided.
 */
function cutsOf({ name, input }: Case): readonly number[] {
  if (WHOLLY_CUT.has(name)) return Array.from({ length: input.length }, (_, end) => end)
  const random = randomOf(input.length + 2)
  const lineEnds = Array.from(input.keys()).filter((at) => input[at] === 10)
  return Array.from({ length: CUTS }, (_, cut) => {
    const lineEnd = lineEnds[random.below(lineEnds.length)]
    return cut % 2 === 0 || lineEnd === undefined ? random.below(input.length) : lineEnd + random.below(3) - 1
  })
}
