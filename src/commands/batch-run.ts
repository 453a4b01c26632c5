import { wouldDo } from '../batch/dry-run.ts'
import { handsFor } from '../batch/hands.ts'
import { listedIn } from '../batch/listed.ts'
import { MANIFEST } from '../batch/manifest.ts'
import { manifestIn } from '../batch/manifest-file.ts'
import { mergeResults } from '../batch/merge-results.ts'
import { hashOf } from '../batch/options.ts'
import { writeReport } from '../batch/report.ts'
import { type BatchOutcome, runBatch, type SomeHands } from '../batch/run.ts'
import { beginShard, isInShard, shardIn, shardManifest } from '../batch/shard.ts'
import { tableOf } from '../batch/table.ts'
import { statusOf } from '../batch/tally.ts'
import { type Tree, treeOf } from '../batch/tree.ts'
import type { BatchPlan } from '../batch/workbench.ts'
import { UsageError } from '../errors.ts'
import { programIn } from '../input/program.ts'
import type { OpenOutput } from '../output/open.ts'
import { type Named, namedInput, Outputs } from '../output/outputs.ts'
import { statusOfSignal } from '../report/exit.ts'
import { engineOf } from '../run/parquet-engine.ts'
import { shapeOfCaptures } from '../run/seeking.ts'
import { wire } from '../run/wire.ts'
import { inputName } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import type { BatchFlags } from './batch.ts'
import type { CommandContext } from './command-context.ts'
import type { Interruption } from './interruption.ts'
import type { Ending } from './io.ts'
import { productOf } from './output-flags.ts'
import { givenFiles, planOf } from './plan-of.ts'
import type { Product } from './run-job.ts'
import { lineOfSentence } from './say.ts'
import { refuseUnknownReasons } from './stage-flags.ts'
import { wallClock } from './this-process.ts'
import { unpackingOf } from './unpacking.ts'
import { withOutputs } from './with-outputs.ts'

export const STDOUT = 'stdout'
const REPORT = '--report'
const MERGED = '--merge-output'
/** Files left out, and doubts about side files, that get a line. */
const FIRST_SAID = 10

/** A batch whose files are known. */
export interface ReadyBatch {
  readonly batch: BatchPlan
  readonly tree: Tree
  readonly flags: BatchFlags
  readonly outputs: Outputs
  /** A file that is written once, beside the results. */
  readonly beside?: Product['beside'] | undefined
  readonly context: CommandContext
  readonly interruption: Interruption
}

/** Who converts the files of a batch, and which manifest says so. */
export interface Helpers {
  /** Its name in the folder of results. */
  readonly manifest: string
  readonly hands: readonly SomeHands[]
  /** Others write results to the folder while this runs. */
  readonly isShared: boolean
}

/**
 * Runs a batch as the flags say. Returns the exit status, or the signal that ended it. Throws UsageError, InputError,
 * EndedBySignal, and what the outputs throw.
 */
export async function runBatchCommand(
  inputs: readonly string[],
  flags: BatchFlags,
  context: CommandContext,
): Promise<Ending> {
  return withReadyBatch(inputs, flags, context, runAlone)
}

/** Finds the files of a batch, and opens its outputs, for `run`. Throws as `runBatchCommand` does. */
export async function withReadyBatch(
  inputs: readonly string[],
  flags: BatchFlags,
  context: CommandContext,
  run: (ready: ReadyBatch) => Promise<Ending>,
): Promise<Ending> {
  const listed = flags.filesFrom === undefined ? [] : await listedIn(flags.filesFrom, context.stdin)
  const named = [...inputs, ...listed]
  if (named.length === 0) throw new UsageError('no inputs', 'name files, folders or globs, or give --files-from FILE')
  refuseForParquet(flags)
  const product = productOf(flags, 'ndjson')
  const plan = await planOf(flags, product.plan, context.adapters, context)
  const unpacking = unpackingOf(flags, context)
  const parquet = await engineOf(product.plan, context.home, unpacking.folder)
  refuseUnknownReasons(flags, (await wire(plan, context.adapters, { parquet })).knowledge.reasons)
  const ending = `.${flags.to ?? 'ndjson'}${flags.compress === undefined ? '' : ENDINGS[flags.compress]}`
  const { out: folder, quarantine, onReject, maxRejects } = flags
  const decides = { plan, ending, quarantine, onReject, maxRejects, usesSideFiles: flags.sideFiles }
  if (flags.compress === 'zstd') await refuseWithoutZstd(unpacking.searchPath)
  const optionsSha256 = hashOf({ ...decides, limits: unpacking.limits })
  const batch = { ...decides, folder, unpacking, optionsSha256, version: context.version }
  const written = [folder, ...[quarantine, flags.report, flags.mergeOutput].filter((path) => path !== undefined)]
  const tree = await treeOf({
    inputs: named,
    outputs: written,
    reserved: [MANIFEST],
    ending,
    usesSideFiles: flags.sideFiles,
    filesOfFolder: shapeOfCaptures(context.adapters).filesOfFolder,
  })
  const given = [...tree.files.map(({ path }) => namedInput(path)), ...givenFiles(flags, context.adapters)]
  const { beside } = product
  const outputs = new Outputs([...outputsOf(flags), ...(beside === undefined ? [] : [beside])], given, context)
  return withOutputs(outputs, context.signals, (interruption) =>
    run({ batch, tree, flags, outputs, beside, context, interruption }),
  )
}

async function refuseWithoutZstd(searchPath: string): Promise<void> {
  const { hasZstd } = await import('../output/zstd.ts')
  if (!hasZstd() && programIn(searchPath, 'zstd') === undefined)
    throw new UsageError(
      '--compress zstd: neither Node nor a program packs it',
      'install zstd, or use Node 22.15 or later',
    )
}

/** Parquet packs its own columns, and two such files cannot be joined by their bytes. Throws UsageError. */
function refuseForParquet({ to, compress, mergeOutput }: BatchFlags): void {
  if (to !== 'parquet') return
  if (compress !== undefined) throw new UsageError('--compress: Parquet is packed already', 'leave it out')
  if (mergeOutput !== undefined)
    throw new UsageError('--merge-output: Parquet files are not joined', 'let DuckDB read all of them: read_parquet')
}

const ENDINGS = { gzip: '.gz', zstd: '.zst' } as const

function outputsOf({ report, mergeOutput }: BatchFlags): readonly Named[] {
  return [
    { as: STDOUT, path: undefined },
    ...(report === undefined ? [] : [{ as: REPORT, path: report }]),
    ...(mergeOutput === undefined ? [] : [{ as: MERGED, path: mergeOutput }]),
  ]
}

/** Converts the files on this machine, or those of one shard. */
async function runAlone(ready: ReadyBatch): Promise<Ending> {
  const { batch, tree, flags, context, interruption } = ready
  const { adapters, coworker: script, home } = context
  const wish = { batch, jobs: flags.jobs, script, home, adapters, clock: wallClock, patience: interruption }
  const helpers = { manifest: MANIFEST, hands: handsFor(wish), isShared: false }
  if (flags.shard === undefined) return runReady(ready, helpers)
  const shard = shardIn(flags.shard, context.env)
  const files = tree.files.filter(({ path }) => isInShard(path, shard))
  const manifest = shardManifest(shard)
  const finished = beginShard(batch.folder, manifest)
  const ending = await runReady({ ...ready, tree: { ...tree, files } }, { ...helpers, manifest })
  if (typeof ending === 'number' && flags.dryRun !== true) finished()
  return ending
}

/** Converts the files, and says what came of them. Throws what the outputs throw. */
export async function runReady(ready: ReadyBatch, { manifest, hands, isShared }: Helpers): Promise<Ending> {
  const { batch, tree, flags, outputs, context } = ready
  const stderr = await outputs.stderr()
  if (flags.quiet !== true) sayOfTree(tree, stderr)
  if (flags.dryRun === true) return dryRun(ready, manifest)
  const place = {
    write: (text: string) => void write(stderr, text),
    columns: (await context.stderr.terminal())?.columns,
    isQuiet: flags.quiet === true,
  }
  const outcome = await runBatch({
    batch,
    files: tree.files,
    manifest,
    wish: wishOf(flags),
    hands,
    isShared,
    place,
    clock: wallClock,
  })
  const ending = await finish(ready, outcome)
  await stderr.end().catch(() => {})
  return ending
}

export function wishOf({ retryFailed, trustTimes }: BatchFlags): {
  readonly retriesFailed: boolean
  readonly trustsTimes: boolean
} {
  return { retriesFailed: retryFailed === true, trustsTimes: trustTimes === true }
}

/** Writes what is said of all captures together. */
async function finish(ready: ReadyBatch, outcome: BatchOutcome): Promise<Ending> {
  const { batch, tree, flags, outputs, beside, context, interruption } = ready
  const { tally, kept, isInterrupted, manifest } = outcome
  const signal = isInterrupted ? interruption.signal : undefined
  const unread = tree.leftOut.filter(({ hasFailed }) => hasFailed).length
  const status = signal === undefined ? statusOf(tally, unread, flags.onReject) : statusOfSignal(signal)
  const paths = tree.files.map(({ path }) => path)
  const made: string[] = []
  if (beside !== undefined && signal === undefined) {
    outputs.to(beside.as).write(beside.text)
    made.push(beside.as)
  }
  if (flags.report !== undefined) {
    const end = { status, stopped: tally.statuses.has('stopped'), interrupted: signal }
    const report = outputs.to(REPORT)
    writeReport({ manifest, paths, version: context.version, end }, (text) => report.write(latin1(text)))
    made.push(REPORT)
  }
  if (flags.mergeOutput !== undefined && signal === undefined) {
    const hasHeader = flags.to === 'csv' && flags.header
    const { folder, unpacking } = batch
    const wish = { folder, unpacking, paths, hasHeader, patience: interruption }
    await mergeResults(manifest, wish, outputs.to(MERGED))
    made.push(MERGED)
  }
  manifest.close()
  if (flags.quiet !== true) await write(outputs.to(STDOUT), tableOf(tally, kept))
  for (const name of [...made, STDOUT]) await outputs.end(name)
  await outputs.keep(made)
  outputs.discard()
  return signal ?? status
}

async function dryRun({ batch, tree, flags, outputs, interruption }: ReadyBatch, name: string): Promise<Ending> {
  const stdout = outputs.to(STDOUT)
  const manifest = manifestIn(batch.folder, name)
  const wish = wishOf(flags)
  for await (const line of wouldDo({ batch, files: tree.files, manifest, wish, patience: interruption }))
    await write(stdout, line)
  manifest?.close()
  await outputs.end(STDOUT)
  outputs.discard()
  return 0
}

function sayOfTree({ leftOut, files }: Tree, stderr: OpenOutput): void {
  const doubts = new Set(files.flatMap(({ side }) => side.doubts))
  const sentences = [...leftOut.map(({ path, why }) => `${inputName(path)}: left out: ${why}`), ...doubts]
  for (const sentence of sentences.slice(0, FIRST_SAID)) void write(stderr, lineOfSentence(sentence))
  const more = sentences.length - FIRST_SAID
  if (more > 0) void write(stderr, lineOfSentence(`${more} more files were left out, or could be one of two`))
}

/** A stderr that has failed does not end the run. */
async function write(output: Pick<OpenOutput, 'write' | 'flush'>, text: string): Promise<void> {
  output.write(latin1(text))
  await output.flush()
}
