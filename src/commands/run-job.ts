import { setTimeout } from 'node:timers/promises'
import type { Adapter } from '../contract.ts'
import { UsageError } from '../errors.ts'
import { type SpotCheck, spotCheck } from '../event/spot-check.ts'
import { Interrupted } from '../input/patience.ts'
import { wholeRelease } from '../kernel/reasons/release.ts'
import { BrokenPipe, type Output } from '../output/output.ts'
import { type Named, namedInput, Outputs } from '../output/outputs.ts'
import { statusOfSignal } from '../report/exit.ts'
import { ReportText } from '../report/report.ts'
import { convert, type RunOutcome } from '../run/convert.ts'
import { type Knowledge, openKnowledge } from '../run/knowledge.ts'
import type { Cut } from '../run/outcome.ts'
import { quarantine } from '../sinks/quarantine.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Stage } from '../stages/stage.ts'
import { shellWord } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import { adapterFlags, type ConvertFlags, impliedReader, readerOf } from './convert-flags.ts'
import { givenSnapshot } from './given-snapshot.ts'
import type { Interruption } from './interruption.ts'
import type { Ending, Io } from './io.ts'
import { stagesOf } from './stage-flags.ts'
import { Stderr } from './stderr.ts'
import { withOutputs } from './with-outputs.ts'

/** What the root hands to the commands. */
export interface Program extends Io {
  readonly adapters: readonly Adapter[]
  /** A command calls this at its end; without a call it ended with status 0. */
  readonly ends: (ending: Ending) => void
}

/** What a command makes of records. */
export interface Product {
  /** Where it goes, beside what every run may write; the last gets its name last. */
  readonly outputs: readonly Named[]
  /** All outputs are open: where records go. */
  open(outputs: Outputs, isChecked: SpotCheck): Sink
  /** All records came: writes what is said at the end. */
  finish?(outcome: RunOutcome, knowledge: Knowledge, outputs: Outputs): Promise<void>
}

const QUARANTINE = '--quarantine'
const REPORT = '--report'
/** What is still to be said after a signal waits no longer for its reader. */
const LAST_WORDS_MS = 500

/**
 * A run as the flags say: all commands that read inputs are this with another reader or product. Returns the exit status, or the signal that ended the
 * run. Throws UsageError, EndedBySignal, and what the outputs throw.
 */
export async function runJob(
  files: readonly string[],
  flags: ConvertFlags,
  program: Program,
  product: Product,
): Promise<Ending> {
  const paths = files.length === 0 ? ['-'] : files
  if (flags.id === true && flags.idSalt === undefined && paths.includes('-')) {
    throw new UsageError(
      '--id on stdin needs --id-salt TEXT',
      'stdin has no name that would keep its ids apart from those of equal bytes',
    )
  }
  const outputs = new Outputs([...besideOf(flags), ...product.outputs], inputsOf(paths, flags), program)
  const knowledge = await knowledgeOf(flags, program)
  const stages = await stagesOf(flags, BigInt(Date.now()) * 1_000_000n, knowledge.reasons)
  return withOutputs(outputs, program.signals, async (interruption) => {
    const stderr = new Stderr(flags.quiet !== true, await outputs.stderr())
    interruption.announce = (signal) => stderr.drains(signal)
    const run = { paths, flags, program, product, outputs, stages, knowledge, interruption, stderr }
    return runOpen(run).finally(() => lastWords(stderr.end()))
  })
}

/** A run whose outputs are open. */
interface OpenRun {
  readonly paths: readonly string[]
  readonly flags: ConvertFlags
  readonly program: Program
  readonly product: Product
  readonly outputs: Outputs
  readonly stages: readonly Stage[]
  readonly knowledge: Knowledge
  readonly interruption: Interruption
  readonly stderr: Stderr
}

async function runOpen(run: OpenRun): Promise<Ending> {
  const { flags, outputs, knowledge, interruption, stderr } = run
  for (const hint of knowledge.hints) stderr.hint(hint)
  const report = flags.report === undefined ? undefined : reportInto(run)
  const read = await convertAll(run, report)
  const outcome = read.cut === 'signal' ? read : { ...read, cut: (await finish(run, read)) ?? read.cut }
  const { cut, totals } = outcome
  const signal = cut === 'closed pipe' ? 'SIGPIPE' : cut && interruption.signal
  const status = signal === undefined ? outcome.status : statusOfSignal(signal)
  if (report !== undefined) {
    report.end({ ...outcome, status, interrupted: signal })
    await lastWords(outputs.end(REPORT))
  }
  const isUnread = totals.inputs > 0 && totals.failed === totals.inputs
  const isKept = cut !== 'signal' && !isUnread
  const names = besideOf(flags).map(({ as }) => as)
  await outputs.keep(isKept ? [...names, ...productNames(run)] : names.filter((as) => as === REPORT))
  outputs.discard()
  if (cut !== 'closed pipe') {
    stderr.outcome(outcome, interruption.signal)
    if (!isKept) for (const { as, path } of run.product.outputs) stderr.leftAsItWas(as, path)
  }
  return signal ?? status
}

function reportInto({ outputs, program, knowledge }: OpenRun): ReportText {
  const output = outputs.to(REPORT)
  return new ReportText(program.version, knowledge.candidatesOf, (text) => output.write(latin1(text)))
}

async function convertAll(run: OpenRun, report: ReportText | undefined): Promise<RunOutcome> {
  const { paths, flags, program, product, outputs, stages, knowledge, interruption, stderr } = run
  const { adapters, stdin } = program
  const rejects = flags.quarantine === undefined ? undefined : outputs.to(QUARANTINE)
  const sink = product.open(outputs, spotCheck(flags.validate))
  return convert({
    paths,
    stdin,
    adapters,
    from: readerOf(flags.from, adapters),
    implied: impliedReader(flags, adapters),
    knowledge: knowledge.forReader,
    timekeeper: knowledge.timekeeper,
    stamp: {
      host: flags.host,
      release: flags.kernel === undefined ? undefined : wholeRelease(flags.kernel),
      labels: flags.label,
      provenance: flags.provenance,
      id: flags.id === true ? { salt: flags.idSalt } : undefined,
    },
    stages,
    sink: rejects === undefined ? sink : withRejects(sink, rejects),
    patience: interruption,
    onReject: flags.onReject,
    maxRejects: flags.maxRejects,
    quarantine: rejects && ((unit) => quarantine(unit, rejects)),
    tellRejected: (unit) => stderr.rejected(unit, flags.quarantine),
    ended(input) {
      report?.input(input)
      if (input.cut !== 'closed pipe') stderr.input(input)
    },
  })
}

/** Rejected bytes go on with the records. */
function withRejects(sink: Sink, rejects: Output): Sink {
  return {
    write: (record) => sink.write(record),
    async flush() {
      await sink.flush()
      await rejects.flush()
    },
  }
}

/** Ends all outputs but the report; tells what cut it short. */
async function finish(run: OpenRun, outcome: RunOutcome): Promise<Cut | undefined> {
  const { flags, product, outputs, knowledge, interruption } = run
  await product.finish?.(outcome, knowledge, outputs)
  let cut: Cut | undefined
  for (const name of [...(flags.quarantine === undefined ? [] : [QUARANTINE]), ...productNames(run)]) {
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

function productNames({ product }: OpenRun): readonly string[] {
  return product.outputs.map(({ as }) => as)
}

function besideOf({ quarantine: rejects, report }: ConvertFlags): readonly Named[] {
  return [
    ...(rejects === undefined ? [] : [{ as: QUARANTINE, path: rejects }]),
    ...(report === undefined ? [] : [{ as: REPORT, path: report }]),
  ]
}

/** All that is read, also beside the inputs. */
function inputsOf(paths: readonly string[], { reasons, snapshot, program }: ConvertFlags): readonly Named[] {
  const beside = [
    { as: '--reasons', path: reasons },
    { as: '--snapshot', path: snapshot === 'self' ? undefined : snapshot },
    { as: '--program', path: program === 'auto' ? undefined : program },
  ]
  return [
    ...paths.map(namedInput),
    ...beside.flatMap(({ as, path }) => (path === undefined ? [] : [{ as: `${as} ${shellWord(path)}`, path }])),
  ]
}

async function knowledgeOf(flags: ConvertFlags, program: Program): Promise<Knowledge> {
  return openKnowledge({
    stdin: program.stdin,
    flags: adapterFlags(flags, program.adapters),
    kernel: flags.kernel,
    distro: flags.distro,
    reasons: flags.reasons,
    snapshot: flags.snapshot === undefined ? undefined : await givenSnapshot(flags.snapshot, program),
    time: {
      ...(flags.timezone !== undefined && { zone: flags.timezone }),
      ...(flags.clock !== undefined && { clock: flags.clock }),
      ...(flags.bootTime !== undefined && { bootNs: flags.bootTime }),
    },
    program: flags.program,
    programText: flags.e,
  })
}

/** Waits for what a reader may never take. */
async function lastWords(said: Promise<void>): Promise<void> {
  await Promise.race([said, setTimeout(LAST_WORDS_MS, undefined, { ref: false })])
}
