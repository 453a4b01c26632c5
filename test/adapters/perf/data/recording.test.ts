import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from '../../../cli/program.ts'
import { randomOf } from '../../../kit/random.ts'
import { corpusFile, hasCorpus, type Truth } from '../corpus.ts'
import { bigEndian } from './big-endian.ts'
import { compressedLike, flipped, type RecordedEvent, recorded, recordsIn, saidBy } from './recordings.ts'

const PIPE = readFileSync(join(root, 'fixtures/perf/data/pipe/input.data'))
const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')
const ROUNDS = Number(process.env.TRACENORM_ROUNDS ?? 1)
const scratch = scratchFolder()

/** Recordings with the truth that another reader found in them. */
function truths(): readonly { readonly name: string; readonly truth: readonly Truth[] }[] {
  if (!hasCorpus) return []
  return readdirSync(CORPUS)
    .filter((name) => name.startsWith('perf') && !name.includes('killed-record'))
    .flatMap((folder) => {
      const files = readdirSync(join(CORPUS, folder))
      return files
        .filter((file) => /^truth.*\.jsonl$/.test(file))
        .flatMap((file) => {
          const own = `perf${file.slice('truth'.length, -'.jsonl'.length)}.data`
          const recording = [own, 'pipe.data'].find((one) => files.includes(one))
          const lines = corpusFile(`${folder}/${file}`).toString('utf8').trim().split('\n')
          const truth = lines.filter((line) => line !== '').map((line): Truth => JSON.parse(line))
          return recording === undefined ? [] : [{ name: `${folder}/${recording}`, truth }]
        })
    })
}

const keyOf = ({ clock, cpu, process, skb, drop }: RecordedEvent): string =>
  [clock?.ns, cpu, process?.pid, process?.tid, skb?.addr, skb?.protocol, drop?.code].join(' ')

describe('a recording', () => {
  it.skipIf(!hasCorpus)('of the corpus has the drops of its truth, in their order', { timeout: 60_000 }, async () => {
    const recordings = truths()
    expect(recordings.length).toBeGreaterThan(50)
    for (const { name, truth } of recordings) {
      const { events, rejected } = await recorded(corpusFile(name), true)
      const drops = events.filter(({ kind }) => kind === 'drop')
      // Kernel 5.10 has no reason in this event.
      const wanted = truth.map((one) =>
        [one.time_ns, one.cpu, one.pid, one.tid, one.skbaddr, one.protocol, one.reason].join(' '),
      )
      expect(drops.map(keyOf), name).toEqual(wanted)
      expect(
        drops.every(({ drop }) => drop?.decoded_by === 'format' || drop?.code === undefined),
        name,
      ).toBe(true)
      expect(rejected, name).toEqual([])
    }
  })

  it('gives the same from a pipe as from a file that can seek', async () => {
    expect(await recorded(PIPE, false, [1])).toEqual(await recorded(PIPE, true))
  })

  it.skipIf(!hasCorpus)('gives the same in whatever pieces it comes', async () => {
    const bytes = corpusFile('perf6.1-multi-event/perf.data')
    const whole = await recorded(bytes, true)
    expect(whole.events.length).toBeGreaterThan(20)
    for (const sizes of [[1000], [4096, 7], [97]]) expect(await recorded(bytes, true, sizes)).toEqual(whole)
  })

  it('of a big-endian machine gives the same', async () => {
    expect(await recorded(bigEndian(PIPE), false)).toEqual(await recorded(PIPE, false))
  })

  it.skipIf(!hasCorpus).each(['perf5.10-pipe', 'perf6.12-pipe'])(
    'of a big-endian %s gives the same',
    async (folder) => {
      const bytes = corpusFile(`${folder}/pipe.data`)
      expect(await recorded(bigEndian(bytes), false)).toEqual(await recorded(bytes, false))
    },
  )

  it.each([1, 13, 100, 5000])('that is compressed gives the same, in pieces of %i bytes', async (pieceBytes) => {
    const packed = compressedLike(PIPE, pieceBytes)
    const plain = await recorded(PIPE, false)
    for (const isSeekable of [true, false]) {
      const { events, rejected } = await recorded(packed, isSeekable)
      expect(events.map(({ capture: _, ...rest }) => rest)).toEqual(saidBy(plain))
      expect(rejected).toEqual([])
      for (const { capture } of events) expect(packed.readUInt32LE(capture.offset)).toBe(81)
    }
  })

  it('whose compressed piece is damaged has what came before it, and rejects the rest of the stream', async () => {
    const packed = compressedLike(PIPE, 400)
    const places = recordsIn(packed).filter(({ type }) => type === 81)
    const [at] = [packed.indexOf(places[2]?.bytes ?? expect.fail('no third piece'))]
    // A block of a type that there is not.
    const { rejected } = await recorded(flipped(packed, at + 8, 6), false)
    expect(rejected.length).toBe(places.length - 2)
    expect(new Set(rejected.map((text) => text.split(' ')[1]))).toEqual(new Set(['malformed']))
  })

  it('whose magic is of before 2012, or whose header is of another size, is rejected with the reason', async () => {
    const old = Buffer.from(PIPE)
    old.write('PERFFILE', 'latin1')
    expect((await recorded(old, false)).rejected[0]).toBe('0 unsupported')
    expect((await recorded(flipped(PIPE, 8, 0x80), true)).rejected[0]).toBe('0 unsupported')
  })

  it('ends where another one, or what perf prints, follows it in a pipe', async () => {
    const whole = await recorded(PIPE, false)
    const talk = Buffer.from('[ perf record: Woken up 1 times to write data ]\n')
    for (const more of [PIPE, talk]) {
      const { rejected, events } = await recorded(Buffer.concat([PIPE, more]), false)
      expect(rejected[0]).toBe(`${PIPE.length} malformed`)
      expect(saidBy({ ...whole, events })).toEqual(saidBy(whole))
    }
  })

  it('of an unknown type of record counts it and goes on', async () => {
    const unknown = Buffer.alloc(16)
    unknown.writeUInt32LE(200, 0)
    unknown.writeUInt16LE(16, 6)
    const more = Buffer.concat([PIPE, unknown])
    expect(saidBy(await recorded(more, false))).toEqual(saidBy(await recorded(PIPE, false)))
  })
})

describe('a recording that is damaged', () => {
  const random = randomOf(20)
  const cutsOf = (bytes: Buffer, count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => Math.floor(((index + random.below(100) / 100) * bytes.length) / count))

  it('gives wherever it is cut off what the whole gives', { timeout: 600_000 }, async () => {
    const whole = (await recorded(PIPE, false)).ndjson.split('\n')
    for (const end of ROUNDS > 1 ? PIPE.keys() : cutsOf(PIPE, 60)) {
      const { ndjson } = await recorded(PIPE.subarray(0, end), false)
      const lines = ndjson.split('\n').slice(0, -1)
      if (end >= 16) expect(lines.filter((line) => !whole.includes(line) && !line.includes('incomplete'))).toEqual([])
    }
  })

  it.skipIf(!hasCorpus)('of the file form has all of its samples where only the features are cut off', async () => {
    const bytes = corpusFile('perf6.1-seed-curl/perf.data')
    const whole = await recorded(bytes, true)
    const { events } = await recorded(bytes.subarray(0, bytes.length - 1), true)
    expect(events.length).toBe(whole.events.length)
    for (const end of cutsOf(bytes, 40 * ROUNDS)) await recorded(bytes.subarray(0, end), true)
  })

  it('with any byte changed gives records, rejects the rest, and ends', { timeout: 600_000 }, async () => {
    for (const at of ROUNDS > 1 ? PIPE.keys() : cutsOf(PIPE, 60))
      for (const mask of [0xff, 1 << random.below(8)]) await recorded(flipped(PIPE, at, mask), at % 2 === 0)
  })

  it.skipIf(!hasCorpus)('of the file form, with any byte changed, too', { timeout: 600_000 }, async () => {
    const bytes = corpusFile('perf6.1-seed-curl/perf.data')
    for (const at of ROUNDS > 1 ? bytes.keys() : cutsOf(bytes, 60)) await recorded(flipped(bytes, at, 0xff), true)
  })
})

describe.skipIf(!hasCorpus)('a recording of the file form', () => {
  const name = join(CORPUS, 'perf6.1-callchain/perf.data')

  it('comes through a pipe as it is in the file, but for its path', async () => {
    const file = await tracenorm([name, '--kind=all'])
    const pieces = readFileSync(name)
    const pipe = await tracenorm(['--kind=all'], {
      input: [pieces.subarray(0, 3), pieces.subarray(3, 700), pieces.subarray(700)],
      env: { TMPDIR: scratch.path },
    })
    const shown = (run: typeof file): readonly unknown[] =>
      run.records.map(({ capture: { path: _, ...capture }, ...rest }) => ({ ...rest, capture }))
    expect([pipe.status, shown(pipe)]).toEqual([file.status, shown(file)])
    expect(file.records.length).toBeGreaterThan(10)
    // The temporary file has no name while it is used.
    expect(readdirSync(scratch.path)).toEqual([])
  })

  it('writes what happened to tasks and maps with --perf-records', async () => {
    const { records } = await tracenorm([name, '--perf-records'])
    const names = new Set(records.map((record) => JSON.parse(JSON.stringify(record)).event_name))
    expect([...names]).toEqual(expect.arrayContaining(['PERF_RECORD_COMM', 'PERF_RECORD_MMAP2', 'skb:kfree_skb']))
  })
})

describe.skipIf(!hasCorpus)('a recording that was killed', () => {
  it.each(['perf6.12-killed-record', 'perf7.2-killed-record'])(
    '(%s) has traces, and with --formats its drops',
    async (folder) => {
      const file = join(CORPUS, folder, 'perf.data')
      const truth = corpusFile(`${folder}/truth.jsonl`).toString('utf8').trim().split('\n')
      const bare = await tracenorm([file])
      expect(new Set(bare.records.map(({ kind, flags }) => `${kind} ${flags}`))).toEqual(new Set(['trace incomplete']))
      expect([bare.records.length, bare.stderr.includes('give --formats')]).toEqual([truth.length, true])
      const { records } = await tracenorm(['--formats', join(CORPUS, folder), file])
      const drops = records.map((record): RecordedEvent => JSON.parse(JSON.stringify(record)))
      const wanted = truth
        .map((line): Truth => JSON.parse(line))
        .map((one) => [one.time_ns, one.cpu, one.pid, one.tid, one.skbaddr, one.protocol, one.reason].join(' '))
      expect(drops.map(keyOf)).toEqual(wanted)
    },
  )
})

describe.skipIf(!hasCorpus)('records that are no samples', () => {
  it.each(['perf5.10-filter-regs', 'perf6.12-filter-regs', 'perf7.2-filter-regs'])(
    'of %s have the payloads of perf script --show-namespace-events and the like',
    async (folder) => {
      const { records } = await tracenorm([join(CORPUS, folder, 'perf-ns.data'), '--perf-records'])
      const text = await tracenorm([join(CORPUS, folder, 'script-ns.stdout')])
      const shown = ({ records: all }: typeof text): readonly string[] =>
        all
          .map((record): RecordedEvent => JSON.parse(JSON.stringify(record)))
          .filter(({ event_name = '' }) => /^PERF_RECORD_(?:NAMESPACES|SWITCH|COMM|FORK|EXIT)$/.test(event_name))
          .map(({ event_name, payload = '' }) => `${event_name} ${payload.trimEnd()}`)
      expect(shown(text).some((line) => line.startsWith('PERF_RECORD_NAMESPACES '))).toBe(true)
      expect(shown({ ...text, records })).toEqual(shown(text))
    },
  )
})

describe.skipIf(!hasCorpus)('a folder of perf record --threads', () => {
  const folder = join(CORPUS, 'perf6.1-compressed/perf-dir.data')

  it('is one recording, each record with the path of its own file', async () => {
    const { records, status } = await tracenorm([folder])
    expect([status, records.length]).toEqual([0, 5])
    expect(new Set(records.map(({ capture }) => capture.path))).toEqual(new Set([`${folder}/data.1`]))
  })

  it('says where its records are when only its first file is named', async () => {
    const { records, stderr } = await tracenorm([join(folder, 'data')])
    expect(records).toEqual([])
    expect(stderr.toString()).toContain('name the folder')
    expect((await tracenorm([folder])).stderr.toString()).not.toContain('name the folder')
  })

  it('is named by detect', async () => {
    expect((await tracenorm(['detect', folder])).stdout.toString()).toContain('perf:data')
  })
})
