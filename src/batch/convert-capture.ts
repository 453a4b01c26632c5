import { UnreadForm } from '../input/capture-bytes.ts'
import { Interrupted } from '../input/patience.ts'
import type { Output } from '../output/output.ts'
import { IMPLIED } from '../read/detect.ts'
import type { Rejected } from '../read/intake.ts'
import { inputReport } from '../report/report.ts'
import { type RunOutcome, runOutcome } from '../run/convert.ts'
import { convertInput, type InputChunks } from '../run/convert-input.ts'
import { addHint, type InputOutcome } from '../run/outcome.ts'
import { addInput, noTotals } from '../run/totals.ts'
import { openStages, type Wired } from '../run/wire.ts'
import type { WiredBeside } from '../run/wire-beside.ts'
import { quarantine } from '../sinks/quarantine.ts'
import type { ManifestEntry } from './manifest.ts'
import { type OpenResult, openResult } from './result.ts'
import type { Workbench } from './workbench.ts'

/** What an entry says of how a capture was converted. */
export type ConvertedCapture = Pick<
  ManifestEntry,
  'status' | 'output' | 'output_size' | 'output_sha256' | 'quarantine' | 'report'
>

/** A capture, and where its result goes. */
export interface CaptureTask {
  readonly bytes: InputChunks
  /** For records and messages. */
  readonly path: string
  /** Of the result, below the folder of results. */
  readonly place: string
  /** About side files: sentences for the report. */
  readonly doubts: readonly string[]
}

/**
 * Converts a capture as a run of its own: stages that count, as `--limit` does, begin anew. The result has its name
 * when this returns; there is no result of what no reader knows, and of what could not be read at all. Throws
 * Interrupted and what outputs throw; then nothing is left of the result.
 */
export async function convertCapture(
  task: CaptureTask,
  { wired, doubts }: WiredBeside,
  bench: Workbench,
): Promise<ConvertedCapture> {
  const { batch } = bench
  const result = await openResult(batch.folder, task.place, bench.zstd)
  const rejects =
    batch.quarantine === undefined
      ? undefined
      : await openResult(batch.quarantine, rejectsPlace(task, batch), undefined)
  try {
    const { input, run, isNobodys } = await converted(task, wired, bench, result.output, rejects?.output)
    for (const doubt of [...task.doubts, ...doubts]) addHint(input, doubt)
    const report = inputReport(input, wired.knowledge.candidatesOf)
    const status = STATUS[run.status]
    if (isNobodys) return { status: 'not-recognised', report }
    const isKept = input.failure === undefined || input.ledger.written > 0
    const members = isKept ? await kept(task.place, result) : {}
    const hasRejects = rejects !== undefined && input.ledger.units.rejected.units + input.unjudged > 0
    if (hasRejects) await rejects.keep()
    return { status, ...members, ...(hasRejects && { quarantine: rejectsPlace(task, batch) }), report }
  } finally {
    result.discard()
    rejects?.discard()
  }
}

interface ConvertedInput {
  readonly input: InputOutcome
  readonly run: RunOutcome
  /** No reader knows any of it: it is no capture. */
  readonly isNobodys: boolean
}

const STATUS = { 0: 'done', 1: 'failed', 3: 'rejected', 4: 'stopped', 70: 'bug' } as const

async function kept(
  place: string,
  result: OpenResult,
): Promise<Pick<ManifestEntry, 'output' | 'output_size' | 'output_sha256'>> {
  const { bytes, sha256 } = await result.keep()
  return { output: place, output_size: bytes, output_sha256: sha256 }
}

function rejectsPlace({ place }: CaptureTask, { ending }: Workbench['batch']): string {
  return `${place.slice(0, -ending.length)}.ndjson`
}

async function converted(
  { bytes, path }: CaptureTask,
  wired: Wired,
  { batch, check, surroundings }: Workbench,
  output: Output,
  rejects: Output | undefined,
): Promise<ConvertedInput> {
  const { onReject, maxRejects, plan } = batch
  const { patience, cores } = surroundings
  const stages = await openStages(plan.stages)
  const product = wired.openProduct(output, check)
  const source = new Watched(bytes)
  let count = 0
  let damaged = 0
  let stopped = false
  const rejected = ({ line, offset, bytes: raw, column, why }: Rejected, reader: string | undefined): boolean => {
    if (rejects !== undefined)
      quarantine({ path, line, offset, bytes: raw, reader, why: why.word, text: why.text, column }, rejects)
    count++
    // A binary file has such lines, too.
    if (why.word !== 'too_long') damaged++
    stopped = onReject === 'fail' || (maxRejects !== undefined && count > maxRejects)
    return stopped
  }
  const conversion = {
    ...wired.conversion,
    stages,
    sink: product.sink,
    patience,
    cores: cores?.(wired, output),
    rejected,
  }
  try {
    const input = await convertInput(source, path, conversion)
    if (input.cut === 'signal') throw new Interrupted(false)
    const totals = noTotals()
    addInput(totals, input)
    const run = runOutcome(totals, stopped, input.cut, { stages, onReject })
    await product.finish(run)
    const isRead = input.failure === undefined || source.isUnread
    return { input, run, isNobodys: input.notRecognised || (isRead && damaged === 0 && !isKnown(input)) }
  } finally {
    product.close()
  }
}

/** A reader was sure of something; or a program that was given for it said something with it. */
function isKnown({ readers, ledger }: InputOutcome): boolean {
  return ledger.units.data.units > 0 || readers.some(({ why }) => why !== IMPLIED)
}

/** The bytes of a capture, and whether they are of a known form that is not read. */
class Watched implements InputChunks {
  isUnread = false
  private readonly chunks: InputChunks

  constructor(chunks: InputChunks) {
    this.chunks = chunks
  }

  get isMember(): boolean {
    return this.chunks.isMember === true
  }

  get seekable(): InputChunks['seekable'] {
    return this.chunks.seekable
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.chunks
    } catch (error) {
      this.isUnread = error instanceof UnreadForm
      throw error
    }
  }

  close(): void {
    this.chunks.close?.()
  }
}
