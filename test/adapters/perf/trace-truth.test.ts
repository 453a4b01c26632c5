// The shared captures of perf trace. Each is a run of its own, so no recording has the same packets: the truth is how
// many lines of the text name the drop, and how many are entries, as `meta.json` and a naive expression count them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConverter } from '../../kit/harness.ts'

const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')

interface Capture {
  readonly name: string
  readonly bytes: Buffer
  /** Undefined: `meta.json` does not count the lines of this file. */
  readonly drops: number | undefined
}

function captures(): readonly Capture[] {
  if (!existsSync(CORPUS)) return []
  const folders = [
    ...readdirSync(CORPUS),
    ...readdirSync(join(CORPUS, 'dropwatch')).map((name) => join('dropwatch', name)),
  ]
  return folders.filter((name) => existsSync(join(CORPUS, name, 'meta.json'))).flatMap(capturesIn)
}

function capturesIn(folder: string): readonly Capture[] {
  const meta = JSON.parse(readFileSync(join(CORPUS, folder, 'meta.json'), 'utf8'))
  return readdirSync(join(CORPUS, folder))
    .filter((file) =>
      /^(?:trace-.*|perf-trace)\.(?:stderr|txt|stderr\.txt)$|^pty-trace\.stdout$|^typescript-trace$/.test(file),
    )
    .map((file) => {
      const counted = meta.files?.[file]
      return {
        name: join(folder, file),
        bytes: readFileSync(join(CORPUS, folder, file)),
        drops: counted === undefined ? undefined : (counted.perf_trace_kfree_lines ?? 0),
      }
    })
    .filter(({ bytes }) => !bytes.toString('latin1').startsWith('  Error: unknown option'))
}

const all = captures()
const withTruth = all.filter(({ drops }) => drops !== undefined)
const withoutTruth = all.filter(({ drops }) => drops === undefined)

if (all.length === 0) console.log('skipped: no corpus (TRACENORM_CORPUS)')
else console.log(`perf trace without a truth: ${withoutTruth.map(({ name }) => name).join(', ')}`)

/** Lines that begin with a time, or with the `?` in its place. */
function entriesIn(bytes: Buffer): number {
  return [...bytes.toString('latin1').matchAll(/^ {0,9}(?:\d+\.\d{3}|\?) /gm)].length
}

async function convert(bytes: Buffer): Promise<{
  readonly drops: number
  readonly entries: number
  readonly rejected: number
  readonly foreign: readonly string[]
}> {
  const converter = await openConverter(['--kind=all'], '.')
  const { ndjson, rejected } = await converter.convert(bytes)
  const events = ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
  return {
    drops: events.filter(({ kind }) => kind === 'drop').length,
    entries: events.filter(({ kind }) => kind === 'drop' || kind === 'trace').length,
    rejected: rejected.length,
    foreign: events.flatMap(({ stream, message }) => (stream === 'foreign' ? [String(message)] : [])),
  }
}

describe.skipIf(all.length === 0)('a capture of perf trace', () => {
  it.each(withTruth)('$name has the drops that its text names, and every entry', async ({ bytes, drops }) => {
    const found = await convert(bytes)
    expect(found.drops).toBe(drops)
    expect(found.entries).toBe(entriesIn(bytes))
    expect(found.rejected).toBe(0)
    // What `script` prints around a session.
    expect(found.foreign.filter((text) => !/^Script (?:started|done) on /.test(text))).toEqual([])
  })

  it.each(withoutTruth)('$name loses no line that names a drop', async ({ bytes }) => {
    const found = await convert(bytes)
    const named = bytes.toString('latin1').split('kfree_skb(').length - 1
    expect(found.drops + found.rejected).toBe(named)
    expect(found.foreign.filter((text) => text.includes('kfree_skb'))).toEqual([])
  })

  it('is there for each version of perf', () => {
    expect(withTruth.length).toBeGreaterThan(35)
  })
})
