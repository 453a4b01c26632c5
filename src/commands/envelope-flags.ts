import { type Command, InvalidArgumentError, Option } from 'commander'
import type { BatchLimits } from '../envelopes/batch.ts'
import { ENVELOPES, type EnvelopeName, type EnvelopePlan, MAPS, type MapName } from '../envelopes/envelope.ts'
import type { Fallback } from '../envelopes/time.ts'
import { UsageError } from '../errors.ts'
import { fieldOf, parseFieldName } from '../event/field-names.ts'
import { fields } from '../event/generated/fields.ts'
import type { Named } from '../output/outputs.ts'
import { asCommander } from './adapter-flags.ts'
import { bytesOf } from './bytes.ts'
import type { Product } from './run-job.ts'

/** The flags of envelopes as commander gives them. */
export interface EnvelopeFlags {
  readonly map?: MapName
  readonly labels?: readonly string[]
  readonly tsFallback?: Fallback['as']
  readonly batchBytes?: number
  readonly batchRecords?: number
  readonly outDir?: string
}

/** Flags that say how records become request bodies. */
export function addEnvelopeFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--map <convention>', 'names fields as ECS or OpenTelemetry do, where they have a name').choices(MAPS),
    )
    .addOption(
      new Option('--labels <fields>', 'loki: labels of streams (default: capture.tool,kind,host.name)').argParser(
        labelsOf,
      ),
    )
    .addOption(
      new Option(
        '--ts-fallback <time>',
        'for records without ts: now, start (when the run began), or reject (default: reject)',
      ).choices(['now', 'start', 'reject']),
    )
    .addOption(
      new Option('--batch-bytes <n>', 'the most bytes of a body: 500000, 512K, 4M (default: 4M; loki 1M)').argParser(
        bytesOf,
      ),
    )
    .addOption(new Option('--batch-records <n>', 'the most records of a body (default: 10000)').argParser(countOf))
}

/** The flag that puts bodies into files. */
export function addOutDirFlag(command: Command): Command {
  return command.option('--out-dir <dir>', 'a file for each body, in a folder that is new or empty')
}

/** Whether `--to` names an envelope. */
export function isEnvelope(form: string): form is EnvelopeName {
  return ENVELOPES.some((name) => name === form)
}

/** How the records are enveloped. */
export function envelopeOf(name: EnvelopeName, { map, labels = LABELS }: EnvelopeFlags): EnvelopePlan {
  return { name, map, labels }
}

/** How large bodies become. */
export function limitsOf(name: EnvelopeName, { batchBytes, batchRecords = RECORDS }: EnvelopeFlags): BatchLimits {
  return { bytes: batchBytes ?? BYTES[name], records: batchRecords }
}

/** Which time records without `ts` get; `nowNs`: when the run began. */
export function fallbackOf({ tsFallback: as = 'reject' }: EnvelopeFlags, nowNs: bigint): Fallback {
  return as === 'start' ? { as, ns: nowNs } : { as }
}

/** The product of `--to` with the name of an envelope. Throws UsageError. */
export function bodiesProduct(
  name: EnvelopeName,
  flags: EnvelopeFlags & { readonly output?: string },
  stream: Named,
  nowNs: bigint,
): Product {
  const { outDir, batchBytes, batchRecords, labels } = flags
  if (labels !== undefined && name !== 'loki')
    throw new UsageError('--labels is for loki', 'the others take all fields')
  const envelope = envelopeOf(name, flags)
  const fallback = fallbackOf(flags, nowNs)
  if (outDir !== undefined) {
    if (flags.output !== undefined) throw new UsageError('--out-dir and -o are two places for one output', 'give one')
    return {
      plan: { as: 'envelopes', envelope, fallback, limits: limitsOf(name, flags), bodies: 'writes' },
      records: { as: '--out-dir', path: outDir, numbered: name === 'es-bulk' ? '.ndjson' : '.json' },
    }
  }
  if (name === 'loki' || name === 'otlp')
    return {
      plan: { as: 'envelopes', envelope, fallback, limits: limitsOf(name, flags), bodies: 'lines' },
      records: stream,
    }
  const flag = batchBytes !== undefined ? '--batch-bytes' : batchRecords !== undefined ? '--batch-records' : undefined
  if (flag !== undefined)
    throw new UsageError(
      `${flag}: the output of ${name} is one body, whose lines any program can cut`,
      'give --out-dir',
    )
  return { plan: { as: 'envelopes', envelope, fallback, limits: undefined, bodies: 'lines' }, records: stream }
}

/** Throws UsageError for flags of envelopes where there is none. */
export function refuseEnvelopeFlags({
  map,
  labels,
  tsFallback,
  batchBytes,
  batchRecords,
  outDir,
}: EnvelopeFlags): void {
  const given = Object.entries({
    '--map': map,
    '--labels': labels,
    '--ts-fallback': tsFallback,
    '--batch-bytes': batchBytes,
    '--batch-records': batchRecords,
    '--out-dir': outDir,
  }).find(([, value]) => value !== undefined)
  if (given !== undefined)
    throw new UsageError(`${given[0]} is for log platforms`, `give --to ${ENVELOPES.join(', --to ')}`)
}

const LABELS: readonly string[] = ['capture.tool', 'kind', 'host.name']
/** Loki refuses more, by default. */
const MOST_LABELS = 15

function labelsOf(text: string): readonly string[] {
  const labels = text.split(',')
  for (const label of labels) {
    const { member, key } = asCommander(() => parseFieldName(label, '--labels'))
    const type = key === undefined ? fields[member] : fieldOf(fields[member], key)
    if (typeof type === 'object') throw new InvalidArgumentError(`${label} is no single value`)
  }
  const names = new Set(labels.map((label) => label.replaceAll('.', '_')))
  if (names.size !== labels.length) throw new InvalidArgumentError('two of them have one name in Loki')
  if (labels.length > MOST_LABELS) throw new InvalidArgumentError(`Loki takes at most ${MOST_LABELS}`)
  return labels
}

const RECORDS = 10_000
const BYTES: Readonly<Record<EnvelopeName, number>> = {
  'es-bulk': 4 * 2 ** 20,
  // Loki answers 429 to a body over the burst of its rate limit, however often it is sent.
  loki: 2 ** 20,
  hec: 4 * 2 ** 20,
  otlp: 4 * 2 ** 20,
}

function countOf(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count < 1) throw new InvalidArgumentError('it is a whole number, 1 or more')
  return count
}
