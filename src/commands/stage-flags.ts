import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Kind } from '../event/words.ts'
import type { KnownReasons } from '../run/knowledge.ts'
import type { StagePlan } from '../run/plan.ts'
import { parseSample } from '../stages/sample.ts'
import { parseSelection } from '../stages/select.ts'
import { type CommonFlags, expressionsOf, reasonNamed } from '../stages/where/flags.ts'
import type { FilterExpression } from '../stages/where.ts'

/** The flags of the stages between readers and sink, as commander gives them. */
export interface StageFlags extends CommonFlags {
  readonly kind: ReadonlySet<Kind>
  /** The argument of `filter`. */
  readonly expression?: string
  readonly where?: readonly string[]
  readonly select?: string
  readonly dropFields?: string
  readonly sample?: string
  readonly limit?: number
}

/** Flags that say which records, and which members of them, are kept. */
export function addStageFlags(command: Command): Command {
  command.optionsGroup('Which records are kept, and what of them:')
  command.addOption(
    repeatable(
      '--where <expression>',
      'keep records for which this CEL expression is true: drop.reason == "NO_SOCKET"',
    ),
  )
  for (const [flag, help] of COMMON) command.addOption(repeatable(flag, `${help}; may be repeated`))
  return command
    .option('--select <fields>', 'keep only these members: ts,drop.reason,process')
    .option('--drop-fields <fields>', 'keep all members but these')
    .option('--sample <1/n>', 'keep the first of every n records')
    .addOption(new Option('--limit <n>', 'stop after n records').argParser(naturalOf))
}

const COMMON: readonly (readonly [flag: string, help: string])[] = [
  ['--reason <name>', 'keep this drop reason, by name or number'],
  ['--comm <name>', 'keep this thread name'],
  ['--pid <n>', 'keep this process, or this thread where the tool prints only threads'],
  ['--device <name>', 'keep this network device, by name or ifindex'],
  ['--protocol <name>', 'keep this EtherType, by name or number'],
  ['--location <symbol>', 'keep this function of the kernel'],
  ['--since <time>', 'keep records whose ts is this time or later: RFC 3339, or -15m before now'],
  ['--until <time>', 'keep records whose ts is before this time'],
]

/** The stages, in the order in which records pass them. `nowNs`: nanoseconds since 1970. Throws UsageError. */
export function stagesOf(flags: StageFlags, nowNs: bigint): readonly StagePlan[] {
  if (flags.select !== undefined && flags.dropFields !== undefined) {
    throw new UsageError('--select and --drop-fields are two answers to one question', 'give one')
  }
  const expressions: readonly FilterExpression[] = [
    ...(flags.expression !== undefined ? [{ name: 'expression', text: flags.expression }] : []),
    ...(flags.where ?? []).map((text) => ({ name: '--where', text })),
    ...expressionsOf(flags, nowNs),
  ]
  const stages: StagePlan[] = [{ stage: 'kind', kinds: flags.kind }]
  const judges = [...(flags.since === undefined ? [] : ['--since']), ...(flags.until === undefined ? [] : ['--until'])]
  if (judges.length > 0) stages.push({ stage: 'ts-watch', flags: judges.join(' and ') })
  if (expressions.length > 0) stages.push({ stage: 'where', expressions })
  if (flags.sample !== undefined) stages.push({ stage: 'sample', each: parseSample(flags.sample) })
  if (flags.limit !== undefined) stages.push({ stage: 'limit', most: flags.limit })
  if (flags.select !== undefined) stages.push({ stage: 'select', selection: parseSelection('select', flags.select) })
  if (flags.dropFields !== undefined)
    stages.push({ stage: 'select', selection: parseSelection('drop', flags.dropFields) })
  return stages
}

/**
 * Throws UsageError for a name in `--reason` that no known kernel has. Otherwise a misspelt name would match no record,
 * and the user would take that for an answer.
 */
export function refuseUnknownReasons({ reason: typed = [] }: StageFlags, reasons: KnownReasons): void {
  for (const text of typed) refuseUnknown(text, reasons)
}

function refuseUnknown(text: string, reasons: KnownReasons): void {
  const name = reasonNamed(text)
  if (name === undefined || reasons.isKnown(name)) return
  const near = reasons.near(name)
  throw new UsageError(
    `--reason ${text}: no kernel that is known has this reason`,
    near.length > 0
      ? `near: ${near.join(', ')}`
      : 'for a reason of another kernel give its --reasons or --snapshot, or --where \'drop.reason == "NAME"\'',
  )
}

/** Reads a whole number, 0 or more. */
export function naturalOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('it is a whole number, 0 or more')
  return Number(text)
}

function repeatable(flag: string, help: string): Option {
  return new Option(flag, help).argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text])
}
