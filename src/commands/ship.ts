import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addHostFlags, addRecordFlags, addRunFlags, addSourceFlags } from './convert-flags.ts'
import { addEnvelopeFlags } from './envelope-flags.ts'
import { withExamples } from './help.ts'
import { addShipFlags } from './ship-flags.ts'
import type { AllShipFlags } from './ship-run.ts'
import { addStageFlags } from './stage-flags.ts'

/** `tracenorm ship --to URL [FILE...]`: brings records to a log platform, and reads what it acknowledges. */
export function shipCommand(context: CommandContext): Command {
  const command = new Command('ship')
    .description(
      'captures or records to a log platform, acknowledged: Elasticsearch, Loki, Splunk, OpenTelemetry, NATS',
    )
    .argument('[files...]', 'captures or NDJSON of tracenorm, plain, packed or in archives; none, or -, is stdin')
  addShipFlags(command)
  command.optionsGroup('What is in a request:')
  addEnvelopeFlags(command)
  addSourceFlags(command, context.adapters)
  addStageFlags(command)
  addHostFlags(command, context.env)
  addRecordFlags(command)
  addRunFlags(command)
  withExamples(command, [
    ['perf script | tracenorm ship --to loki+http://loki:3100 --spool spool --dead-letter dead.ndjson', 'live'],
    ['tracenorm ship --to es+https://logs:9200/drops --token-file token drops.ndjson', 'each record once, by its id'],
    ['tracenorm ship --to es+https://logs:9200/drops --from-dead-letter dead.ndjson', 'what was refused, again'],
  ])
  return command.action(async (files: readonly string[], flags: AllShipFlags) => {
    // On demand: what sends, retries and spools is in a script of its own.
    const { ship } = await import('./ship-run.ts')
    await ship(files, flags, context)
  })
}
