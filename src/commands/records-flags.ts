import { type Command, Option } from 'commander'
import { KINDS } from '../event/words.ts'
import { addRunFlags, type ConvertFlags, kindsOf } from './convert-flags.ts'
import { addStageFlags } from './stage-flags.ts'

/** Flags of the commands that read our own NDJSON. */
export function addRecordsFlags(command: Command): Command {
  addStageFlags(command)
  command.addOption(
    new Option('--kind <kinds>', `kinds of records to keep, a list of ${KINDS.join(',')}, or all`)
      .argParser(kindsOf)
      .default(new Set(KINDS), 'all'),
  )
  return addRunFlags(command)
}

/** What they leave to convert: our own NDJSON is read, and records are what they are. */
export function recordsFlags(flags: ConvertFlags): ConvertFlags {
  // With its format: there is nothing to find out, and no first line to wait for.
  return { ...flags, from: 'tracenorm:ndjson', provenance: 'line', validate: 'spot' }
}
