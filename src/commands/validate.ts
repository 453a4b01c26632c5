import { Command } from 'commander'
import type { Adapter } from '../contract.ts'
import { SchemaError } from '../errors.ts'
import { type Fault, validateFile } from '../run/validate.ts'
import { inputName } from '../text/printable.ts'
import { readerOf } from './convert-flags.ts'
import { say } from './say.ts'

/** Faults beyond these are counted only. */
const FIRST_FAULTS = 20

/** `tracenorm validate [FILE...]`: are these lines events? Ends with 5 when one is not. */
export function validateCommand(adapters: readonly Adapter[]): Command {
  return new Command('validate')
    .description('checks NDJSON against the schema of the events; says line, field, and why')
    .argument('[files...]', 'NDJSON, plain or gzip; none, or -, is stdin')
    .option('--strict', 'refuses members that the schema does not name, too')
    .option('-q, --quiet', 'only the exit status')
    .action(async (files: readonly string[], flags: { readonly strict?: true; readonly quiet?: true }) => {
      const from = readerOf('tracenorm:ndjson', adapters)
      let faults = 0
      let lines = 0
      let failed = 0
      const tell = ({ path, line, why }: Fault): void => {
        faults++
        if (flags.quiet !== true && faults <= FIRST_FAULTS) say(`${inputName(path)}: line ${line}: ${why}`)
      }
      for (const path of files.length === 0 ? ['-'] : files) {
        const checked = await validateFile(path, flags.strict === true ? 'strict' : 'open', from, adapters, tell)
        lines += checked.lines
        if (checked.failure === undefined) continue
        failed++
        say(checked.failure)
      }
      if (faults > FIRST_FAULTS && flags.quiet !== true) say(`${faults - FIRST_FAULTS} more are not valid`)
      if (failed > 0) process.exitCode = 1
      else if (faults > 0) throw new SchemaError(`${faults} of ${lines} records are not valid`)
      else if (flags.quiet !== true) say(`${lines} records, all valid`)
    })
}
