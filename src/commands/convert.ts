import { Command, Option } from 'commander'
import type { Adapter } from '../contract.ts'
import { UsageError } from '../errors.ts'
import { proofOf } from '../event/proof.ts'
import { reportOf } from '../report/report.ts'
import { convert, type RunOutcome } from '../run/convert.ts'
import { openSide } from '../run/side.ts'
import { ndjsonSink } from '../sinks/ndjson.ts'
import { fileOutput, stdoutOutput } from '../sinks/output.ts'
import { quarantineFile } from '../sinks/quarantine.ts'
import { kindStage } from '../stages/kind.ts'
import { latin1 } from '../text/utf8.ts'
import {
  adapterFlags,
  addHostFlags,
  addRecordFlags,
  addRunFlags,
  addSourceFlags,
  type ConvertFlags,
  readerOf,
} from './convert-flags.ts'
import { dieIfInterrupted, interruption } from './interruption.ts'
import { Told } from './told.ts'

/** `tracenorm convert [FILE...]`: sources to records. */
export function convertCommand(adapters: readonly Adapter[], version: string): Command {
  const command = new Command('convert')
    .description('sources to records: what perf script, bpftrace and dropwatch print, to one JSON object a line')
    .argument('[files...]', 'captures, plain or gzip; none, or -, is stdin')
  addSourceFlags(command, adapters)
  command
    .addOption(new Option('--to <form>', 'what is written').choices(['ndjson']).default('ndjson'))
    .option(
      '-o, --output <file>',
      'instead of stdout; written beside its place and renamed when complete; .gz compresses',
    )
  addHostFlags(command)
  addRecordFlags(command)
  addRunFlags(command)
  return command.action(async (files: readonly string[], flags: ConvertFlags) => {
    process.exitCode = await runConvert(files.length === 0 ? ['-'] : files, flags, adapters, version)
  })
}

async function runConvert(
  paths: readonly string[],
  flags: ConvertFlags,
  adapters: readonly Adapter[],
  version: string,
): Promise<number> {
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
    time: {
      ...(flags.timezone !== undefined && { zone: flags.timezone }),
      ...(flags.clock !== undefined && { clock: flags.clock }),
      ...(flags.bootTime !== undefined && { bootNs: flags.bootTime }),
    },
    program: flags.program,
    programText: flags.e,
  })
  for (const hint of side.hints) told.hint(hint)
  const quarantine = flags.quarantine === undefined ? undefined : quarantineFile(fileOutput(flags.quarantine))
  const sink = ndjsonSink(flags.output === undefined ? stdoutOutput() : fileOutput(flags.output))
  const stop = interruption()
  let outcome: RunOutcome
  try {
    outcome = await convert({
      paths,
      adapters,
      from: readerOf(impliedReader(flags), adapters),
      side: side.forReader,
      timekeeper: side.timekeeper,
      stamp: {
        host: flags.host,
        labels: flags.label,
        provenance: flags.provenance,
        id: flags.id === true ? { salt: flags.idSalt } : undefined,
      },
      stages: [kindStage(flags.kind)],
      sink,
      proof: proofOf(flags.validate),
      onReject: flags.onReject,
      maxRejects: flags.maxRejects,
      quarantine: quarantine?.put,
      tellRejected: (unit) => told.rejected(unit, flags.quarantine),
      stop,
    })
    await sink.end()
    await quarantine?.end()
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
  told.outcome(outcome)
  dieIfInterrupted(stop)
  return outcome.status
}

/** A program is one of bpftrace. */
function impliedReader({ from, program, e }: ConvertFlags): string {
  return from === 'auto' && (program !== undefined || e !== undefined) ? 'bpftrace' : from
}
