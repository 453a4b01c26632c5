import { Command } from 'commander'
import { SchemaError } from '../errors.ts'
import { type Fault, validateFile } from '../run/validate.ts'
import { inputName } from '../text/printable.ts'
import { readerOf } from './convert-flags.ts'
import type { Program } from './run-job.ts'
import { say } from './say.ts'

/** Faults beyond these are counted only. */
const FIRST_FAULTS = 20

/** `tracenorm validate [FILE...]`: are these lines events? Ends with 5 when one is not. */
export function validateCommand(program: Program): Command {
  return new Command('validate')
    .description('checks NDJSON against the schema of the events; says line, field, and why')
    .argument('[files...]', 'NDJSON, plain or gzip; none, or -, is stdin')
    .option('--strict', 'refuses members that the schema does not name, too')
    .option('-q, --quiet', 'only the exit status')
    .action(async (files: readonly string[], flags: { readonly strict?: true; readonly quiet?: true }) => {
      const { adapters, stdin, stderr } = program
      const from = readerOf('tracenorm:ndjson', adapters)
      let faults = 0
      let lines = 0
      let failed = 0
      const tell = ({ path, line, why }: Fault): void => {
        faults++
        if (flags.quiet !== true && faults <= FIRST_FAULTS) say(stderr, `${inputName(path)}: line ${line}: ${why}`)
      }
      for (const path of files.length === 0 ? ['-'] : files) {
        const extent = flags.strict === true ? 'strict' : 'open'
        const checked = await validateFile(path, stdin, extent, from, adapters, tell)
        lines += checked.lines
        if (checked.failure === undefined) continue
        failed++
        say(stderr, checked.failure)
      }
      if (faults > FIRST_FAULTS && flags.quiet !== true) say(stderr, `${faults - FIRST_FAULTS} more are not valid`)
      if (failed > 0) program.ends(1)
      else if (faults > 0) throw new SchemaError(`${faults} of ${lines} records are not valid`)
      else if (flags.quiet !== true) say(stderr, `${lines} records, all valid`)
    })
}
