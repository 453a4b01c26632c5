import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpusFile, hasCorpus, type Truth } from '../corpus.ts'
import { type Event, type Reading, read } from '../reading.ts'
import { documentOf, dropAt, HEADERS, jsonOf, printed, turned } from './documents.ts'

const fixtures = 'fixtures/perf/json'
const MIB = 1024 * 1024

const readJsonDocument = async (text: Buffer | string, chunkBytes?: number): Promise<Reading> =>
  read(text, {}, chunkBytes, 'json')

const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')

/** Captures of perf 6.1 have no fields, and so no drops. */
const CAPTURES = hasCorpus
  ? readdirSync(CORPUS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name: folder }) =>
        readdirSync(join(CORPUS, folder))
          .filter((file) => /^perf.*\.json$/.test(file))
          .map((file) => ({ folder, file, truth: `${folder}/${file.replace(/^perf/, 'truth')}l` })),
      )
  : []

const BESIDE_DROPWATCH = (hasCorpus ? readdirSync(join(CORPUS, 'dropwatch')) : []).filter((folder) =>
  existsSync(join(CORPUS, 'dropwatch', folder, 'perf.json')),
)

function truthAt(path: string): readonly Truth[] | undefined {
  const file = join(CORPUS, path)
  if (!existsSync(file)) return undefined
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const withoutTruth = CAPTURES.filter(({ truth }) => truthAt(truth) === undefined).map(
  ({ folder, file }) => `${folder}/${file}`,
)

if (!hasCorpus) console.log('skipped: no corpus (TRACENORM_CORPUS)')
else console.log(`perf JSON without a truth: ${withoutTruth.join(', ')}`)

const samplesIn = (bytes: Buffer): number => bytes.toString('latin1').split('\n\t\t\t"timestamp": ').length - 1

describe.skipIf(CAPTURES.length === 0)('a document of the shared captures', () => {
  it.each(CAPTURES)('gives a record for each sample, and the drops of the truth: $folder/$file', async (capture) => {
    const { folder, file } = capture
    const bytes = corpusFile(`${folder}/${file}`)
    const { events, rejected } = await readJsonDocument(bytes)
    expect([events.length, rejected]).toEqual([samplesIn(bytes), []])
    const drops = events.filter(({ kind }) => kind === 'drop')
    const hasFields = !folder.includes('perf6.1-')
    const truth = hasFields && events.length > 0 ? truthAt(capture.truth) : []
    if (truth !== undefined) expect(drops.map(factsOf).sort()).toEqual(truth.map(factsOfTruth).sort())
  })

  it.each(BESIDE_DROPWATCH)('has as many drops as perf script printed of the recording: %s', async (folder) => {
    const { expected } = JSON.parse(corpusFile(`dropwatch/${folder}/meta.json`).toString())
    const bytes = corpusFile(`dropwatch/${folder}/perf.json`)
    const { events, rejected } = await readJsonDocument(bytes)
    const { events: count } = expected.perf['perf-script.txt']
    // perf 6.1 writes no fields.
    const kind = bytes.includes('"skbaddr"') ? 'drop' : 'trace'
    expect([events.filter((event) => event.kind === kind).length, rejected]).toEqual([count, []])
  })

  it('has a truth for all but these', () => {
    expect(withoutTruth).toEqual([
      'perf6.1-empty/perf.json',
      'perf6.1-pipe/perf.json',
      'perf6.12-pipe/perf.json',
      'perf7.2-empty/perf.json',
    ])
  })
})

const factsOf = ({ clock, process, cpu, skb, location, drop }: Event): string =>
  [
    clock?.ns,
    process?.pid,
    process?.tid,
    cpu,
    skb?.addr,
    skb?.rx_sk,
    skb?.protocol,
    location?.address,
    drop?.code,
  ].join(' ')

const factsOfTruth = (one: Truth): string =>
  [one.time_ns, one.pid, one.tid, one.cpu, one.skbaddr, one.rx_sk, one.protocol, one.location, one.reason].join(' ')

describe('a document', () => {
  // That of other writers is broken on purpose.
  const names = readdirSync(fixtures).filter((name) => name !== 'other-writers')

  it.each(names)('gives the same records in any layout and order of members: %s', async (name) => {
    const bytes = readFileSync(join(fixtures, name, 'input.json'))
    const value = jsonOf(bytes.toString('latin1'))
    const facts = ({ events }: Reading): readonly unknown[] => events.map((event) => ({ ...event, capture: undefined }))
    const whole = facts(await readJsonDocument(bytes))
    const headersFirst = (text: string): Buffer => Buffer.from(text, 'latin1')
    for (const indent of [undefined, '', '  ', '\t'])
      expect(facts(await readJsonDocument(headersFirst(printed(value, indent)))), `indent ${indent}`).toEqual(whole)
    const samples = value.kind === 'object' ? value.members.find(([key]) => key === 'samples')?.[1] : undefined
    const headers = value.kind === 'object' ? value.members.find(([key]) => key === 'headers')?.[1] : undefined
    if (samples === undefined || headers === undefined) throw new Error('a document has both')
    const other = `{"headers":${printed(turned(headers))},"samples":${printed(turned(samples))}}`
    expect(facts(await readJsonDocument(headersFirst(other)))).toEqual(whole)
  })

  it('gives samples before the headers no host and no names of reasons, and says so', async () => {
    const { events, outcome } = await readJsonDocument(`{"samples":[${dropAt(1)}],"headers":{${HEADERS}}}`)
    expect(events).toMatchObject([{ kind: 'drop', clock: { id: 'unknown', ns: '1' }, drop: { count: 1, code: 3 } }])
    expect(events[0]).not.toHaveProperty('host')
    expect(events[0]?.drop?.reason).toBeUndefined()
    expect([...outcome.hints].join()).toContain('samples come before the headers')
  })

  it('keeps all digits of numbers beyond 2^53', async () => {
    const headers = `${HEADERS}, "clockid": 1, "clock-time": 9007199254740993, "real-time": 1795433701482190001`
    const { events } = await readJsonDocument(documentOf([dropAt('9007199254740995')], headers))
    expect(events).toMatchObject([{ ts: '2026-11-23T11:35:01.482190003Z', clock: { ns: '9007199254740995' } }])
  })

  it('leaves the clock open where the headers of a pipe are empty', async () => {
    const { events } = await readJsonDocument(
      documentOf([dropAt(1)], '"hostname": "", "os-release": "", "nrcpus-online": 0'),
    )
    expect(events).toMatchObject([{ clock: { id: 'unknown' } }])
    expect(events[0]).not.toHaveProperty('host')
  })

  it('that is cut off gives its whole samples, rejects the rest, and says so', async () => {
    const text = documentOf([dropAt(1), dropAt(2), dropAt(3)])
    for (let end = text.length - 1; end > 0; end -= 7) {
      const { events, outcome } = await readJsonDocument(text.slice(0, end))
      const whole = text.slice(0, end).split('"reason": "3"}').length - 1
      expect(events.filter(({ kind }) => kind === 'drop').length, `${end}`).toBe(whole)
      if (end > 40 && end < text.length - 2) expect([...outcome.hints].join()).toContain('ends before its last bracket')
    }
  })

  it('may follow another one, whole or cut off, and what perf says on stderr', async () => {
    const one = documentOf([dropAt(1)])
    const talk = "[ perf data convert: Converted 'perf.data' into JSON data '/dev/stdout' ]\n"
    const { events, rejected } = await readJsonDocument(`${one}${talk}${one.slice(0, -3)}${one}`)
    expect(events.map(({ kind }) => kind)).toEqual(['drop', 'message', 'drop', 'drop'])
    expect(events[1]).toMatchObject({ stream: 'stderr', level: 'info' })
    expect(rejected).toEqual([])
  })

  it('goes on after a sample longer than a window can be', async () => {
    const long = dropAt(2, `, "x": "${'{[ '.repeat(0.4 * MIB)}"`)
    const { events, rejected } = await readJsonDocument(documentOf([dropAt(1), long, dropAt(3)]), 100_000)
    expect(events.map(({ clock }) => clock?.ns)).toEqual(['1', '3'])
    expect(new Set(rejected.map(({ word }) => word))).toEqual(new Set(['too_long']))
  })

  it('names a member that it does not read', async () => {
    const text = documentOf([dropAt(1)]).replace('"samples"', '"stats": {"lost": 3}, "samples"')
    const { events, outcome } = await readJsonDocument(text)
    expect(events).toHaveLength(1)
    expect([...outcome.hints].join()).toContain('"stats"')
  })
})

describe('a sample', () => {
  const one = async (sample: string): Promise<Event | undefined> =>
    (await readJsonDocument(documentOf([sample]))).events[0]

  it('that perf wrote of a task has members of the same name twice: the first is its own', async () => {
    const sample = `{"timestamp": 5, "pid": 1, "tid": 2, "cpu": 0, "comm": "sh", "callchain": [], "comm": "kworker", "pid": "77", "prio": "120", "target_cpu": "000"}`
    expect(await one(sample)).toMatchObject({
      kind: 'trace',
      process: { comm: 'sh', pid: 1, tid: 2 },
      args: { comm: 'kworker', pid: 77, prio: 120, target_cpu: '000' },
    })
  })

  it('that lost its own pid to a field does not give the name of the field to the process', async () => {
    const sample = `{"timestamp": 5, "pid": "77", "tid": 2, "cpu": 0, "comm": "kworker", "callchain": [], "prio": "120"}`
    expect(await one(sample)).toMatchObject({
      process: { tid: 2 },
      args: { comm: 'kworker', pid: 77, prio: 120 },
      flags: ['incomplete'],
    })
  })

  it('has raw bytes that are no UTF-8, and escapes of signed chars', async () => {
    const raw = Buffer.from(
      documentOf([dropAt(1, '', 'a\xff'), dropAt(2, '', 'caf\\uffffffc3\\uffffffa9'), dropAt(3, '', 'caf\\u00e9')]),
      'latin1',
    )
    const { events } = await readJsonDocument(raw)
    expect(events.map(({ process }) => process?.comm)).toEqual(['a\ufffd', 'café', 'café'])
    expect(events[0]?.flags).toContain('text_replaced')
  })

  it('keeps the flag of a payload with bytes that are no UTF-8 where a chain is added to it', async () => {
    const sample = dropAt(1, ', "a\xff": "1"').replace('"0xffffffff81e42e50"', '"?"')
    const { events } = await readJsonDocument(Buffer.from(documentOf([sample]), 'latin1'))
    expect(events).toMatchObject([{ flags: expect.arrayContaining(['text_replaced']) }])
    expect(events[0]?.payload).toMatch(/ a\ufffd=1 callchain=/)
  })

  it('without fields is no drop, whatever its call chain', async () => {
    expect((await one(dropAt(1).replace(/, "skbaddr.*/, '}')))?.kind).toBe('trace')
  })

  it('with a consumed packet is no drop', async () => {
    const text = documentOf(
      [dropAt(1).replace('"reason": "3"', '"reason": "1"')],
      '"hostname": "h", "os-release": "6.12.57"',
    )
    const { events } = await readJsonDocument(text)
    expect(events).toMatchObject([
      { kind: 'trace', event_name: 'skb:kfree_skb', drop: { reason: 'CONSUMED', code: 1 } },
    ])
  })

  it.each([
    ['without its end', dropAt(2).slice(0, -20)],
    ['with a quote too many', dropAt(2).replace('"curl"', '"cu"rl"')],
    ['with a comma too few', dropAt(2).replace('"pid": 7,', '"pid": 7')],
    ['with a control character', dropAt(2).replace('curl', 'cu\nrl')],
    ['without a time', dropAt(2).replace('"timestamp"', '"time"')],
    ['with a number that has a zero first', dropAt('02')],
    ['with a pid that no kernel gives', dropAt(2).replace('"pid": 7', '"pid": 77777777777')],
  ])('%s is rejected, and no other', async (_, broken) => {
    const { events, rejected } = await readJsonDocument(documentOf([dropAt(1), broken, dropAt(3)]))
    expect(events.map(({ clock }) => clock?.ns)).toEqual(['1', '3'])
    expect(rejected.map(({ word }) => word)).toContain('malformed')
  })

  it('that is broken is rejected with the offset at which it is', async () => {
    const { outcome, rejected } = await readJsonDocument(
      documentOf([dropAt(1), dropAt(2).replace('"pid": 7,', '"pid": 7')]),
    )
    expect(rejected).toHaveLength(1)
    expect(outcome.ledger.units.rejected.units).toBe(1)
  })
})
