import { Command } from 'commander'
import { SchemaError } from '../errors.ts'
import { openCaptures } from '../input/captures.ts'
import { validateFile, wireValidation } from '../run/validate.ts'
import { inputName } from '../text/printable.ts'
import type { CommandContext } from './command-context.ts'
import { OWN_NDJSON } from './records-flags.ts'
import { say } from './say.ts'
import { unpackingOf } from './unpacking.ts'

/** Invalid lines beyond these are only counted. */
const FIRST_INVALID = 20

/** `tracenorm validate [FILE...]`: checks that lines are events. The run ends with status 5 when one is not. */
export function validateCommand(context: CommandContext): Command {
  return new Command('validate')
    .description('checks NDJSON against the schema of the events; says line, field, and why')
    .argument('[files...]', 'NDJSON, plain, packed or in archives; none, or -, is stdin')
    .option('--strict', 'also refuses members that the schema does not name')
    .option('-q, --quiet', 'only the exit status')
    .action(async (files: readonly string[], flags: ValidateFlags) => {
      const totals = await validateAll(files.length === 0 ? ['-'] : files, flags, context)
      const { lines, invalid, failed } = totals
      if (invalid > FIRST_INVALID && flags.quiet !== true)
        say(context.stderr, `${invalid - FIRST_INVALID} more are not valid`)
      if (failed > 0) context.ends(1)
      else if (invalid > 0) throw new SchemaError(`${invalid} of ${lines} records are not valid`)
      else if (flags.quiet !== true) say(context.stderr, `${lines} records, all valid`)
    })
}

interface ValidateFlags {
  readonly strict?: true
  readonly quiet?: true
}

/** Checks the files in order, and says what is wrong with the first lines that are not valid. */
async function validateAll(
  paths: readonly string[],
  flags: ValidateFlags,
  context: CommandContext,
): Promise<{ readonly lines: number; readonly invalid: number; readonly failed: number }> {
  const { adapters, stderr } = context
  const wired = await wireValidation(OWN_NDJSON, flags.strict === true ? 'strict' : 'open', adapters)
  let invalid = 0
  let lines = 0
  let failed = 0
  const source = { stdin: context.stdin, unpacking: unpackingOf({}, context), isLast: true }
  for (const file of paths) {
    for await (const found of openCaptures(file, source)) {
      if (found.as === 'skipped') continue
      const checked = await validateFile(found.path, found.bytes, wired, ({ path, line, why }) => {
        invalid++
        if (flags.quiet !== true && invalid <= FIRST_INVALID) say(stderr, `${inputName(path)}: line ${line}: ${why}`)
      })
      lines += checked.lines
      if (checked.failure === undefined) continue
      failed++
      say(stderr, checked.failure)
    }
  }
  return { lines, invalid, failed }
}
