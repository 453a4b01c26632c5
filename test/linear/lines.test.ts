// A line of a megabyte takes less than a second of CPU in any reader: four times the length takes about four times as
// long.
import { describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { findReader } from '../../src/read/detect.ts'
import { whereStage } from '../../src/stages/where.ts'
import { type Case, type Converter, openConverter, readCases } from '../kit/harness.ts'
import { type Random, randomOf } from '../kit/random.ts'

const PUMPS = [' ', '0', '\r', '@', '/', '[', '#']
const LENGTH = 64 * 1024
/** Below it time is not distinct from noise; linear code takes a third. */
const SHORT_MS = 40
/** A square would be 16. */
const MOST_RATIO = 9
/** Of four times the length. A megabyte in a second would be 250; a loaded machine takes some times as long. */
const LONG_MS = 2000
const LINES = 2
const BORDERS = 2
/** Of the pumps, at each border. */
const DRAWN = 3

/** Two lines of a kind differ in their numbers. */
function linesOf({ input }: Case): readonly string[] {
  const kinds = new Map<string, string>()
  for (const line of input.toString('latin1').split('\n')) kinds.set(line.replaceAll(/[0-9a-f]+/g, '0'), line)
  return [...kinds.values()].filter((line) => line !== '')
}

function some<T>(list: readonly T[], most: number, random: Random): readonly T[] {
  const left = [...list]
  return Array.from({ length: Math.min(most, list.length) }, () => left.splice(random.below(left.length), 1)).flat()
}

function bordersOf(line: string): readonly number[] {
  return [...line.matchAll(/(?<=\w)(?!\w)|(?<!\w)(?=\w)|(?<= )(?=\W)/g)].map(({ index }) => index)
}

/** Of CPU: the shortest of so many runs. */
async function msOf(run: () => Promise<unknown> | unknown, runs: number): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let count = 0; count < runs; count++) {
    const { user, system } = process.cpuUsage()
    await run()
    const spent = process.cpuUsage({ user, system })
    shortest = Math.min(shortest, (spent.user + spent.system) / 1000)
  }
  return shortest
}

/**
 * Undefined: linear. Lengths beyond a window are compared: below it a line is looked at once, beyond it again and
 * again.
 */
async function squareIn(run: (length: number) => Promise<unknown> | unknown): Promise<string | undefined> {
  if ((await msOf(() => run(LENGTH), 1)) < SHORT_MS) return undefined
  const [once, fourfold] = [await msOf(() => run(LENGTH), 3), await msOf(() => run(4 * LENGTH), 2)]
  const isLinear = once < SHORT_MS || (fourfold < MOST_RATIO * once && fourfold < LONG_MS)
  return isLinear ? undefined : `${Math.round(once)} → ${Math.round(fourfold)} ms`
}

/** A fixture with one of its lines pumped up at `at`, where the rest of the line follows. */
function pumped({ input }: Case, line: string, at: number, pump: string): (length: number) => Buffer {
  const text = input.toString('latin1')
  const place = text.indexOf(line) + at
  return (length) => Buffer.from(text.slice(0, place) + pump.repeat(length) + text.slice(place), 'latin1')
}

/** In their order, so that a line that failed is found again. */
function* pumpsOf(fixture: Case): Generator<{ readonly name: string; readonly make: (length: number) => Buffer }> {
  const random = randomOf(fixture.input.length)
  for (const line of some(linesOf(fixture), LINES, random))
    for (const at of some(bordersOf(line), BORDERS, random))
      for (const pump of some(PUMPS, DRAWN, random))
        yield { name: `${JSON.stringify(pump)} at ${at} of ${line}`, make: pumped(fixture, line, at, pump) }
}

const TELLING = [
  'bpftrace/json/maps',
  'bpftrace/text/maps',
  'bpftrace/text/names',
  'bpftrace/text/stacks',
  'dropwatch/text/old-versions',
  'dropwatch/text/pasted',
  'dropwatch/text/summary-mixed',
  'perf/script/pasted-chain',
  'perf/script/pasted-prompts',
  'perf/script/snapshot',
  'perf/script/two-captures',
  'tracenorm/ndjson/events',
]

describe.each(readCases().filter(({ name }) => TELLING.includes(name)))('a line of $name, pumped up', (fixture) => {
  it('is converted in linear time', async () => {
    const converter: Converter = await openConverter(fixture.args, fixture.folder)
    const slow: string[] = []
    for (const { name, make } of pumpsOf(fixture)) {
      const square = await squareIn((length) => converter.convert(make(length)))
      if (square !== undefined) slow.push(`${name}: ${square}`)
    }
    expect(slow).toEqual([])
  })

  it('is shown to detection in linear time', async () => {
    const slow: string[] = []
    for (const line of linesOf(fixture).slice(0, LINES)) {
      for (const pump of PUMPS) {
        const make = (length: number): string => `${line.slice(0, line.length / 2)}${pump.repeat(length)}${line}\n`
        const square = await squareIn((length) => findReader(make(length), true, adapters))
        if (square !== undefined) slow.push(`${JSON.stringify(pump)} in ${line}: ${square}`)
      }
    }
    expect(slow).toEqual([])
  })
})

describe('a long value', () => {
  it.each([
    'message.matches("^(a|b)*[0-9]+ x$")',
    'message.matches("0.*0.*0.*x") || message.contains("0x") || message.endsWith("x")',
    'message.startsWith("0") && message.size() > 10 && message + message != message',
    'double(message) > 1.0',
    'message.lowerAscii() == "a" || int(message) > 1',
  ])('is judged in linear time by %s', async (text) => {
    const converter = await openConverter(['--kind=all', '--from=tracenorm'], '.', {
      stages: [whereStage([{ text, name: 'expression' }])],
    })
    const slow: string[] = []
    for (const pump of [...PUMPS.filter((one) => one !== '\r'), 'a', 'ab']) {
      const line = (length: number): Buffer =>
        Buffer.from(
          `{"v":1,"kind":"message","message":"${pump.repeat(length)}!","level":"info","stream":"foreign","capture":{"path":"x","line":1}}\n`,
        )
      const square = await squareIn((length) => converter.convert(line(length)))
      if (square !== undefined) slow.push(`${pump}: ${square}`)
    }
    expect(slow).toEqual([])
  })
})
