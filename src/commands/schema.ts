import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { answer } from './answer.ts'
import type { Io } from './io.ts'

const NAMES = ['event', 'report', 'quarantine', 'snapshot', 'reasons'] as const

/** `tracenorm schema`: prints one of the published JSON Schemas. */
export function schemaCommand(io: Io): Command {
  return new Command('schema')
    .description('prints the JSON Schema of the events')
    .addOption(new Option('--of <name>', 'another of the schemas').choices(NAMES).default('event'))
    .option(
      '--strict',
      'the variant of the events that refuses members that it does not name, as validate --strict does',
    )
    .action(async ({ of, strict }: { readonly of: (typeof NAMES)[number]; readonly strict?: true }) => {
      if (strict !== true) return answer(io, published(of, io.home))
      if (of !== 'event') throw new UsageError(`the schema of the ${of} has no strict variant`, 'leave out --strict')
      const { strictSchema } = await import('../event/generated/strict-schema.ts')
      return answer(io, `${JSON.stringify(strictSchema, undefined, 2)}\n`)
    })
}

function published(name: string, home: URL): string {
  return readFileSync(new URL(`schemas/${name}.v1.schema.json`, home), 'utf8')
}
