import { Command } from 'commander'
import type { Adapter } from '../contract.ts'
import type { CommandContext } from './command-context.ts'
import {
  addHostFlags,
  addJobsFlag,
  addRecordFlags,
  addRunFlags,
  addSourceFlags,
  type ConvertFlags,
} from './convert-flags.ts'
import { withExamples } from './help.ts'
import type { Io } from './io.ts'
import { addOutputFlags, type OutputFlags, productOf } from './output-flags.ts'
import { runJob } from './run-job.ts'
import { addStageFlags } from './stage-flags.ts'

/** `tracenorm convert [FILE...]`: makes records of sources. */
export function convertCommand(context: CommandContext): Command {
  const command = new Command('convert')
    .description('sources to records: what perf, bpftrace, dropwatch and ftrace print, to one JSON object a line')
    .argument('[files...]', 'captures, plain, packed or in archives; none, or -, is stdin')
  addConvertFlags(command, context.adapters, context.env)
  command.optionsGroup('What is known of the capturing host:')
  command.option('--side-files', 'uses programs, format files and snapshots beside captures and above them in archives')
  addJobsFlag(command)
  withExamples(command, [
    ['perf script | tracenorm', 'live, or from a file: tracenorm perf.txt'],
    ['tracenorm --program drops.bt bt.log', 'bpftrace prints what its program says'],
    ['tracenorm --kernel 6.12 --timezone Europe/Berlin dw.log', 'names and ts'],
    [`tracenorm --where 'drop.reason == "NO_SOCKET"' perf.txt`, 'a filter'],
    ['tracenorm --to csv -o drops.csv perf.txt', 'a table'],
  ])
  return command.action(async (files: readonly string[], flags: ConvertFlags & OutputFlags) => {
    context.ends(await runJob(files, flags, context, productOf(flags, 'ndjson')))
  })
}

/** Adds all flags of `convert`. Commander gives them back as `ConvertFlags & OutputFlags`. */
export function addConvertFlags(command: Command, adapters: readonly Adapter[], env: Io['env']): void {
  addSourceFlags(command, adapters)
  addOutputFlags(command, 'ndjson')
  addStageFlags(command)
  addHostFlags(command, env)
  addRecordFlags(command)
  addRunFlags(command)
}
