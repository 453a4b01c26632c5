// A folder that `perf record --threads` wrote is one recording, as it is for `tracenorm convert`.
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from '../cli/program.ts'
import { drops, entriesIn, filesBelow, plant } from './trees.ts'

const RECORDING = resolve(root, process.env.TRACENORM_CORPUS ?? '../shared', 'corpus/perf6.1-compressed/perf-dir.data')
const hasRecording = existsSync(RECORDING)
if (!hasRecording) console.log('skipped: no corpus (TRACENORM_CORPUS)')

const scratch = scratchFolder()

/** A tree with such a recording, a small capture beside it, and one in a folder within it. */
function planted(name: string): string {
  const cwd = plant(scratch.in(name), { 'in/perf.txt': drops(1, 2), 'in/perf.data/kept/perf.txt': drops(5, 1) })
  for (const file of ['data', 'data.0', 'data.1']) {
    const to = join(cwd, 'in/perf.data', file)
    cpSync(join(RECORDING, file), to)
    chmodSync(to, 0o600)
  }
  return cwd
}

describe.skipIf(!hasRecording)('a folder that is one recording', () => {
  it('has one result, with the records that convert makes', async () => {
    const cwd = planted('one')
    const { status } = await tracenorm(['batch', 'in', '--out', 'out'], { cwd })
    const alone = await tracenorm(['in/perf.data', '-q'], { cwd })
    expect([status, alone.status, alone.records.length > 0]).toEqual([0, 0, true])
    expect(filesBelow(`${cwd}/out`)).toEqual([
      'in/perf.data.ndjson',
      'in/perf.data/kept/perf.txt.ndjson',
      'in/perf.txt.ndjson',
      'manifest.ndjson',
    ])
    expect(readFileSync(`${cwd}/out/in/perf.data.ndjson`)).toEqual(alone.stdout)
  })

  it('is an INPUT, too', async () => {
    const cwd = planted('input')
    await tracenorm(['batch', 'in/perf.data', '--out', 'out'], { cwd })
    expect(entriesIn(`${cwd}/out`).map(({ path, status }) => [path, status])).toEqual([
      ['in/perf.data', 'done'],
      ['in/perf.data/kept/perf.txt', 'done'],
    ])
  })

  it('is converted again when one of its files has changed, whatever the times say', async () => {
    const cwd = planted('again')
    const words = ['batch', 'in', '--out', 'out', '--trust-times']
    const wouldDo = async (): Promise<string> =>
      (await tracenorm([...words, '--dry-run'], { cwd })).stdout.toString().split('\n')[0] ?? ''
    await tracenorm(words, { cwd })
    expect(await wouldDo()).toBe('keep in/perf.data')
    const ring = `${cwd}/in/perf.data/data.1`
    const { atime, mtime } = statSync(ring)
    const bytes = readFileSync(ring)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(ring, bytes)
    utimesSync(ring, atime, mtime)
    expect(await wouldDo()).toBe('convert in/perf.data: changed')
    appendFileSync(ring, 'x')
    expect(await wouldDo()).toBe('convert in/perf.data: changed')
  })
})
