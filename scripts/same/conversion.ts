import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How the captures are converted. Each way goes through other parts of the program. */
const WAYS: readonly (readonly string[])[] = [[], ['--kind', 'all', '--provenance', 'full'], ['--to', 'csv']]

/** The exit status of a wrong flag. */
const USAGE = '2'

/** Captures that one run reads, with the flags that they need. */
export interface Batch {
  /** Relative to the corpus. */
  readonly files: readonly string[]
  readonly flags: readonly string[]
}

/** What a conversion gave. */
interface Outcome {
  readonly status: string
  readonly records: Buffer
  readonly rejected: Buffer
  /** The report without its sentences, and its sentences: these may be said in other words. */
  readonly report: string
  readonly sentences: string
}

/** What differs between two conversions of one batch, in one way. */
export interface Difference {
  readonly files: readonly string[]
  readonly flags: readonly string[]
  readonly parts: readonly (keyof Outcome)[]
  /** The first records that differ. */
  readonly records: { readonly line: number; readonly old: string; readonly new: string } | undefined
}

/** Two builds, as paths of what node runs, and the folder of the captures. */
export interface Sides {
  readonly old: string
  readonly new: string
  readonly corpus: string
}

/** Where two builds differ, and on how many bytes of output that was tried. */
export interface Comparison {
  readonly bytes: number
  readonly differences: readonly Difference[]
}

/**
 * Converts a batch with both builds, in all ways. A batch that differs is converted file by file.
 *
 * @throws when a build refuses the flags
 */
export async function compareBuilds(sides: Sides, batch: Batch): Promise<Comparison> {
  const found: Difference[] = []
  let bytes = 0
  for (const way of WAYS) {
    const flags = [...batch.flags, ...way]
    const whole = await compareOnce(sides, { files: batch.files, flags })
    bytes += whole.bytes
    if (whole.differences.length === 0) continue
    const single: Difference[] = []
    for (const file of batch.files.length > 1 ? batch.files : [])
      single.push(...(await compareOnce(sides, { files: [file], flags })).differences)
    found.push(...(single.length > 0 ? single : whole.differences))
  }
  return { bytes, differences: found }
}

async function compareOnce(sides: Sides, { files, flags }: Batch): Promise<Comparison> {
  const [before, after] = await Promise.all([
    convert(sides.old, sides.corpus, files, flags),
    convert(sides.new, sides.corpus, files, flags),
  ])
  if (before.status === USAGE || after.status === USAGE) throw new Error(`a build refuses ${flags.join(' ')}`)
  const bytes = after.records.length
  const parts: (keyof Outcome)[] = []
  if (before.status !== after.status) parts.push('status')
  if (!before.records.equals(after.records)) parts.push('records')
  if (!before.rejected.equals(after.rejected)) parts.push('rejected')
  if (before.report !== after.report) parts.push('report')
  if (before.sentences !== after.sentences) parts.push('sentences')
  if (parts.length === 0) return { bytes, differences: [] }
  const records = firstDifference(before.records, after.records)
  return { bytes, differences: [{ files, flags, parts, records }] }
}

async function convert(
  main: string,
  corpus: string,
  files: readonly string[],
  flags: readonly string[],
): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-same-'))
  const records = join(scratch, 'records')
  const rejected = join(scratch, 'rejected')
  const report = join(scratch, 'report')
  const outputs = ['-o', records, '--quarantine', rejected, '--report', report]
  const form = flags.includes('--to') ? [] : ['--to', 'ndjson']
  const words = [main, 'convert', '-q', ...flags, ...form, ...outputs, '--', ...files]
  const status = await new Promise<string>((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: corpus, stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(String(code ?? signal)))
  })
  const bytesOf = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0))
  const said = bytesOf(report).toString()
  const outcome = { status, records: bytesOf(records), rejected: bytesOf(rejected), ...partsOf(said) }
  rmSync(scratch, { recursive: true })
  return outcome
}

/** Members of the report that hold sentences. */
const SENTENCES: ReadonlySet<string> = new Set(['why', 'hints', 'conflicts', 'bugs', 'error'])

function partsOf(text: string): { readonly report: string; readonly sentences: string } {
  if (text === '') return { report: '', sentences: '' }
  const sentences: unknown[] = []
  const report = JSON.stringify(JSON.parse(text), (name, value: unknown) => {
    if (!SENTENCES.has(name)) return value
    sentences.push(value)
    // That there is one, and how many, must stay.
    return Array.isArray(value) ? value.length : typeof value
  })
  return { report, sentences: JSON.stringify(sentences) }
}

function firstDifference(old: Buffer, now: Buffer): Difference['records'] {
  if (old.equals(now)) return undefined
  const [before, after] = [old.toString('latin1').split('\n'), now.toString('latin1').split('\n')]
  const index = before.findIndex((text, at) => text !== after[at])
  const line = index < 0 ? before.length : index
  return { line: line + 1, old: before[line] ?? '', new: after[line] ?? '' }
}
