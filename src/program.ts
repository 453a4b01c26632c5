import { existsSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { adapters } from '../adapters/registry.ts'
import { adaptersCommand } from './commands/adapters.ts'
import { convertCommand } from './commands/convert.ts'
import { detectCommand } from './commands/detect.ts'
import { exportCommand } from './commands/export.ts'
import { filterCommand } from './commands/filter.ts'
import { withExamples } from './commands/help.ts'
import { die } from './commands/interruption.ts'
import { programsCommand } from './commands/programs.ts'
import { reasonsCommand } from './commands/reasons.ts'
import { say } from './commands/say.ts'
import { schemaCommand } from './commands/schema.ts'
import { snapshotCommand } from './commands/snapshot.ts'
import { summaryCommand } from './commands/summary.ts'
import { validateCommand } from './commands/validate.ts'
import { typedWords } from './commands/words.ts'
import { TracenormError, UsageError } from './errors.ts'
import { BrokenPipe } from './output/output.ts'
import { fileWriter } from './output/writer.ts'
import { nearest } from './text/nearest.ts'

const SUMMARY = 'Turns the output of perf script, bpftrace and dropwatch into one validated event format.'

/** The sources' folders in the package, seen from `dist/src/`. */
const ADAPTERS = new URL('../../adapters/', import.meta.url)

/** Runs the command line `words`; leaves the process with its exit status. */
export async function main(words: readonly string[], version: string): Promise<void> {
  const program = new Command('tracenorm')
    .description(SUMMARY)
    .usage('[command] [flags] [files...]')
    .version(version, '-V, --version')
  program.addCommand(convertCommand({ adapters, version }), { isDefault: true })
  program.addCommand(filterCommand({ adapters, version }))
  program.addCommand(exportCommand({ adapters, version }))
  program.addCommand(summaryCommand({ adapters, version }))
  program.addCommand(validateCommand(adapters))
  program.addCommand(detectCommand(adapters))
  program.commandsGroup('To look things up:')
  program.addCommand(reasonsCommand())
  program.addCommand(snapshotCommand(version))
  program.addCommand(schemaCommand())
  program.addCommand(adaptersCommand(adapters))
  program.addCommand(programsCommand(adapters.map(({ name }) => new URL(`${name}/programs/`, ADAPTERS))))
  withExamples(
    program,
    [
      ['perf script | tracenorm', 'drops as they come, one record a line'],
      ['tracenorm --program drops.bt bt.log', 'what a bpftrace program printed'],
      ['tracenorm summary perf.txt', 'what a capture comes to, on one page'],
      ['tracenorm detect unknown.txt', 'what a file is'],
      ['tracenorm convert --help', 'all flags of a command'],
    ],
    'statuses',
  )
  speakAsTracenorm(program)
  try {
    if (words.length === 0 && (await isTerminal())) program.help()
    refuseMisspelt(words[0], program)
    await program.parseAsync(typedWords(words), { from: 'user' })
  } catch (error) {
    process.exitCode = statusOf(error)
  }
  // A read of stdin that nobody waits for any more would keep the process.
  process.exit()
}

/** Wrong usage is told in the program's name, and comes back as an error, in commands of commands too. */
function speakAsTracenorm(command: Command): void {
  command.exitOverride().configureOutput({
    writeOut: print,
    // One line; commander has a suggestion on a second one.
    outputError: (text) =>
      say(
        text
          .replace(/^error: /, '')
          .replace(/\n\(Did you mean (.*)\?\)\n$/s, '; $1 was meant?')
          .trimEnd(),
      ),
  })
  for (const inner of command.commands) speakAsTracenorm(inner)
}

/** A first word that is no file, and nearly a command: convert would say no more than that there is no such file. */
function refuseMisspelt(word: string | undefined, program: Command): void {
  const names = program.commands.map((command) => command.name())
  if (word === undefined || !/^[a-z]+$/i.test(word) || names.includes(word) || word === 'help' || existsSync(word))
    return
  const [meant] = nearest(word, names)
  if (meant !== undefined)
    throw new UsageError(`"${word}" is no command and no file`, `"tracenorm ${meant}" was meant?`)
}

/** Not `process.stdin`, which makes a pipe non-blocking for all who have it. */
async function isTerminal(): Promise<boolean> {
  const { isatty } = await import('node:tty')
  return isatty(0)
}

/** Help and version. Throws InputError and BrokenPipe, which `process.stdout` would tell too late. */
function print(text: string): void {
  const stdout = fileWriter(1, 'stdout')
  stdout.write(Buffer.from(text, 'utf8'))
  stdout.room()
}

function statusOf(error: unknown): number {
  // Quietly, as `cat` would.
  if (error instanceof BrokenPipe) return die('SIGPIPE')
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof TracenormError) {
    say(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`)
    return error.code
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  for (const line of stack.split('\n')) say(line)
  return 70
}
