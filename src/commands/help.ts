import type { Command } from 'commander'

/** A command line, and what it does. */
export type Example = readonly [line: string, does: string]

/** Adds examples after the flags, and the meaning of exit statuses. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length))
  const isNarrow = examples.every(([, does]) => width + does.length + 7 <= 80)
  const lines = examples.map(([line, does]) =>
    isNarrow ? `    ${line.padEnd(width)}   ${does}` : `    ${line}\n        ${does}`,
  )
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
  return command.addHelpText('after', EXIT_STATUSES)
}

const EXIT_STATUSES = `
Exit status, the first that applies:
    2    wrong usage
    70   a bug of tracenorm
    1    a file could not be read or written
    4    stopped at --max-rejects or --on-reject fail
    3    done, but something was rejected, or most of an input was not understood
    5    validate: something is not valid
    0    all input was understood`
