import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Adapter } from '../contract.ts'
import { UsageError } from '../errors.ts'
import { type ClockId, KINDS, type Kind } from '../event/words.ts'
import type { OnReject } from '../report/exit.ts'
import type { ReaderName } from '../run/plan.ts'
import { localZone } from '../snapshot/local-zone.ts'
import { parseRfc3339 } from '../time/rfc3339.ts'
import { zoneOf } from '../time/zone.ts'
import { addAdapterFlags, asCommander } from './adapter-flags.ts'
import type { Io } from './io.ts'
import { ownMachine } from './snapshot.ts'
import { naturalOf, type StageFlags } from './stage-flags.ts'
import { addUnpackingFlags, type UnpackingFlags } from './unpacking.ts'

/** The flags of a run as commander gives them. */
export interface ConvertFlags extends StageFlags, UnpackingFlags {
  readonly from: string
  readonly host?: string
  readonly label?: Readonly<Record<string, string>>
  readonly provenance: 'line' | 'full'
  readonly id?: true
  readonly idSalt?: string
  readonly validate: 'spot' | 'full'
  readonly quarantine?: string
  readonly onReject: OnReject
  readonly maxRejects?: number
  readonly report?: string
  readonly sideFiles?: boolean
  readonly quiet?: true
  readonly jobs?: number
  readonly kernel?: string
  readonly distro?: string
  readonly reasons?: string
  readonly snapshot?: string
  /** The name of a zone that exists. */
  readonly timezone?: string
  readonly clock?: ClockId
  readonly bootTime?: bigint
  /** Those of the adapters. */
  readonly [flag: string]: unknown
}

/** Flags that say what is read, and how. */
export function addSourceFlags(command: Command, adapters: readonly Adapter[]): Command {
  command.optionsGroup('How it is read:')
  command.addOption(
    new Option('--from <reader>', 'the reader to use; auto finds it by content')
      .default('auto')
      .argParser((text) => checkFrom(text, adapters)),
  )
  addAdapterFlags(command, adapters)
  return command
}

/** Flags that say what is known of the capturing host. */
export function addHostFlags(command: Command, env: Io['env']): Command {
  return command
    .optionsGroup('What is known of the capturing host:')
    .option(
      '--kernel <release>',
      'the capturing kernel, as uname -r prints it; it gives names to numbers of drop reasons',
    )
    .option('--distro <name>', 'its distribution, where the release does not say it: ubuntu, debian, rhel, …')
    .option(
      '--reasons <file>',
      'the drop reasons of the capturing kernel: its tracefs format file, BTF, C header, bpftool dump, or a snapshot',
    )
    .option(
      '--snapshot <file>',
      'what tracenorm snapshot wrote on the capturing host: reasons, clocks, zone, interfaces; self for this host, now',
    )
    .addOption(
      new Option(
        '--timezone <zone>',
        'the zone of local times: an IANA name, ±HH:MM, or local for that of this process',
      ).argParser((name) => zoneNamed(name, env)),
    )
    .addOption(
      new Option('--clock <id>', 'the clock of times, where the source does not name it').choices(NAMEABLE_CLOCKS),
    )
    .addOption(
      new Option('--boot-time <time>', 'the wall clock when the capturing host booted, RFC 3339 with a zone').argParser(
        instantOf,
      ),
    )
}

/** Flags that say what is added to each record. */
export function addRecordFlags(command: Command): Command {
  return command
    .optionsGroup('What is in each record:')
    .addOption(
      new Option('--kind <kinds>', 'kinds of records to write, a list of drop,trace,metric,loss,message, or all')
        .argParser(kindsOf)
        .default(DEFAULT_KINDS, 'all but message'),
    )
    .addOption(new Option('--host <name>', 'host.name of every record').argParser(hostNamed))
    .addOption(new Option('--label <key=value>', 'adds a label, at most 64; may be repeated').argParser(addLabel))
    .addOption(
      new Option('--provenance <extent>', 'line: capture.line; full: offset, length and raw bytes too')
        .choices(['line', 'full'])
        .default('line'),
    )
    .option('--id', 'gives each record an id that is the same in every conversion of the same input')
    .option('--id-salt <text>', 'makes ids of inputs with equal bytes differ (default: the path; stdin needs it)')
    .addOption(
      new Option(
        '--validate <extent>',
        'spot: the first 1,000 records and one in 1,024 are read back and checked whole; full: all',
      )
        .choices(['spot', 'full'])
        .default('spot'),
    )
}

/**
 * Flags that say what happens to input that cannot be read, and what is reported of the run. `rejects`: where rejected
 * bytes go.
 */
export function addRunFlags(command: Command, rejects: 'file' | 'folder' = 'file'): Command {
  const into = rejects === 'file' ? '<file>' : '<dir>'
  const how = rejects === 'file' ? '' : ', a file for each capture that has some'
  return addUnpackingFlags(command)
    .optionsGroup('What is reported of the run:')
    .option(`--quarantine ${into}`, `writes rejected bytes, exactly, as NDJSON${how}`)
    .addOption(
      new Option(
        '--on-reject <what>',
        'keep-going: status 3 at the end; fail: stop at the first, status 4; ignore: status 0',
      )
        .choices(['keep-going', 'fail', 'ignore'])
        .default('keep-going'),
    )
    .addOption(
      new Option('--max-rejects <n>', 'stop, with status 4, when more than this many units were rejected').argParser(
        naturalOf,
      ),
    )
    .option('--report <file>', 'writes what was read, made, written and left out, as JSON')
    .option('-q, --quiet', 'no summary and no hints on stderr')
}

/** The flag that says how many threads work. */
export function addJobsFlag(command: Command): Command {
  return command
    .optionsGroup('How it runs:')
    .addOption(
      new Option('--jobs <n>', 'threads that share a large plain file (default: 1); the result is the same').argParser(
        jobsOf,
      ),
    )
}

/**
 * Reads `perf`, or `perf:script` for one of an adapter's formats. Undefined: readers are found by content. Throws
 * UsageError.
 */
export function readerNamed(name: string, adapters: readonly Adapter[]): ReaderName | undefined {
  if (name === 'auto') return undefined
  const [word, wanted] = name.split(':', 2)
  const adapter = adapters.find((candidate) => candidate.name === word)
  const format = adapter?.formats.find((candidate) => candidate.name === wanted)?.name
  if (adapter === undefined || (wanted !== undefined && format === undefined)) {
    const known = adapters.flatMap((one) => [one.name, ...one.formats.map((form) => `${one.name}:${form.name}`)])
    throw new UsageError(`--from ${name}: no such reader`, `the readers are auto, ${known.join(', ')}`)
  }
  return { adapter: adapter.name, format }
}

const DEFAULT_KINDS: ReadonlySet<Kind> = new Set(KINDS.filter((kind) => kind !== 'message'))

/** Reads `drop,loss`, or `all`. */
export function kindsOf(text: string): ReadonlySet<Kind> {
  if (text === 'all') return new Set(KINDS)
  const words = text.split(',')
  const kinds = KINDS.filter((kind) => words.includes(kind))
  if (kinds.length !== new Set(words).size)
    throw new InvalidArgumentError(`it is a list of ${KINDS.join(', ')}, or all`)
  return new Set(kinds)
}

/** Clocks that a user can name for times without one. */
const NAMEABLE_CLOCKS: readonly ClockId[] = [
  'realtime',
  'monotonic',
  'boottime',
  'tai',
  'monotonic_raw',
  'perf',
  'relative',
]

function zoneNamed(name: string, env: Io['env']): string {
  const local = name === 'local' ? localZone(ownMachine(env)) : name
  if (local !== undefined && zoneOf(local) !== undefined) return local
  if (name !== 'local') throw new InvalidArgumentError('it is an IANA name (Europe/Berlin), ±HH:MM, or local')
  const { TZ } = env
  throw new InvalidArgumentError(
    `this process has a zone without an IANA name (${TZ === undefined ? '/etc/localtime' : `TZ is "${TZ}"`}); give its name, or ±HH:MM`,
  )
}

function instantOf(text: string): bigint {
  const ns = parseRfc3339(text)
  if (ns === undefined) throw new InvalidArgumentError('it is a time with its zone, such as 2026-11-23T10:30:41.25Z')
  return ns
}

function hostNamed(name: string): string {
  if (name === '') throw new InvalidArgumentError('it is a name, and not empty')
  return name
}

function addLabel(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('it is KEY=VALUE')
  const key = text.slice(0, equals)
  const value = text.slice(equals + 1)
  if (!LABEL_KEY.test(key))
    throw new InvalidArgumentError('a key has ASCII letters, digits and _, no digit first, and at most 64 characters')
  if (Buffer.byteLength(value) > LONGEST_LABEL) throw new InvalidArgumentError('a value has at most 1 KiB')
  const keys = Object.keys(before ?? {})
  const same = keys.find((other) => other.toLowerCase() === key.toLowerCase())
  if (same !== undefined)
    throw new InvalidArgumentError(`there is already a label ${same}; databases do not distinguish a from A`)
  if (keys.length === MOST_LABELS) throw new InvalidArgumentError(`a record has at most ${MOST_LABELS} labels`)
  return { ...before, [key]: value }
}

/** The same as for keys of `args`: every platform accepts such a name for a column. */
const LABEL_KEY = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/
const LONGEST_LABEL = 1024
/** So many fit into a line of output beside the captured data. */
const MOST_LABELS = 64

function checkFrom(text: string, adapters: readonly Adapter[]): string {
  asCommander(() => readerNamed(text, adapters))
  return text
}

/** More threads than this give nothing: one of them writes. */
const MOST_JOBS = 64

/** Reads a number of threads. */
export function jobsOf(text: string): number {
  const jobs = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (jobs < 1 || jobs > MOST_JOBS) throw new InvalidArgumentError(`it is a whole number, 1 to ${MOST_JOBS}`)
  return jobs
}
