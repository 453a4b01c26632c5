import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { mappingFor, PLATFORMS, type Platform } from '../platforms/platform.ts'
import { answer } from './answer.ts'
import type { Io } from './io.ts'

const NAMES = ['event', 'report', 'manifest', 'quarantine', 'dead-letter', 'snapshot', 'reasons'] as const

/** The flags as commander gives them. */
interface SchemaFlags {
  readonly of?: (typeof NAMES)[number]
  readonly strict?: true
  readonly for?: Platform
}

/** `tracenorm schema`: prints one of the published JSON Schemas, or the mapping of the events for a platform. */
export function schemaCommand(io: Io): Command {
  return new Command('schema')
    .description('prints the JSON Schema of the events, or their mapping for a log platform or a database')
    .addOption(new Option('--of <name>', 'another of the schemas').choices(NAMES))
    .option(
      '--strict',
      'the variant of the events that refuses members that it does not name, as validate --strict does',
    )
    .addOption(
      new Option(
        '--for <platform>',
        'the mapping of the events for a platform: index template, CREATE TABLE, configuration files',
      ).choices(PLATFORMS),
    )
    .action(async (flags: SchemaFlags) => answer(io, await textOf(flags, io.home)))
}

async function textOf({ of = 'event', strict, for: platform }: SchemaFlags, home: URL): Promise<string> {
  if (of !== 'event' && strict)
    throw new UsageError(`the schema of the ${of} has no strict variant`, 'leave out --strict')
  if (platform !== undefined) {
    if (of !== 'event') throw new UsageError(`--for ${platform} is for events`, 'leave out --of')
    if (strict) throw new UsageError(`--for ${platform} has no strict variant`, 'leave out --strict')
    return mappingFor(platform)
  }
  if (!strict) return published(of, home)
  const { strictSchema } = await import('../event/generated/strict-schema.ts')
  return `${JSON.stringify(strictSchema, undefined, 2)}\n`
}

function published(name: string, home: URL): string {
  return readFileSync(new URL(`schemas/${name}.v1.schema.json`, home), 'utf8')
}
