import { Command, InvalidArgumentError, Option } from 'commander'
import { parseFieldName } from '../event/field-names.ts'
import type { SummaryPlan } from '../run/plan.ts'
import type { Terminal } from '../sinks/summary/page.ts'
import type { CommandContext } from './command-context.ts'
import { addHostFlags, addSourceFlags, type ConvertFlags } from './convert-flags.ts'
import { withExamples } from './help.ts'
import type { Io } from './io.ts'
import { addRecordsFlags } from './records-flags.ts'
import { runJob } from './run-job.ts'

interface SummaryFlags {
  readonly by?: string
  readonly top: number
  readonly json?: true
  readonly output?: string
}

/** `tracenorm summary [FILE...]`: counts what is in captures or records. */
export function summaryCommand(context: CommandContext): Command {
  const command = new Command('summary')
    .description(
      'counts what is in captures or records: top reasons, places, processes, devices, rate over time, losses',
    )
    .argument('[files...]', 'captures or NDJSON of tracenorm, plain, packed or in archives; none, or -, is stdin')
  addSourceFlags(command, context.adapters)
  addSummaryFlags(command)
  addHostFlags(command, context.env)
  addRecordsFlags(command)
  withExamples(command, [
    ['tracenorm summary *.gz', 'what is in them, on one page'],
    ['perf script | tracenorm summary', 'interrupted, it shows what came'],
    ['tracenorm summary --by drop.reason,device.name drops.ndjson', 'pairs of them'],
  ])
  return command.action(async (files: readonly string[], flags: ConvertFlags & SummaryFlags) => {
    const all: ConvertFlags = { ...flags, provenance: 'line', validate: 'spot' }
    const ending = await runJob(files, all, context, {
      plan: summaryPlan(flags, flags.output === undefined ? await ownTerminal(context) : NO_TERMINAL),
      records: { as: flags.output === undefined ? 'stdout' : '-o', path: flags.output },
    })
    context.ends(ending)
  })
}

function summaryPlan({ by, top, json }: SummaryFlags, terminal: Terminal): SummaryPlan {
  const fields = by === undefined ? [] : by.split(',')
  return {
    as: 'summary',
    by: fields.map((field) => parseFieldName(field, '--by')),
    top,
    page: json === true ? 'json' : terminal,
  }
}

function addSummaryFlags(command: Command): void {
  command
    .optionsGroup('What is shown:')
    .option('--by <fields>', 'count combinations of these fields, too: drop.reason,device.name')
    .addOption(new Option('--top <n>', 'how many lines a list has').argParser(positive).default(10))
    .option('--json', 'for programs')
    .option('-o, --output <file>', 'instead of stdout; written beside its place and renamed when complete')
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it is a whole number, 1 or more')
  return Number(text)
}

const NO_TERMINAL: Terminal = { width: undefined, colour: false }

async function ownTerminal({ stdout, env }: Io): Promise<Terminal> {
  const terminal = await stdout.terminal()
  if (terminal === undefined) return { width: undefined, colour: isOn(env.FORCE_COLOR) }
  return {
    width: [Number(env.COLUMNS), terminal.columns].find((columns) => columns > 0),
    colour: isOn(env.FORCE_COLOR) || (!isOn(env.NO_COLOR) && env.TERM !== 'dumb'),
  }
}

function isOn(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0'
}
