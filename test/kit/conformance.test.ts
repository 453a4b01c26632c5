// Every adapter and every fixture keep what the core and its users rely on. A new folder in adapters/ is found by
// itself.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { validateReport } from '../../src/event/generated/validate-report.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { chunkings } from './chunks.ts'
import { damaged } from './damaged.ts'
import { type Case, type Converter, openConverter, type Result, readCases } from './harness.ts'
import { holds } from './holds.ts'
import { randomOf } from './random.ts'

const LARGEST_FIXTURE_BYTES = 64 * 1024
const SURE = 90
const RUBBISH_RUNS = 12
/** On a terminal (CR) dropwatch's error line breaks no other line: what stands before it was typed. */
const LINE_ENDS_TELL = new Set(['dropwatch/text/error-line-inside'])

/** A line end within a recording is a number. */
const isBinary = (adapter: string, format: string): boolean =>
  adapters.find(({ name }) => name === adapter)?.formats.find(({ name }) => name === format)?.unit === 'binary'

const cases = readCases()

describe.each(adapters)('adapter $name', ({ name, formats, detect, detectHead }) => {
  it('has a fixture for each of its formats', () => {
    const covered = new Set(cases.filter(({ adapter }) => adapter === name).map(({ format }) => format))
    expect(formats.map((format) => format.name).filter((format) => !covered.has(format))).toEqual([])
  })

  it('knows its own examples', () => {
    for (const { name: format, example, unit } of formats) {
      const verdict = unit === 'binary' ? detectHead?.(example) : detect(`${example}\n`)
      expect(verdict).toMatchObject({ format, score: expect.any(Number) })
      expect(typeof verdict === 'object' && verdict.score).toBeGreaterThanOrEqual(60)
    }
  })

  it('is not sure of the lines by which another one is found', () => {
    const wrong = cases
      .filter(({ adapter }) => adapter !== name)
      .flatMap((one) => firstLinesOf(one).map((line) => ({ one, line, verdict: detect(line) })))
      .filter(({ verdict }) => (verdict?.score ?? 0) >= SURE)
      .map(({ one, line, verdict }) => `${one.name}: ${line.trim()}: ${verdict?.why}`)
    expect(wrong).toEqual([])
  })

  it('keeps the live text of other tools waiting for no more than its first line', () => {
    const waiting = cases
      .filter(({ adapter }) => adapter !== name)
      .filter(({ input }) => detectHead?.(input.toString('latin1').split('\n', 1)[0] ?? '') !== undefined)
    expect(waiting.map((one) => one.name)).toEqual([])
  })

  it('says nothing of rubbish', () => {
    const random = randomOf(7)
    for (let run = 0; run < 300; run++) {
      const verdict = detect(random.bytes(random.below(300)).toString('latin1'))
      expect(verdict?.score ?? 0).toBeLessThan(SURE)
    }
  })
})

describe.each(cases)('fixture $name', (one) => {
  const { name, input, args, folder, adapter, format } = one
  let converter: Converter
  let whole: Result

  beforeAll(async () => {
    converter = await openConverter(args, folder)
    whole = await converter.convert(input)
  })

  it('is small, and its origin is told', () => {
    expect(input.length).toBeLessThan(LARGEST_FIXTURE_BYTES)
    expect(readFileSync(join(folder, 'origin.md'), 'utf8').length).toBeGreaterThan(40)
  })

  it('is taken by its adapter', () => {
    expect(whole.outcome.readers.map((reader) => `${reader.name}:${reader.format}`)).toContain(`${adapter}:${format}`)
  })

  it('gives its goldens (npm run golden)', () => {
    expect(existsSync(join(folder, 'records.ndjson'))).toBe(true)
    expect(whole.ndjson).toBe(readFileSync(join(folder, 'records.ndjson'), 'latin1'))
    expect(whole.report).toBe(readFileSync(join(folder, 'report.json'), 'utf8'))
  })

  it('gives records and a report that their schemas accept', () => {
    // Strictness is for what adapters make; our own records may have members of a later version.
    const validate = adapter === 'tracenorm' ? validateEvent : validateStrict
    for (const line of Buffer.from(whole.ndjson, 'latin1').toString('utf8').split('\n').slice(0, -1))
      expect(validate(JSON.parse(line)), line).toBe(true)
    expect(validateReport(JSON.parse(whole.report))).toBe(true)
    expect(whole.fault).toBeUndefined()
  })

  it('gives the same bytes for any chunking', async () => {
    for (const [way, sizes] of Object.entries(chunkings(input, randomOf(input.length)))) {
      const result = await converter.convert(input, sizes)
      expect(result.ndjson, way).toBe(whole.ndjson)
      expect(result.rejected, way).toEqual(whole.rejected)
      expect(result.report, way).toBe(whole.report)
    }
  })

  it('gives the same records with CRLF', async () => {
    const crlf = Buffer.from(input.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
    const lf = Buffer.from(input.toString('latin1').replace(/\r\n/g, '\n'), 'latin1')
    const [records, plain] = [(await holds(converter, crlf)).ndjson, (await holds(converter, lf)).ndjson]
    if (!LINE_ENDS_TELL.has(name) && !isBinary(adapter, format)) expect(records).toBe(plain)
  })

  it('keeps its books with rubbish in it', async () => {
    const random = randomOf(input.length + 1)
    for (let run = 0; run < RUBBISH_RUNS; run++) {
      const bytes = damaged(input, random)
      const result = await holds(converter, bytes)
      if (run % 8 === 0) {
        const pieces = await holds(converter, bytes, [1 + random.below(64)])
        expect(pieces.ndjson).toBe(result.ndjson)
        expect(pieces.rejected).toEqual(result.rejected)
      }
    }
  })
})

describe('what is no capture', () => {
  it('keeps the books with every reader', async () => {
    const random = randomOf(11)
    for (const from of ['auto', ...adapters.flatMap(({ name, formats }) => formats.map((f) => `${name}:${f.name}`))]) {
      const converter = await openConverter(['--kind=all', `--from=${from}`], '.')
      for (const bytes of [Buffer.alloc(0), Buffer.from('\n'), Buffer.from('\r'), Buffer.alloc(5000), Buffer.from('{')])
        await holds(converter, bytes)
      for (let run = 0; run < 20; run++) {
        const bytes = random.bytes(random.below(3000))
        const result = await holds(converter, bytes)
        expect((await holds(converter, bytes, [1 + random.below(50)])).ndjson).toBe(result.ndjson)
      }
      // Everybody else's captures, too.
      for (const { input } of cases) await holds(converter, input)
    }
  })
})

/** Up to the first line that the case's own adapter is sure of: later ones may be another tool's. */
function firstLinesOf({ adapter, input }: Case): readonly string[] {
  const own = adapters.find(({ name }) => name === adapter)
  const lines = input.toString('latin1').split(/(?<=\n)/)
  const telling = lines.findIndex((line) => (own?.detect(line)?.score ?? 0) >= SURE)
  return telling < 0 ? lines : lines.slice(0, telling + 1)
}
