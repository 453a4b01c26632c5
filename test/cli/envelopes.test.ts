// The program's envelopes: where bodies go, and what becomes of records that have no place in one.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ENVELOPES, type EnvelopeName } from '../../src/envelopes/envelope.ts'
import { arrivedIn } from '../platforms/sent.ts'
import { dropLine, scratchFolder, tracenorm } from './program.ts'

const scratch = scratchFolder()
/** It has no time of its own. */
const LOST = 'Processed 191440 events and lost 66 chunks!\n'
/** Of one thread. */
function alike(index: number): string {
  return dropLine(index).replace(/curl \d+/, 'curl 10000')
}

const DROPS = Array.from({ length: 7 }, (_, index) => dropLine(index)).join('')

/** Bodies on stdout: a line each for protocols that are not line-based. */
function bodiesIn(name: EnvelopeName, text: string): readonly string[] {
  return name === 'es-bulk' || name === 'hec' ? [text] : text.split('\n').filter((line) => line !== '')
}

describe('--to', () => {
  it.each(ENVELOPES)('%s writes bodies that the platform takes', async (name) => {
    const run = await tracenorm(['--to', name, '--clock', 'realtime'], { input: DROPS })
    const arrived = arrivedIn(name, bodiesIn(name, run.stdout.toString()))
    expect([run.status, arrived.length, new Set(arrived.map(({ tsSource }) => tsSource))]).toEqual([
      0,
      7,
      new Set(['ts']),
    ])
  })

  it.each(ENVELOPES)('%s makes the same bodies of captures, and of our own NDJSON', async (name) => {
    const direct = await tracenorm(['--to', name, '--clock', 'realtime', '--id', '--id-salt', 'a'], { input: DROPS })
    const ndjson = await tracenorm(['--clock', 'realtime', '--id', '--id-salt', 'a'], { input: DROPS })
    for (const words of [['export'], ['filter', 'true']]) {
      const later = await tracenorm([...words, '--to', name], { input: ndjson.stdout })
      expect(later.stdout.toString()).toBe(direct.stdout.toString())
    }
  })

  it('es-bulk writes the same of lines that are taken by their shape, and what they leave behind', async () => {
    const input = Array.from({ length: 4000 }, (_, at) => alike(at) + (at % 700 === 699 ? LOST : '')).join('')
    const words = ['--to', 'es-bulk', '--clock', 'realtime', '--kind', 'all']
    const fast = await tracenorm(words, { input })
    const slow = await tracenorm([...words, '--validate', 'full'], { input })
    expect(fast.stdout.equals(slow.stdout)).toBe(true)
    const sources = arrivedIn('es-bulk', [fast.stdout.toString()]).map(({ tsSource }) => tsSource)
    expect([sources.length, sources.filter((source) => source === 'inherited').length]).toEqual([4005, 5])
  })

  it('es-bulk names a document by the id of its record', async () => {
    const words = ['--to', 'es-bulk', '--clock', 'realtime', '--id', '--id-salt', 'a']
    const [first] = arrivedIn('es-bulk', [(await tracenorm(words, { input: DROPS })).stdout.toString()])
    expect(first?.id).toMatch(/^[0-9a-f]{32}$/)
    expect(first?.id).toBe(first?.event.id)
  })

  it('loki takes labels from fields, without dots', async () => {
    const words = ['--to', 'loki', '--clock', 'realtime', '--labels', 'drop.reason,cpu']
    const { stdout } = await tracenorm(words, { input: DROPS })
    expect(JSON.parse(stdout.toString()).streams[0].stream).toEqual({ drop_reason: 'NO_SOCKET', cpu: '1' })
  })
})

describe('a record without ts', () => {
  it('is left out, quarantined and counted', async () => {
    const [bad, report] = [scratch.in('bad.ndjson'), scratch.in('report.json')]
    const run = await tracenorm(['--to', 'hec', '--quarantine', bad, '--report', report], { input: DROPS })
    expect([run.status, run.stdout.length]).toEqual([3, 0])
    expect(run.stderr).toContain('no ts, and none before it in its capture')
    const units = readFileSync(bad, 'utf8').trim().split('\n')
    expect(units.map((line) => Buffer.from(JSON.parse(line).base64, 'base64').toString()).join('')).toBe(DROPS)
    expect(JSON.parse(readFileSync(report, 'utf8')).totals.records).toEqual({
      made: 7,
      written: 0,
      left_out: { kind: 0, where: 0, limit: 0, sample: 0, invalid: 0, unfit: 7 },
    })
  })

  it.each(['start', 'now'])('goes with the time of --ts-fallback %s, and its body says so', async (fallback) => {
    const before = BigInt(Date.now()) * 1_000_000n
    const run = await tracenorm(['--to', 'otlp', '--ts-fallback', fallback], { input: DROPS })
    const arrived = arrivedIn('otlp', bodiesIn('otlp', run.stdout.toString()))
    expect(arrived.map(({ tsSource, event }) => [tsSource, event.ts])).toEqual(Array(7).fill([fallback, undefined]))
    for (const { ns } of arrived) expect(ns >= before && ns <= BigInt(Date.now()) * 1_000_000n).toBe(true)
  })
})

describe('--out-dir', () => {
  const words = ['--to', 'loki', '--clock', 'realtime', '--batch-records', '3', '--out-dir']

  it('has a file for each body', async () => {
    const folder = scratch.in('bodies')
    const run = await tracenorm([...words, folder], { input: DROPS })
    const names = readdirSync(folder)
    expect([run.status, names]).toEqual([0, ['00000001.json', '00000002.json', '00000003.json']])
    const counts = names.map((name) => arrivedIn('loki', [readFileSync(`${folder}/${name}`, 'utf8')]).length)
    expect(counts).toEqual([3, 3, 1])
  })

  it('cuts bodies by bytes, and never makes a longer one', async () => {
    const folder = scratch.in('small')
    await tracenorm(['--to', 'es-bulk', '--clock', 'realtime', '--batch-bytes', '1200', '--out-dir', folder], {
      input: DROPS,
    })
    const bodies = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    expect(bodies.every((body) => body.length <= 1200)).toBe(true)
    expect(arrivedIn('es-bulk', bodies)).toHaveLength(7)
  })

  it('leaves out a record that is longer than --batch-bytes', async () => {
    const run = await tracenorm(['--to', 'loki', '--clock', 'realtime', '--batch-bytes', '100'], { input: DROPS })
    expect([run.status, run.stdout.length]).toEqual([3, 0])
    expect(run.stderr).toContain('do not fit into a body of --batch-bytes 100')
  })

  it('is not touched when it holds something', async () => {
    const folder = scratch.in('full')
    mkdirSync(folder)
    writeFileSync(`${folder}/mine`, '')
    const run = await tracenorm([...words, folder], { input: DROPS })
    expect([run.status, readdirSync(folder)]).toEqual([1, ['mine']])
  })

  it('is not there when no input can be read', async () => {
    const folder = scratch.in('nothing')
    const run = await tracenorm([...words, folder, scratch.in('missing.txt')])
    expect([run.status, existsSync(folder)]).toEqual([1, false])
  })
})

describe('--map', () => {
  it('ecs names what ECS names', async () => {
    const run = await tracenorm(['--to', 'es-bulk', '--clock', 'realtime', '--map', 'ecs'], { input: DROPS })
    const [first] = arrivedIn('es-bulk', [run.stdout.toString()])
    expect(first?.event).toMatchObject({
      'event.action': 'dropped',
      'event.reason': 'NO_SOCKET',
      'process.thread.name': 'curl',
      location: { symbol: 'tcp_v4_rcv' },
    })
    expect(first?.event).not.toHaveProperty('process')
  })

  it('otel puts what the conventions name into attributes of OTLP', async () => {
    const run = await tracenorm(['--to', 'otlp', '--clock', 'realtime', '--map', 'otel'], { input: DROPS })
    const [record] = JSON.parse(run.stdout.toString()).resourceLogs[0].scopeLogs[0].logRecords
    expect(record.attributes).toContainEqual({ key: 'code.function.name', value: { stringValue: 'tcp_v4_rcv' } })
    expect(record.attributes).toContainEqual({ key: 'thread.name', value: { stringValue: 'curl' } })
  })
})

it.each([
  [['--labels', 'kind'], '--labels is for log platforms'],
  [['--to', 'hec', '--labels', 'kind'], '--labels is for loki'],
  [['--to', 'loki', '--labels', 'process'], 'process is no single value'],
  [['--to', 'loki', '--labels', 'labels.a_b,labels.a.b'], 'one name in Loki'],
  [['--to', 'es-bulk', '--batch-bytes', '1M'], 'give --out-dir'],
  [['--to', 'es-bulk', '--out-dir', 'x', '-o', 'y'], 'give one'],
  [['--to', 'loki', '--columns', 'ts'], '--columns is for tables'],
  [['--to', 'loki', '--batch-bytes', 'much'], 'number of bytes'],
])('refuses %j', async (words, sentence) => {
  const run = await tracenorm(words, { input: DROPS })
  expect([run.status, run.stderr]).toEqual([2, expect.stringContaining(sentence)])
})
