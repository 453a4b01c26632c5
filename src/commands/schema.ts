import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { answer } from './answer.ts'

const NAMES = ['event', 'report', 'quarantine', 'snapshot', 'reasons'] as const

/** `tracenorm schema`: prints a published JSON Schema. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('prints the JSON Schema of the events')
    .addOption(new Option('--of <name>', 'another of the schemas').choices(NAMES).default('event'))
    .action(async (flags: { readonly of: (typeof NAMES)[number] }) => {
      await answer(readFileSync(new URL(`../../../schemas/${flags.of}.v1.schema.json`, import.meta.url), 'utf8'))
    })
}
