import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { adapters } from '../adapters/registry.ts'
import { adaptersCommand } from './commands/adapters.ts'
import { answer } from './commands/answer.ts'
import { batchCommand } from './commands/batch.ts'
import type { CommandContext } from './commands/command-context.ts'
import { convertCommand } from './commands/convert.ts'
import { detectCommand } from './commands/detect.ts'
import { exportCommand } from './commands/export.ts'
import { filterCommand } from './commands/filter.ts'
import { withExamples } from './commands/help.ts'
import type { Ending, Io } from './commands/io.ts'
import { programsCommand } from './commands/programs.ts'
import { reasonsCommand } from './commands/reasons.ts'
import { say } from './commands/say.ts'
import { schemaCommand } from './commands/schema.ts'
import { shipCommand } from './commands/ship.ts'
import { snapshotCommand } from './commands/snapshot.ts'
import { summaryCommand } from './commands/summary.ts'
import { validateCommand } from './commands/validate.ts'
import { EndedBySignal } from './commands/with-outputs.ts'
import { TracenormError, UsageError } from './errors.ts'
import { BrokenPipe } from './output/output.ts'
import { nearest } from './text/nearest.ts'

const SUMMARY = 'Turns the output of perf, bpftrace, dropwatch and ftrace into one validated event format.'

/**
 * Runs the command line `words` and returns how it ended. It throws nothing: an error becomes a sentence on stderr and
 * an exit status.
 */
export async function main(words: readonly string[], io: Io): Promise<Ending> {
  let ending: Ending = 0
  const command = commandsOf({
    ...io,
    adapters,
    ends: (how) => {
      ending = how
    },
  })
  speakAsTracenorm(command, io)
  try {
    if (words.length === 0 && (await io.stdin.isTerminal())) command.help()
    refuseMisspelt(words[0], command)
    await command.parseAsync(words, { from: 'user' })
  } catch (error) {
    return endingOf(error, io)
  }
  return ending
}

/**
 * What a thread of the program does: it converts files of a batch, or stretches of an input that the run shares.
 * `clock`: milliseconds since 1970.
 */
export async function workAlong(clock: () => number): Promise<void> {
  const { workerData } = await import('node:worker_threads')
  if (workerData.work === 'files') {
    const { workOnFiles } = await import('./batch/thread.ts')
    workOnFiles(adapters, clock)
  } else {
    const { cowork } = await import('./run/cores/thread.ts')
    await cowork(adapters)
  }
}

function commandsOf(program: CommandContext): Command {
  const command = new Command('tracenorm')
    .description(SUMMARY)
    .usage('[command] [flags] [files...]')
    .version(program.version, '-V, --version')
  command.addCommand(convertCommand(program), { isDefault: true })
  command.addCommand(batchCommand(program))
  command.addCommand(filterCommand(program))
  command.addCommand(exportCommand(program))
  command.addCommand(summaryCommand(program))
  command.addCommand(validateCommand(program))
  command.addCommand(shipCommand(program))
  command.addCommand(detectCommand(program))
  command.commandsGroup('To look things up:')
  command.addCommand(reasonsCommand((text) => answer(program, text)))
  command.addCommand(snapshotCommand(program))
  command.addCommand(schemaCommand(program))
  command.addCommand(adaptersCommand(program))
  command.addCommand(programsCommand(programFolders(program), program))
  return withExamples(command, [
    ['perf script | tracenorm', 'drops as they come, one record a line'],
    ['tracenorm --program drops.bt bt.log', 'what a bpftrace program printed'],
    ['tracenorm summary perf.txt', 'what a capture comes to, on one page'],
    ['tracenorm detect unknown.txt', 'what a file is'],
    ['tracenorm convert --help', 'all flags of a command'],
  ])
}

function programFolders({ home }: Io): readonly URL[] {
  return adapters.map(({ name }) => new URL(`adapters/${name}/programs/`, home))
}

/** Reports wrong usage in the program's name and throws it as an error, also in commands of commands. */
function speakAsTracenorm(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    // Help and version. Throws InputError and BrokenPipe.
    writeOut: (text) => io.stdout.writeNow(Buffer.from(text, 'utf8'), 'stdout'),
    // One line; commander has a suggestion on a second one.
    outputError: (text) =>
      say(
        io.stderr,
        text
          .replace(/^error: /, '')
          .replace(/\n\(Did you mean (.*)\?\)\n$/s, '; $1 was meant?')
          .trimEnd(),
      ),
  })
  for (const inner of command.commands) speakAsTracenorm(inner, io)
}

/**
 * Throws UsageError where the first word is no file but resembles a command. Convert, the command that it would be
 * given to, only says that there is no such file.
 */
function refuseMisspelt(word: string | undefined, program: Command): void {
  const names = program.commands.map((command) => command.name())
  if (word === undefined || !/^[a-z]+$/i.test(word) || names.includes(word) || word === 'help' || existsSync(word))
    return
  const [meant] = nearest(word, names)
  if (meant !== undefined)
    throw new UsageError(`"${word}" is no command and no file`, `"tracenorm ${meant}" was meant?`)
}

function endingOf(error: unknown, { stderr }: Io): Ending {
  // Quietly, as `cat` would.
  if (error instanceof BrokenPipe) return 'SIGPIPE'
  if (error instanceof EndedBySignal) return error.signal
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof TracenormError) {
    say(stderr, error.sentence)
    return error.code
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  for (const line of stack.split('\n')) say(stderr, line)
  return 70
}
