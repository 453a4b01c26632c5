import type { Adapter } from '../contract.ts'
import { UsageError } from '../errors.ts'
import { proofOf } from '../event/proof.ts'
import { wholeRelease } from '../kernel/reasons/release.ts'
import { reportOf } from '../report/report.ts'
import { convert, type RunOutcome } from '../run/convert.ts'
import { openSide, type RunSide } from '../run/side.ts'
import { fileOutput } from '../sinks/output.ts'
import { quarantineFile } from '../sinks/quarantine.ts'
import type { Sink } from '../sinks/sink.ts'
import { latin1 } from '../text/utf8.ts'
import { adapterFlags, type ConvertFlags, impliedReader, readerOf } from './convert-flags.ts'
import { givenSnapshot } from './given-snapshot.ts'
import { dieIfInterrupted, interruption } from './interruption.ts'
import { stagesOf } from './stage-flags.ts'
import { Told } from './told.ts'

/** The program's own facts, handed in from the root. */
export interface Program {
  readonly adapters: readonly Adapter[]
  readonly version: string
}

/**
 * A run as the flags say, into `openSink`, and `finish` at its end: all commands that read inputs are this with another reader or sink. Gives the
 * exit status. Throws UsageError, and what the outputs throw.
 */
export async function runJob(
  files: readonly string[],
  flags: ConvertFlags,
  { adapters, version }: Program,
  openSink: () => Sink,
  finish: (outcome: RunOutcome, side: RunSide) => Promise<void> = async () => {},
): Promise<number> {
  const paths = files.length === 0 ? ['-'] : files
  if (flags.id === true && flags.idSalt === undefined && paths.includes('-')) {
    throw new UsageError(
      '--id on stdin needs --id-salt TEXT',
      'stdin has no name that would keep its ids apart from those of equal bytes',
    )
  }
  const told = new Told(flags.quiet !== true)
  const side = await openSide({
    flags: adapterFlags(flags, adapters),
    kernel: flags.kernel,
    distro: flags.distro,
    reasons: flags.reasons,
    snapshot: flags.snapshot === undefined ? undefined : await givenSnapshot(flags.snapshot, version),
    time: {
      ...(flags.timezone !== undefined && { zone: flags.timezone }),
      ...(flags.clock !== undefined && { clock: flags.clock }),
      ...(flags.bootTime !== undefined && { bootNs: flags.bootTime }),
    },
    program: flags.program,
    programText: flags.e,
  })
  const stages = await stagesOf(flags, BigInt(Date.now()) * 1_000_000n, side.reasons)
  for (const hint of side.hints) told.hint(hint)
  const quarantine = flags.quarantine === undefined ? undefined : quarantineFile(fileOutput(flags.quarantine))
  let sink: Sink
  try {
    sink = openSink()
  } catch (error) {
    quarantine?.discard()
    throw error
  }
  const stop = interruption()
  let outcome: RunOutcome
  try {
    outcome = await convert({
      paths,
      adapters,
      from: readerOf(flags.from, adapters),
      implied: impliedReader(flags, adapters),
      side: side.forReader,
      timekeeper: side.timekeeper,
      stamp: {
        host: flags.host,
        release: flags.kernel === undefined ? undefined : wholeRelease(flags.kernel),
        labels: flags.label,
        provenance: flags.provenance,
        id: flags.id === true ? { salt: flags.idSalt } : undefined,
      },
      stages,
      sink,
      proof: proofOf(flags.validate),
      onReject: flags.onReject,
      maxRejects: flags.maxRejects,
      quarantine: quarantine?.put,
      tellRejected: (unit) => told.rejected(unit, flags.quarantine),
      stop,
    })
    // The records last: they get their name only when the rejected bytes are safe.
    await quarantine?.end()
    await sink.end()
  } catch (error) {
    sink.discard()
    quarantine?.discard()
    throw error
  }
  if (flags.report !== undefined) {
    const report = fileOutput(flags.report)
    report.write(latin1(`${JSON.stringify(reportOf(outcome, version, side.candidatesOf), undefined, 2)}\n`))
    await report.end()
  }
  await finish(outcome, side)
  told.outcome(outcome)
  dieIfInterrupted(stop)
  return outcome.status
}
