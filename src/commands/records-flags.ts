import { type Command, Option } from 'commander'
import { KINDS } from '../event/words.ts'
import type { ReaderName } from '../run/plan.ts'
import { addRunFlags, type ConvertFlags, kindsOf } from './convert-flags.ts'
import { addStageFlags } from './stage-flags.ts'

/**
 * The reader of our own NDJSON. Its format is given too, so that it does not wait for a first line to find that out.
 */
export const OWN_NDJSON: ReaderName = { adapter: 'tracenorm', format: 'ndjson' }

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

/** These flags as those of `convert`: our own NDJSON is read, and nothing is added to records. */
export function recordsFlags(flags: ConvertFlags): ConvertFlags {
  return { ...flags, from: `${OWN_NDJSON.adapter}:${OWN_NDJSON.format}`, provenance: 'line', validate: 'spot' }
}
