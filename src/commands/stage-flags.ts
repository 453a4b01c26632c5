import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Kind } from '../event/words.ts'
import { kindStage } from '../stages/kind.ts'
import { limitStage } from '../stages/limit.ts'
import { parseSample, sampleStage } from '../stages/sample.ts'
import { parseSelection, selectStage } from '../stages/select.ts'
import type { Stage } from '../stages/stage.ts'
import { tsWatch } from '../stages/ts-watch.ts'
import { type CommonFlags, expressionsOf, reasonNamed } from '../stages/where/flags.ts'
import type { FilterExpression } from '../stages/where.ts'

/** What was typed of the stages between readers and sink. */
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

/** Flags that say which records are kept, and what of them. */
export function addStageFlags(command: Command): Command {
  command.optionsGroup('Which records are kept, and what of them:')
  command.addOption(
    repeatable('--where <expression>', 'keep records of which this CEL expression is true: drop.reason == "NO_SOCKET"'),
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
  ['--pid <n>', 'keep this process, or where only threads are told this thread'],
  ['--device <name>', 'keep this network device, by name or ifindex'],
  ['--protocol <name>', 'keep this EtherType, by name or number'],
  ['--location <symbol>', 'keep this function of the kernel'],
  ['--since <time>', 'keep what has a ts from then on: RFC 3339, or -15m before now'],
  ['--until <time>', 'keep what has a ts before then'],
]

/** What is known of drop reasons beside the flags. */
export interface KnownReasons {
  /** A kernel that is known has it, or what the user gave of the capturing one. */
  isKnown(reason: string): boolean
  /** Those that may have been meant. */
  near(reason: string): readonly string[]
}

/** The stages, in the order in which records pass them. Throws UsageError. */
export async function stagesOf(flags: StageFlags, nowNs: bigint, reasons: KnownReasons): Promise<readonly Stage[]> {
  for (const text of flags.reason ?? []) refuseUnknown(text, reasons)
  if (flags.select !== undefined && flags.dropFields !== undefined) {
    throw new UsageError('--select and --drop-fields are two answers to one question', 'give one')
  }
  const expressions: readonly FilterExpression[] = [
    ...(flags.expression !== undefined ? [{ name: 'expression', text: flags.expression }] : []),
    ...(flags.where ?? []).map((text) => ({ name: '--where', text })),
    ...expressionsOf(flags, nowNs),
  ]
  return [
    kindStage(flags.kind),
    ...timeWatch(flags),
    ...(expressions.length > 0 ? [await loadWhere(expressions)] : []),
    ...(flags.sample !== undefined ? [sampleStage(parseSample(flags.sample))] : []),
    ...(flags.limit !== undefined ? [limitStage(flags.limit)] : []),
    ...(flags.select !== undefined ? [selectStage(parseSelection('select', flags.select))] : []),
    ...(flags.dropFields !== undefined ? [selectStage(parseSelection('drop', flags.dropFields))] : []),
  ]
}

/** A name that no kernel has would be found nowhere, and nobody would wonder. */
function refuseUnknown(text: string, reasons: KnownReasons): void {
  const name = reasonNamed(text)
  if (name === undefined || reasons.isKnown(name)) return
  const near = reasons.near(name)
  throw new UsageError(
    `--reason ${text}: no kernel that is known has this reason`,
    near.length > 0
      ? `near: ${near.join(', ')}`
      : 'for one of another kernel give its --reasons or --snapshot, or --where \'drop.reason == "NAME"\'',
  )
}

function timeWatch({ since, until }: StageFlags): readonly Stage[] {
  const flags = [...(since === undefined ? [] : ['--since']), ...(until === undefined ? [] : ['--until'])]
  return flags.length === 0 ? [] : [tsWatch(flags.join(' and '))]
}

/** On demand: CEL and what belongs to it are 17 modules, a tenth of the CPU time of a run over a short capture. */
async function loadWhere(expressions: readonly FilterExpression[]): Promise<Stage> {
  const { whereStage } = await import('../stages/where.ts')
  return whereStage(expressions)
}

/** A number from 0, as flags take it. */
export function naturalOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('it is a number, 0 or more')
  return Number(text)
}

function repeatable(flag: string, help: string): Option {
  return new Option(flag, help).argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text])
}
