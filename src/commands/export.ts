import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { ConvertFlags } from './convert-flags.ts'
import { withExamples } from './help.ts'
import { addOutputFlags, type OutputFlags, productOf } from './output-flags.ts'
import { addRecordsFlags, recordsFlags } from './records-flags.ts'
import { runJob } from './run-job.ts'

/** `tracenorm export --to csv [FILE...]`: writes records in another form. */
export function exportCommand(context: CommandContext): Command {
  const command = new Command('export')
    .description('records to another form: CSV, Parquet, request bodies of log platforms')
    .argument('[files...]', 'NDJSON of tracenorm, plain, packed or in archives; none, or -, is stdin')
  addRecordsFlags(command)
  addOutputFlags(command, 'csv')
  withExamples(command, [
    ['tracenorm export --to csv -o drops.csv drops.ndjson', 'all columns'],
    ['tracenorm export --columns ts,drop.reason,process.comm drops.ndjson', 'these'],
  ])
  return command.action(async (files: readonly string[], flags: ConvertFlags & OutputFlags) => {
    context.ends(await runJob(files, recordsFlags(flags), context, productOf(flags, 'csv')))
  })
}
