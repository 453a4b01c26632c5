import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { ShipTarget } from '../ship/target.ts'
import { bytesOf } from './bytes.ts'
import { durationMsOf } from './duration.ts'
import type { EnvelopeFlags } from './envelope-flags.ts'

/** The flags of `ship` beside those of a run, as commander gives them. */
export interface ShipFlags {
  readonly to: string
  readonly spool?: string
  readonly spoolMax?: number
  readonly deadLetter?: string
  readonly fromDeadLetter?: string
  readonly batchAge: number
  readonly concurrency: number
  readonly timeout: number
  readonly retryFor: number
  readonly drain: number
  readonly hecAck?: true
  readonly tokenFile?: string
  readonly ca?: string
  readonly proxy?: string
  readonly header?: readonly string[]
  readonly metrics?: string
}

/** Flags that say where records go, and how. */
export function addShipFlags(command: Command): void {
  addPlatformFlags(command)
  addSafetyFlags(command)
  addPaceFlags(command)
}

function addPlatformFlags(command: Command): void {
  command
    .optionsGroup('Where records go:')
    .requiredOption(
      '--to <url>',
      'the platform: es+https://HOST:9200/INDEX, loki+http://HOST:3100, hec+https://HOST:8088, otlp+http://HOST:4318, nats://HOST/SUBJECT',
    )
    .option('--token-file <file>', 'its token, in a file of mode 600 (default: TRACENORM_TOKEN of the environment)')
    .option('--ca <file>', 'PEM of the authorities that are trusted, instead of those of Node')
    .option(
      '--proxy <url>',
      'goes through this proxy (default: https_proxy, http_proxy and no_proxy of the environment)',
    )
    .addOption(
      new Option('--header <header>', "another header, 'X-Scope-OrgID: tenant'; may be repeated").argParser(
        (text, before: readonly string[] | undefined) => [...(before ?? []), text],
      ),
    )
    .option('--hec-ack', "hec: waits for the acknowledgement of Splunk's indexers")
}

function addSafetyFlags(command: Command): void {
  command
    .optionsGroup('How nothing is lost:')
    .option('--spool <dir>', 'keeps records on the disk until the platform has acknowledged them; another run goes on')
    .addOption(
      new Option('--spool-max <bytes>', 'reading waits while the spool has so much (default: 1G)').argParser(bytesOf),
    )
    .option('--dead-letter <file>', 'appends what the platform does not take, and why')
    .option('--from-dead-letter <file>', 'sends the records of such a file, instead of FILEs')
    .addOption(duration('--drain <time>', 'after a signal, what was read is sent for so long', '10s'))
}

function addPaceFlags(command: Command): void {
  command
    .optionsGroup('How they are sent:')
    .addOption(duration('--batch-age <time>', 'a batch that is not full waits so long for more', '1s'))
    .addOption(
      new Option('--concurrency <n>', 'requests under way at once; a stream keeps its order')
        .argParser(concurrencyOf)
        .default(2),
    )
    .addOption(duration('--timeout <time>', 'an answer is waited for so long', '30s').argParser(timeoutOf))
    .addOption(duration('--retry-for <time>', 'a request is repeated for so long without success', '24h'))
    .option('--metrics <address>', 'serves counts as OpenMetrics at PORT of loopback, or HOST:PORT')
}

function duration(flag: string, help: string, usual: string): Option {
  return new Option(flag, help).argParser(durationMsOf).default(durationMsOf(usual), usual)
}

function timeoutOf(text: string): number {
  const ms = durationMsOf(text)
  if (ms === 0) throw new InvalidArgumentError('no answer comes in no time')
  return ms
}

const MOST_CONCURRENT = 64

function concurrencyOf(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > MOST_CONCURRENT)
    throw new InvalidArgumentError(`it is a whole number, 1 to ${MOST_CONCURRENT}`)
  return count
}

/** Throws UsageError for a flag that would do nothing. */
export function refuseIdleFlags(flags: ShipFlags & EnvelopeFlags, { platform }: ShipTarget): void {
  const { hecAck, labels, spool, spoolMax } = flags
  if (hecAck !== undefined && platform !== 'hec') throw new UsageError('--hec-ack is for hec')
  if (labels !== undefined && platform !== 'loki')
    throw new UsageError('--labels is for loki', 'the others take all fields')
  if (spoolMax !== undefined && spool === undefined) throw new UsageError('--spool-max is for --spool', 'give both')
  if (platform !== 'nats') return
  const { map, tsFallback, batchBytes, batchRecords, ca, proxy, header } = flags
  const given = Object.entries({
    '--map': map,
    '--ts-fallback': tsFallback,
    '--batch-bytes': batchBytes,
    '--batch-records': batchRecords,
    '--ca': ca,
    '--proxy': proxy,
    '--header': header,
  }).find(([, value]) => value !== undefined)
  if (given !== undefined) throw new UsageError(`${given[0]} is for platforms of HTTP`, 'leave it out for NATS')
}
