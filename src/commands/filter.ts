import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { ConvertFlags } from './convert-flags.ts'
import { withExamples } from './help.ts'
import { addOutputFlags, type OutputFlags, productOf } from './output-flags.ts'
import { addRecordsFlags, recordsFlags } from './records-flags.ts'
import { runJob } from './run-job.ts'

/** `tracenorm filter EXPR [FILE...]`: keeps some of the records. */
export function filterCommand(context: CommandContext): Command {
  const command = new Command('filter')
    .description('records to records: keeps those for which a CEL expression is true')
    .argument('<expression>', 'such as drop.reason == "NO_SOCKET" && skb.len > 100')
    .argument('[files...]', 'NDJSON of tracenorm, plain, packed or in archives; none, or -, is stdin')
  addRecordsFlags(command)
  addOutputFlags(command, 'ndjson')
  withExamples(command, [
    [`tracenorm filter 'drop.reason == "NO_SOCKET" && skb.len > 100' drops.ndjson`, 'in quotes, because of the shell'],
    [`tracenorm filter 'stack.exists(f, f.symbol == "tcp_v4_rcv")' drops.ndjson`, 'docs/filter.md has the language'],
  ])
  return command.action(async (expression: string, files: readonly string[], flags: ConvertFlags & OutputFlags) => {
    context.ends(await runJob(files, recordsFlags({ ...flags, expression }), context, productOf(flags, 'ndjson')))
  })
}
