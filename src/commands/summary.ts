import { Command, InvalidArgumentError, Option } from 'commander'
import { parseFieldName } from '../event/field-names.ts'
import { spotCheck } from '../event/spot-check.ts'
import { type Explanations, loadExplanations } from '../kernel/reasons/bundle.ts'
import { dropOrigin } from '../kernel/sections.ts'
import type { RunOutcome } from '../run/convert.ts'
import type { Knowledge } from '../run/knowledge.ts'
import { summarySink } from '../sinks/summary/collect.ts'
import { documentOf, type Unread, unreadSentences } from '../sinks/summary/document.ts'
import type { Terminal } from '../sinks/summary/page.ts'
import { type Explained, renderSummary } from '../sinks/summary/render.ts'
import { lookUp } from '../text/look-up.ts'
import { printableJson } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import { addHostFlags, addSourceFlags, type ConvertFlags } from './convert-flags.ts'
import { withExamples } from './help.ts'
import type { Io } from './io.ts'
import { addRecordsFlags } from './records-flags.ts'
import { type Program, runJob } from './run-job.ts'

interface SummaryFlags {
  readonly by?: string
  readonly top: number
  readonly json?: true
  readonly output?: string
}

/** `tracenorm summary [FILE...]`: what captures or records come to. */
export function summaryCommand(program: Program): Command {
  const command = new Command('summary')
    .description('what captures or records come to: top reasons, places, processes, devices, rate over time, losses')
    .argument('[files...]', 'captures or NDJSON of tracenorm, plain or gzip; none, or -, is stdin')
  addSourceFlags(command, program.adapters)
  addSummaryFlags(command)
  addHostFlags(command, program.env)
  addRecordsFlags(command)
  withExamples(
    command,
    [
      ['tracenorm summary *.gz', 'what they come to, on one page'],
      ['perf script | tracenorm summary', 'interrupted, it tells what came'],
      ['tracenorm summary --by drop.reason,device.name drops.ndjson', 'together'],
    ],
    'statuses',
  )
  return command.action(async (files: readonly string[], flags: ConvertFlags & SummaryFlags) => {
    const fields = flags.by === undefined ? [] : flags.by.split(',')
    const sink = summarySink(
      fields.map((field) => parseFieldName(field, '--by')),
      (event) => dropOrigin(event) !== undefined,
      spotCheck('spot'),
    )
    const all: ConvertFlags = { ...flags, provenance: 'line', validate: 'spot' }
    const page = flags.output === undefined ? 'stdout' : '-o'
    const ending = await runJob(files, all, program, {
      outputs: [{ as: page, path: flags.output }],
      open: () => sink,
      async finish(outcome, knowledge, outputs) {
        const summary = sink.summary(flags.top)
        const unread = unreadOf(outcome)
        const explain = explainer(await loadExplanations(), knowledge)
        const terminal = flags.output === undefined ? await ownTerminal(program) : NO_TERMINAL
        const around = { explain, by: fields, unread: unreadSentences(unread) }
        const text =
          flags.json === true
            ? `${printableJson(documentOf(summary, fields, unread), 2)}\n`
            : renderSummary(summary, around, terminal)
        outputs.to(page).write(latin1(text))
      },
    })
    program.ends(ending)
  })
}

function addSummaryFlags(command: Command): void {
  command
    .optionsGroup('What is told:')
    .option('--by <fields>', 'count these together, too: drop.reason,device.name')
    .addOption(new Option('--top <n>', 'how many lines a list has').argParser(positive).default(10))
    .option('--json', 'for programs')
    .option('-o, --output <file>', 'instead of stdout; written beside its place and renamed when complete')
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it is a number from 1')
  return Number(text)
}

function unreadOf({ totals: { rejected, undecoded, ambiguous, foreign, failures, failed } }: RunOutcome): Unread {
  const more = failed - failures.length
  return {
    rejected,
    undecoded,
    ambiguous,
    foreign,
    failures: more === 0 ? failures : [...failures, `and ${more} more inputs could not be read`],
  }
}

/** What a reason means; of a number that got no name, what it may be. */
function explainer(explanations: Explanations, { candidatesOf }: Knowledge): (reason: string) => Explained | undefined {
  return (reason) => {
    const [, code] = /^code (\d+)$/.exec(reason) ?? []
    if (code === undefined) return lookUp(explanations.reasons, reason)
    const names = candidatesOf(Number(code)).map(({ name }) => name)
    return names.length === 0 ? undefined : { meaning: `by kernel ${names.join(', ')}: give --kernel` }
  }
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
