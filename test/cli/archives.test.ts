import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tarOf } from '../kit/archives.ts'
import { someCaptures } from '../kit/real-captures.ts'
import { EVENT, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(scratch.in(name), content)
  return scratch.in(name)
}

/** As in a sosreport: one capture among files of any kind. */
const REPORT = {
  'etc/hosts': '127.0.0.1 localhost\n',
  'var/log/journal.bin': Buffer.alloc(3_000_000, '\x01\x02\x03'),
  'var/log/perf.txt': TWO_DROPS,
  'sos/trace.dat': '\x17\x08Dtracing7\0',
  empty: '',
}

describe('an archive', () => {
  it('gives the records of its captures, and only counts what is no capture', async () => {
    const path = file('report.tar.gz', gzipSync(await tarOf(REPORT)))
    const report = scratch.in('report.json')
    const { status, records, stderr } = await tracenorm([path, '--kind', 'all', '--report', report])
    expect([status, records.length]).toEqual([0, 2])
    expect(new Set(records.map(({ capture }) => capture.path))).toEqual(new Set([`${path}!var/log/perf.txt`]))
    expect(stderr).toMatch(/2 records \(2 drop\), .*nothing rejected, 3 files not recognised\n$/)
    expect(stderr.split('\n')).toHaveLength(3)
    const text = readFileSync(report, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ not_recognised: 3, status: 0 })
    expect(text.match(/"not_recognised": true/g)).toHaveLength(3)
  })

  it('that holds a damaged file ends with status 1, and gives the others', async () => {
    const bad = gzipSync(TWO_DROPS).subarray(0, -9)
    const path = file('bad.tar', await tarOf({ 'a.gz': bad, 'b.txt': TWO_DROPS }))
    const { status, records, stderr } = await tracenorm([path])
    expect([status, records.length]).toEqual([1, 4])
    expect(stderr).toContain("bad.tar!a.gz': broken gzip: unexpected end of file")
  })

  it('stops at a limit, at once and quietly', async () => {
    const path = file('many.tar', await tarOf({ 'a.txt': TWO_DROPS, 'b.txt': TWO_DROPS }))
    const { status, records } = await tracenorm([path, '--limit', '3'])
    expect([status, records.length]).toEqual([0, 3])
  })

  it('is read by every command that reads captures', async () => {
    const path = file('all.tar', await tarOf({ 'a.txt': TWO_DROPS, b: 'to do\n' }))
    const own = file('own.tar', await tarOf({ 'a.ndjson': EVENT, 'b.ndjson': EVENT }))
    expect((await tracenorm(['summary', path])).stdout.toString()).toContain('2')
    const detected = (await tracenorm(['detect', path])).stdout.toString()
    expect(detected).toContain("all.tar!a.txt': perf:script (")
    expect((await tracenorm(['filter', 'true', own])).records).toHaveLength(2)
    expect((await tracenorm(['validate', own])).stderr).toContain('2 records, all valid')
    expect((await tracenorm(['export', '--to', 'csv', own])).stdout.toString().split('\n')).toHaveLength(4)
  })

  it('comes through a pipe in pieces, and a live text does not wait for a header', async () => {
    const tar = await tarOf({ 'a.txt': TWO_DROPS })
    const pieces = Array.from({ length: tar.length / 64 }, (_, at) => tar.subarray(64 * at, 64 * at + 64))
    expect((await tracenorm([], { input: pieces })).records).toHaveLength(2)
  })

  it('is bounded by --max-expand', async () => {
    const path = file('long.gz', gzipSync(TWO_DROPS.repeat(1000)))
    const { status, stderr } = await tracenorm([path, '--max-expand', '10K'])
    expect(status).toBe(1)
    expect(stderr).toContain('more than 10240 bytes come out of it; what came before was read; --max-expand BYTES')
    expect((await tracenorm([path, '--max-expand', '10X'])).status).toBe(2)
    expect((await tracenorm([path, '--max-expand-ratio', '0'])).status).toBe(2)
  })
})

describe('captures of the corpus', () => {
  it('are the same records out of an archive, but for their path', { timeout: 60_000 }, async ({ skip }) => {
    const captures = someCaptures(60, 50_000)
    if (captures.length === 0) return skip('no corpus in TRACENORM_CORPUS')
    const files = Object.fromEntries(captures.map(({ name, input }) => [name, input]))
    const plain = captures.map(({ name, input }, at) => [file(`plain-${at}`, input), name] as const)
    const inner = await tarOf(files)
    const path = file('corpus.tar.gz', gzipSync(await tarOf({ 'inner.tar.gz': gzipSync(inner) })))
    const [packed, apart] = [await tracenorm([path, '-q']), await tracenorm([...plain.map(([one]) => one), '-q'])]
    const names = new Map(plain.map(([one, name]) => [one, `${path}!inner.tar.gz!${name}`]))
    const expected = apart.stdout
      .toString()
      .replace(/"path":"([^"]*)"/g, (_, one) => `"path":"${names.get(one) ?? one}"`)
    expect(apart.records.length).toBeGreaterThan(500)
    expect(packed.stdout.toString() === expected).toBe(true)
  })
})
