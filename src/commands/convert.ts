import { Command } from 'commander'
import { addHostFlags, addRecordFlags, addRunFlags, addSourceFlags, type ConvertFlags } from './convert-flags.ts'
import { withExamples } from './help.ts'
import { addOutputFlags, type OutputFlags, productOf } from './output-flags.ts'
import { type Program, runJob } from './run-job.ts'
import { addStageFlags } from './stage-flags.ts'

/** `tracenorm convert [FILE...]`: sources to records. */
export function convertCommand(program: Program): Command {
  const command = new Command('convert')
    .description('sources to records: what perf script, bpftrace and dropwatch print, to one JSON object a line')
    .argument('[files...]', 'captures, plain or gzip; none, or -, is stdin')
  addSourceFlags(command, program.adapters)
  addOutputFlags(command, 'ndjson')
  addStageFlags(command)
  addHostFlags(command, program.env)
  addRecordFlags(command)
  addRunFlags(command)
  withExamples(
    command,
    [
      ['perf script | tracenorm', 'live, or from a file: tracenorm perf.txt'],
      ['tracenorm --program drops.bt bt.log', 'bpftrace prints what its program says'],
      ['tracenorm --kernel 6.12 --timezone Europe/Berlin dw.log', 'names and ts'],
      [`tracenorm --where 'drop.reason == "NO_SOCKET"' perf.txt`, 'a filter'],
      ['tracenorm --to csv -o drops.csv perf.txt', 'a table'],
    ],
    'statuses',
  )
  return command.action(async (files: readonly string[], flags: ConvertFlags & OutputFlags) => {
    program.ends(await runJob(files, flags, program, productOf(flags, 'ndjson')))
  })
}
