import { setTimeout } from 'node:timers/promises'
import { UsageError } from '../errors.ts'
import type { Report } from '../event/generated/report-types.ts'
import { Interrupted } from '../input/patience.ts'
import { BrokenPipe, type Output } from '../output/output.ts'
import { type Named, namedInput, Outputs } from '../output/outputs.ts'
import { graver, statusOfSignal } from '../report/exit.ts'
import { ReportText } from '../report/report.ts'
import type { CapturesBeside } from '../run/beside.ts'
import { convert, type RunOutcome } from '../run/convert.ts'
import type { Cores } from '../run/convert-input.ts'
import type { Cut } from '../run/outcome.ts'
import type { Plan, ProductPlan } from '../run/plan.ts'
import type { OpenProduct } from '../run/product.ts'
import { type Wired, wire } from '../run/wire.ts'
import { quarantine } from '../sinks/quarantine.ts'
import type { Sink } from '../sinks/sink.ts'
import { latin1 } from '../text/utf8.ts'
import type { CommandContext } from './command-context.ts'
import type { ConvertFlags } from './convert-flags.ts'
import type { Interruption } from './interruption.ts'
import type { Ending } from './io.ts'
import { parquetEngineFor } from './parquet-engine.ts'
import { givenFiles, planOf } from './plan-of.ts'
import { refuseUnknownReasons } from './stage-flags.ts'
import { Stderr } from './stderr.ts'
import { unpackingOf } from './unpacking.ts'
import { wallClock } from './wall-clock.ts'
import { withOutputs } from './with-outputs.ts'

/** What a command makes of records, and where it goes. */
export interface Product {
  readonly plan: ProductPlan
  readonly records: Named | RecordsDelivery
  /** A file that is written beside the records, and gets its name before they do; `text` is latin1. */
  readonly beside?: Named & { readonly text: string }
}

/** Takes records to another place than a file. */
export interface RecordsDelivery {
  readonly output: Output
  /** An input ended; `isWhole`: all of it was read. */
  inputEnded(isWhole: boolean): void
  /** Reading ended: waits until the records are there, or for as long as a signal leaves. */
  finish(outcome: RunOutcome, interruption: Interruption, say: (sentence: string) => void): Promise<Delivered>
  /** After a signal a live pipe is read for this time at most. */
  readonly longestDrainMs: number
}

/** What became of records that were delivered. */
export interface Delivered {
  /** Of the run, as far as it is about the delivery. */
  readonly status: RunOutcome['status']
  readonly shipped: Report['shipped']
}

const QUARANTINE = '--quarantine'
const REPORT = '--report'
/** After a signal the run waits no longer than this for the readers of its last outputs. */
const LAST_WORDS_MS = 500

/**
 * A run as the flags say. All commands that read inputs are this, with another reader or product. Returns the exit
 * status, or the signal that ended the run. Throws UsageError, InputError, EndedBySignal, and what the outputs throw.
 */
export async function runJob(
  files: readonly string[],
  flags: ConvertFlags,
  context: CommandContext,
  product: Product,
): Promise<Ending> {
  const paths = files.length === 0 ? ['-'] : files
  if (flags.id === true && flags.idSalt === undefined && paths.includes('-')) {
    throw new UsageError(
      '--id on stdin needs --id-salt TEXT',
      'stdin has no name that would keep its ids apart from those of equal bytes',
    )
  }
  const { adapters } = context
  const inputs = [...paths.map(namedInput), ...givenFiles(flags, adapters)]
  const outputs = new Outputs([...reportsOf(flags), ...productOutputs(product)], inputs, context)
  const plan = await planOf(flags, product.plan, adapters, context)
  const parquet = await parquetEngineFor(product, context)
  const wired = await wire(plan, adapters, { now: wallClock, parquet })
  refuseUnknownReasons(flags, wired.knowledge.reasons)
  return withOutputs(outputs, context.signals, async (interruption) => {
    if (isDelivery(product.records)) interruption.longestDrainMs = product.records.longestDrainMs
    const stderr = new Stderr(flags.quiet !== true, await outputs.stderr())
    interruption.announce = (signal) => stderr.drains(signal)
    const run = { paths, flags, context, product, outputs, plan, wired, interruption, stderr }
    return runOpen(run).finally(() => lastWords(stderr.end()))
  })
}

/** A run whose outputs are open. */
interface OpenRun {
  readonly paths: readonly string[]
  readonly flags: ConvertFlags
  readonly context: CommandContext
  readonly product: Product
  readonly outputs: Outputs
  readonly plan: Plan
  readonly wired: Wired
  readonly interruption: Interruption
  readonly stderr: Stderr
}

async function runOpen(run: OpenRun): Promise<Ending> {
  const { flags, outputs, wired, interruption, stderr } = run
  for (const hint of wired.knowledge.hints) stderr.hint(hint)
  const report = flags.report === undefined ? undefined : reportInto(run)
  const outcome = await convertAll(run, report)
  const { cut, delivered } = outcome
  const signal = cut === 'closed pipe' ? 'SIGPIPE' : cut && interruption.signal
  const status = signal === undefined ? outcome.status : statusOfSignal(signal)
  if (report !== undefined) {
    report.end({ ...outcome, status, interrupted: signal, shipped: delivered?.shipped })
    await lastWords(outputs.end(REPORT))
  }
  await keepOutputs(run, outcome)
  return signal ?? status
}

function reportInto({ outputs, context, wired }: OpenRun): ReportText {
  const output = outputs.to(REPORT)
  return new ReportText(context.version, wired.knowledge.candidatesOf, (text) => output.write(latin1(text)))
}

type JobOutcome = RunOutcome & { readonly delivered?: Delivered }

/** Converts all inputs, and ends all outputs but the report. */
async function convertAll(run: OpenRun, report: ReportText | undefined): Promise<JobOutcome> {
  const { product, outputs, wired } = run
  if (product.beside !== undefined) outputs.to(product.beside.as).write(product.beside.text)
  const open = wired.openProduct(recordsOutput(run))
  try {
    return await convertInto(open, run, report)
  } finally {
    open.close()
  }
}

async function convertInto(open: OpenProduct, run: OpenRun, report: ReportText | undefined): Promise<JobOutcome> {
  const { paths, flags, context, product, outputs, interruption, stderr, wired } = run
  const { sink } = open
  const { records } = product
  const delivery = isDelivery(records) ? records : undefined
  const rejects = flags.quarantine === undefined ? undefined : outputs.to(QUARANTINE)
  const outcome = await convert({
    ...wired.conversion,
    paths,
    stdin: context.stdin,
    unpacking: unpackingOf(flags, context),
    sink: rejects === undefined ? sink : withRejects(sink, rejects),
    patience: interruption,
    cores: await coresFor(run),
    beside: await besideFor(run),
    onReject: flags.onReject,
    maxRejects: flags.maxRejects,
    quarantine: rejects && ((unit) => quarantine(unit, rejects)),
    showRejected: (unit) => stderr.rejected(unit, flags.quarantine),
    ended(input) {
      report?.input(input)
      delivery?.inputEnded(input.cut === undefined && input.failure === undefined)
      if (input.cut !== 'closed pipe') stderr.input(input)
    },
    skipped: (entry) => report?.skipped(entry),
  })
  if (delivery !== undefined) {
    const delivered = await delivery.finish(outcome, interruption, (sentence) => stderr.hint(sentence))
    const cut = outcome.cut ?? (interruption.signal === undefined ? undefined : 'signal')
    await endOutputs(run)
    return { ...outcome, cut, delivered, status: graver(outcome.status, delivered.status) }
  }
  if (outcome.cut === 'signal' || !(await isFinished(open, outcome, interruption))) return { ...outcome, cut: 'signal' }
  return { ...outcome, cut: (await endOutputs(run)) ?? outcome.cut }
}

/** False: a signal ended it. What a live pipe gave is finished all the same. */
async function isFinished(product: OpenProduct, outcome: RunOutcome, interruption: Interruption): Promise<boolean> {
  const finished = product.finish(outcome)
  finished.catch(() => {})
  try {
    await interruption.wait(finished)
  } catch (error) {
    // The end of the output finds the closed pipe again.
    if (error instanceof BrokenPipe) return true
    if (!(error instanceof Interrupted)) throw error
    if (!error.isWhole) return false
    await finished
  }
  return true
}

function recordsOutput({ product: { records }, outputs }: OpenRun): Output {
  return isDelivery(records) ? records.output : outputs.to(records.as)
}

function isDelivery(records: Product['records']): records is RecordsDelivery {
  return 'finish' in records
}

/** Undefined: this thread alone converts. The code is loaded on demand: few runs need it. */
async function coresFor(run: OpenRun): Promise<Cores | undefined> {
  const { flags, context, plan, wired, interruption } = run
  const { jobs = 1 } = flags
  // Threads know nothing of side files.
  if (jobs === 1 || context.coworker === undefined || flags.sideFiles === true) return undefined
  const { isShareable, openCores } = await import('../run/cores/cores.ts')
  if (!isShareable(plan)) return undefined
  return openCores({
    jobs,
    plan,
    script: context.coworker,
    wired,
    output: recordsOutput(run),
    patience: interruption,
  })
}

/** Undefined: side files are not looked for. The code is loaded on demand. */
async function besideFor({ paths, flags, plan, context }: OpenRun): Promise<CapturesBeside | undefined> {
  if (flags.sideFiles !== true) return undefined
  if (paths.includes('-')) throw new UsageError('--side-files: stdin has no place', 'name the program with --program')
  const { CapturesBeside } = await import('../run/beside.ts')
  return new CapturesBeside(plan, context.adapters)
}

/** Sends rejected bytes on together with the records. */
function withRejects(sink: Sink, rejects: Output): Sink {
  return {
    ...sink,
    async flush() {
      await sink.flush()
      await rejects.flush()
    },
  }
}

/** Ends all outputs but the report. Returns what cut the run short meanwhile. */
async function endOutputs({ flags, product, outputs, interruption }: OpenRun): Promise<Cut | undefined> {
  let cut: Cut | undefined
  const rejects = flags.quarantine === undefined ? [] : [QUARANTINE]
  for (const name of [...rejects, ...productOutputs(product).map(({ as }) => as)]) {
    try {
      await interruption.wait(outputs.end(name))
    } catch (error) {
      if (error instanceof Interrupted) return 'signal'
      if (!(error instanceof BrokenPipe)) throw error
      cut = 'closed pipe'
    }
  }
  return cut
}

/** Gives the outputs their names, or leaves the old files where the run did not read all, and says so. */
async function keepOutputs(
  { flags, product, outputs, interruption, stderr }: OpenRun,
  outcome: RunOutcome,
): Promise<void> {
  const { cut, totals } = outcome
  const isUnread = totals.inputs > 0 && totals.failed === totals.inputs
  const isKept = cut !== 'signal' && !isUnread
  const made = productOutputs(product)
  const reports = reportsOf(flags)
  const kept = isKept ? [...reports, ...made] : reports.filter(({ as }) => as === REPORT)
  await outputs.keep(kept.map(({ as }) => as))
  outputs.discard()
  if (cut === 'closed pipe') return
  stderr.outcome(outcome, interruption.signal)
  if (!isKept) for (const { as, path } of made) stderr.leftAsItWas(as, path)
}

/** The records get their name last. */
function productOutputs({ records, beside }: Product): readonly Named[] {
  if (isDelivery(records)) return []
  return beside === undefined ? [records] : [beside, records]
}

/** What every run may write beside its product. */
function reportsOf({ quarantine: rejects, report }: ConvertFlags): readonly Named[] {
  return [
    ...(rejects === undefined ? [] : [{ as: QUARANTINE, path: rejects }]),
    ...(report === undefined ? [] : [{ as: REPORT, path: report }]),
  ]
}

/** Waits for what a reader may never take. */
async function lastWords(said: Promise<void>): Promise<void> {
  await Promise.race([said, setTimeout(LAST_WORDS_MS, undefined, { ref: false })])
}
