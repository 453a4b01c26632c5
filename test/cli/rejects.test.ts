import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { validateQuarantine } from '../../src/event/generated/validate-quarantine.ts'
import { validateReport } from '../../src/event/generated/validate-report.ts'
import { dropLine, EVENT, NO_EVENT, root, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

describe('what came on stdin', () => {
  it('has one name on stderr, whatever is said of it', async () => {
    const input = '3 drops at nowhere [software]\nto do: buy milk\nto do: buy bread\n'
    const { stderr } = await tracenorm([], { input })
    expect(stderr).toContain('tracenorm: stdin: line 1, column ')
    expect(stderr).toContain('tracenorm: stdin: line 1, "')
    expect((await tracenorm(['detect'], { input: 'to do: buy milk\n' })).stdout.toString()).toMatch(/^stdin: /)
    expect((await tracenorm(['validate'], { input })).stderr).toContain('tracenorm: stdin: line 1: ')
    expect(stderr).not.toContain(' -: ')
  })
})

interface Quarantined {
  readonly path: string
  readonly line: number
  readonly offset: number
  readonly length: number
  readonly base64: string
  readonly piece?: number
  readonly pieces?: number
  readonly reader?: string
  readonly why: string
}

function quarantined(file: string): readonly Quarantined[] {
  const entries = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return entries.map((line) => {
    const entry: Quarantined = JSON.parse(line)
    expect(validateQuarantine(entry), line).toBe(true)
    return entry
  })
}

describe('--quarantine', () => {
  it('keeps the rejected bytes exactly, with their place, reader and reason', async () => {
    const strange = Buffer.from('{"v":1,"kind":"drop","message":"\xff\x00\xc3"}\r\n', 'latin1')
    const input = Buffer.concat([Buffer.from(EVENT), strange, Buffer.from(EVENT), Buffer.from(NO_EVENT)])
    const file = scratch.in('bad.ndjson')
    const { status, records, stderr } = await tracenorm(['--quarantine', file], { input })
    expect([status, records.length]).toEqual([3, 2])
    const entries = quarantined(file)
    expect(entries.map(({ line, offset, reader }) => ({ line, offset, reader }))).toEqual([
      { line: 2, offset: EVENT.length, reader: 'tracenorm' },
      { line: 4, offset: 2 * EVENT.length + strange.length, reader: 'tracenorm' },
    ])
    expect(entries.map(({ base64 }) => Buffer.from(base64, 'base64'))).toEqual([strange, Buffer.from(NO_EVENT)])
    expect(stderr).toContain(`kept in ${file}`)
  })

  it('keeps a line that no window can hold in pieces of at most 64 KiB that put together are the line', async () => {
    const long = `${'0123456789abcdef'.repeat(150_000)}\n`
    const input = `${TWO_DROPS}${long}${dropLine(1)}`
    const file = scratch.in('long.ndjson')
    await tracenorm(['-q', '--quarantine', file], { input })
    const entries = quarantined(file)
    expect(Math.max(...entries.map(({ length }) => length))).toBe(65536)
    const pieces = entries.map(({ base64 }) => Buffer.from(base64, 'base64'))
    expect(Buffer.concat(pieces).toString('latin1') === long).toBe(true)
    for (const [index, { offset, length, line }] of entries.entries()) {
      expect(line).toBe(3)
      expect(offset + length).toBe(entries[index + 1]?.offset ?? TWO_DROPS.length + long.length)
    }
  })

  it('puts the input together again with the records of --provenance full', async () => {
    const input = `${TWO_DROPS}${'x'.repeat(1_100_000)}\n${dropLine(1)}${dropLine(2).slice(0, 50)}`
    const file = scratch.in('tiles.ndjson')
    const { records } = await tracenorm(['-q', '--quarantine', file, '--provenance', 'full', '--kind', 'all'], {
      input,
    })
    const pieces = [
      ...quarantined(file).map(({ offset, base64 }) => ({ offset, bytes: Buffer.from(base64, 'base64') })),
      ...records.map(({ capture }) => ({ offset: capture.offset ?? -1, bytes: Buffer.from(capture.raw ?? '') })),
    ].toSorted((a, b) => a.offset - b.offset)
    expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1') === input).toBe(true)
  })

  it('is empty when all was understood', async () => {
    const file = scratch.in('none.ndjson')
    await tracenorm(['--quarantine', file], { input: TWO_DROPS })
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})

describe('--on-reject and --max-rejects', () => {
  const words = ['--from', 'tracenorm']
  const input = `${EVENT}${NO_EVENT}${EVENT}${NO_EVENT}${EVENT}`

  it('keep-going converts what is left', async () => {
    expect((await tracenorm(words, { input })).records).toHaveLength(3)
  })

  it('fail stops at the first reject: what came before is there, what is left is unread', async () => {
    const report = scratch.in('fail.json')
    const run = await tracenorm([...words, '--on-reject', 'fail', '--report', report], { input })
    expect([run.status, run.records.length]).toEqual([4, 1])
    const { totals, stopped } = JSON.parse(readFileSync(report, 'utf8'))
    expect(stopped).toBe(true)
    expect(totals.units.unread.bytes).toBe(input.length - EVENT.length - NO_EVENT.length)
  })

  it('--max-rejects stops behind so many', async () => {
    const run = await tracenorm([...words, '--max-rejects', '1'], { input })
    expect([run.status, run.records.length]).toEqual([4, 2])
    expect((await tracenorm([...words, '--max-rejects', '2'], { input })).status).toBe(3)
    expect((await tracenorm([...words, '--max-rejects', '0'], { input })).records).toHaveLength(1)
  })

  it('a stop leaves the files behind it alone', async () => {
    writeFileSync(scratch.in('1.ndjson'), input)
    writeFileSync(scratch.in('2.ndjson'), EVENT)
    const run = await tracenorm(['--on-reject', 'fail', scratch.in('1.ndjson'), scratch.in('2.ndjson')])
    expect([run.status, run.records.length]).toEqual([4, 1])
  })

  it('ignore still counts and keeps', async () => {
    const file = scratch.in('ignored.ndjson')
    const run = await tracenorm([...words, '--on-reject', 'ignore', '--quarantine', file], { input })
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('2 rejected')
    expect(quarantined(file)).toHaveLength(2)
  })
})

describe('--report', () => {
  it('tells of each input and in total what was read, made, written and left out', async () => {
    const capture = scratch.in('capture.txt')
    writeFileSync(capture, `${TWO_DROPS}\nhello\n`)
    const file = scratch.in('report.json')
    await tracenorm(['-q', '--report', file, capture, join(root, 'fixtures/perf/script/seed-curl/input.txt')])
    const report = JSON.parse(readFileSync(file, 'utf8'))
    expect(validateReport(report)).toBe(true)
    expect(report.inputs[0]).toMatchObject({
      path: capture,
      bytes: TWO_DROPS.length + 7,
      units: { data: { units: 2 }, blank: { units: 1, bytes: 1 }, message: { units: 1, bytes: 6 } },
      records: { made: 3, written: 2, left_out: { kind: 1 } },
      foreign: 1,
      dropped: 2,
      readers: [{ line: 1, name: 'perf', format: 'script' }],
    })
    expect(report.totals).toMatchObject({ dropped: 4, kinds: { drop: 4 }, records: { made: 5, written: 4 } })
  })

  it('is written for a run with a missing file, too', async () => {
    const file = scratch.in('missing.json')
    await tracenorm(['-q', '--report', file, 'nowhere'], { cwd: scratch.path })
    const report = JSON.parse(readFileSync(file, 'utf8'))
    expect(validateReport(report)).toBe(true)
    expect(report).toMatchObject({ status: 1, inputs: [{ path: 'nowhere', failure: 'nowhere: no such file' }] })
  })
})

describe('stderr', () => {
  it('has the first rejects, how many more, and one line of summary', async () => {
    const { stderr } = await tracenorm(['--from', 'tracenorm'], { input: NO_EVENT.repeat(9) })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(7)
    expect(lines.slice(-2)).toEqual(['tracenorm: 4 more were rejected', 'tracenorm: 0 records, 9 rejected'])
  })

  it('is silent with -q', async () => {
    expect((await tracenorm(['-q', '--from', 'tracenorm'], { input: NO_EVENT })).stderr).toBe('')
  })
})
