import { availableParallelism } from 'node:os'
import { Command, Option } from 'commander'
import type { Leasing } from '../batch/queue/leasing.ts'
import { addMachineFlags, refuseMixedRoles } from './batch-machines.ts'
import type { CommandContext } from './command-context.ts'
import {
  addHostFlags,
  addRecordFlags,
  addRunFlags,
  addSourceFlags,
  type ConvertFlags,
  jobsOf,
} from './convert-flags.ts'
import { withExamples } from './help.ts'
import type { Ending } from './io.ts'
import { addTableFlags, type OutputFlags } from './output-flags.ts'
import { addStageFlags } from './stage-flags.ts'

/** The flags of `batch` as commander gives them. */
export interface BatchFlags extends ConvertFlags, OutputFlags {
  readonly out: string
  readonly compress?: 'gzip' | 'zstd'
  readonly mergeOutput?: string
  readonly filesFrom?: string
  readonly sideFiles: boolean
  readonly retryFailed?: true
  readonly trustTimes?: true
  readonly dryRun?: true
  readonly jobs: number
  readonly shard?: string
  readonly mergeManifests?: true
  /** The address of a queue. */
  readonly queue?: string
  readonly enqueue?: true
  readonly work?: true
  readonly collect?: true
  readonly queueFiles?: true
}

/**
 * `tracenorm batch INPUT... --out DIR`: a tree of captures to a tree of results. `leasing`: that of a queue, where it
 * is not the usual one.
 */
export function batchCommand(context: CommandContext, leasing?: Leasing): Command {
  const command = new Command('batch')
    .description('a tree of captures and archives to a tree of results, in parallel; a run that was ended goes on')
    .argument('[inputs...]', 'files, folders and globs')
  addTreeFlags(command)
  addMachineFlags(command)
  addSourceFlags(command, context.adapters)
  command.optionsGroup('What is written:')
  command.addOption(
    new Option('--to <form>', 'the form of the results').choices(['ndjson', 'csv', 'parquet']).default('ndjson'),
  )
  command.addOption(new Option('--compress <how>', 'compresses the results').choices(['gzip', 'zstd']))
  command.option('--merge-output <file>', 'writes the records of all results, in the order of paths, to one file, too')
  addTableFlags(command)
  addStageFlags(command)
  addHostFlags(command, context.env)
  addRecordFlags(command)
  addRunFlags(command, 'folder')
  withExamples(command, [
    ['tracenorm batch captures/ --out results/', 'again: only what is new or changed'],
    ['tracenorm batch "night/*.tar.gz" --out results/ --to csv --compress gzip', 'all that a glob finds'],
    ['find . -newer last | tracenorm batch --files-from - --out results/', 'all that another program lists'],
  ])
  return command.action(async (inputs: readonly string[], flags: BatchFlags) => {
    context.ends(await runAs(inputs, flags, context, leasing))
  })
}

/** On demand: no other command needs any of it. */
async function runAs(
  inputs: readonly string[],
  flags: BatchFlags,
  context: CommandContext,
  leasing: Leasing | undefined,
): Promise<Ending> {
  refuseMixedRoles(inputs, flags)
  if (flags.mergeManifests === true) {
    const { runMerge } = await import('./batch-merge.ts')
    return runMerge(flags, context)
  }
  if (flags.queue !== undefined) {
    const { runQueue } = await import('./batch-queue.ts')
    return runQueue(flags.queue, inputs, flags, context, leasing)
  }
  const { runBatchCommand } = await import('./batch-run.ts')
  return runBatchCommand(inputs, flags, context)
}

function addTreeFlags(command: Command): void {
  command
    .optionsGroup('Which files, and where results go:')
    .requiredOption('--out <dir>', 'the folder of the results and of manifest.ndjson, which says what is done')
    .option('--files-from <file>', 'a list of inputs, a line each (or NUL between them); - is stdin')
    .option('--no-side-files', 'does not look for programs, format files and snapshots beside captures and above them')
    .option('--retry-failed', 'converts again what failed')
    .option('--trust-times', 'does not read files again whose size, time of change and inode are the same')
    .option('--dry-run', 'prints what would be done, and does nothing')
    .addOption(
      new Option('--jobs <n>', 'threads; the result is the same')
        .argParser(jobsOf)
        .default(availableParallelism(), 'one for each processor'),
    )
}
