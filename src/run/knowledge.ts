import { gunzipSync } from 'node:zlib'
import type { Context, FlagValue, KallsymsOfHost } from '../contract.ts'
import { UsageError } from '../errors.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import { type Bundle, loadBundle } from '../kernel/reasons/bundle.ts'
import { candidates } from '../kernel/reasons/candidates.ts'
import { nearNames } from '../kernel/reasons/lookup.ts'
import { pickTable, reasonsOfPick } from '../kernel/reasons/pick.ts'
import type { Pick as PickedTable } from '../kernel/reasons/pick-answer.ts'
import { reasonsOf } from '../kernel/reasons/reasons.ts'
import type { Candidates } from '../report/report.ts'
import { type KnownTime, pairsOf, type Timekeeper, timekeeper } from '../time/clock.ts'
import { zoneOf } from '../time/zone.ts'
import { CurrentReasons, type KnownTables } from './current-reasons.ts'
import { textBeside } from './given-file.ts'
import { type KnownHost, knownHost } from './known-host.ts'
import type { Given, GivenTime } from './plan.ts'

/** What one reader of one input knows beside the text. */
export interface ReaderKnowledge {
  readonly context: Context
  /** Of `--snapshot`. */
  readonly host: KnownHost | undefined
  /**
   * A header names the capturing kernel. What the user gave stays; the sentence says where the two contradict each
   * other.
   */
  learnKernel(release: string): string | undefined
  /** The snapshot is of another host: its reasons are forgotten. */
  withdraw(): void
}

/** All that the readers and the report of a run need beside the inputs. */
export interface Knowledge {
  /**
   * Each reader of each input starts from what the user gave. `path`: the input's. Throws UsageError and InputError.
   */
  readonly forReader: (path: string) => ReaderKnowledge
  readonly timekeeper: () => Timekeeper
  /** What known kernels call a number. */
  readonly candidatesOf: (code: number) => Candidates
  readonly reasons: KnownReasons
  /** What the user should hear at once. */
  readonly hints: readonly string[]
}

/** The names of drop reasons in all known kernels, and in what the user gave. */
export interface KnownReasons {
  isKnown(name: string): boolean
  /** Names that may have been meant. */
  near(name: string): readonly string[]
}

/** Opens what the readers of a run share. Throws UsageError for a zone that does not exist. */
export async function openKnowledge(given: Given): Promise<Knowledge> {
  const bundle = await loadBundle()
  const shared = sharedOf(bundle, given)
  const { ofFile, ofSnapshot } = shared.tables
  const time = knownTime(given.time, given.snapshot?.snapshot)
  return {
    forReader: (path) => readerKnowledge(path, shared),
    timekeeper: () => timekeeper(time),
    candidatesOf: (code) => candidates(bundle, code),
    reasons: {
      isKnown: (name) =>
        [ofFile, ofSnapshot].some((reasons) => reasons?.codeOf(name) !== undefined) ||
        Object.values(bundle.lists).some((list) => list.includes(name)),
      near: (name) => nearNames(bundle, name),
    },
    hints: hintsOf(given, shared),
  }
}

/** What is opened once for all readers. */
interface Shared {
  readonly given: Given
  readonly bundle: Bundle
  /** What `--kernel` names. */
  readonly pick: PickedTable | undefined
  readonly tables: KnownTables
  readonly host: KnownHost | undefined
  readonly isWholeReason: (name: string) => boolean
  readonly kallsyms: () => KallsymsOfHost | undefined
}

function sharedOf(bundle: Bundle, given: Given): Shared {
  const { kernel, distro, reasons } = given
  const { snapshot } = given.snapshot ?? {}
  const pick = kernel === undefined ? undefined : pickTable(bundle, kernel, distro)
  return {
    given,
    bundle,
    pick,
    tables: {
      ofFile: reasons && reasonsOf(reasons.table, reasons.by),
      ofSnapshot: snapshot?.reasons && reasonsOf(snapshot.reasons, 'snapshot'),
      ofKernel: pick && reasonsOfPick(pick),
      ofSnapshotKernel:
        snapshot && reasonsOfPick(pickTable(bundle, snapshot.host.kernel, distro ?? snapshot.distribution?.id)),
    },
    host: given.snapshot && knownHost(given.snapshot),
    isWholeReason: wholeReasons(bundle),
    kallsyms: kallsymsIn(snapshot),
  }
}

function readerKnowledge(
  path: string,
  { given, bundle, pick, tables, host, isWholeReason, kallsyms }: Shared,
): ReaderKnowledge {
  const reasons = new CurrentReasons(tables)
  let isWithdrawn = false
  return {
    context: {
      flags: flagsFor(path, given),
      reasons,
      isWholeReason,
      // A reader asks when it is opened.
      get toolVersions() {
        return isWithdrawn ? undefined : given.snapshot?.snapshot.tools
      },
      get kallsyms() {
        return isWithdrawn ? undefined : kallsyms()
      },
    },
    host,
    learnKernel(release) {
      const pickOfHeader = pickTable(bundle, release, given.distro)
      reasons.learn(reasonsOfPick(pickOfHeader))
      return reasons.isOfKernel && isOther(pick, pickOfHeader)
        ? `the capture is of kernel ${release}, whose reasons are not those of --kernel ${given.kernel}, which are used`
        : undefined
    },
    withdraw() {
      isWithdrawn = true
      reasons.withdrawSnapshot()
    },
  }
}

const LONGEST_KALLSYMS = 64 * 2 ** 20

/** Unpacked when the first reader asks: most readers do not. Throws UsageError. */
function kallsymsIn(snapshot: Snapshot | undefined): () => KallsymsOfHost | undefined {
  let text: string | undefined
  return () => {
    if (snapshot?.kallsyms === undefined) return undefined
    const { gzip_base64: packed, build_id: buildId } = snapshot.kallsyms
    try {
      text ??= gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST_KALLSYMS }).toString('latin1')
    } catch (error) {
      throw new UsageError(`the kallsyms of the snapshot cannot be unpacked: ${String(error)}`)
    }
    return { text, from: 'the kallsyms of the snapshot', release: snapshot.host.kernel, buildId }
  }
}

function flagsFor(path: string, { flags, beside }: Given): Readonly<Record<string, FlagValue>> {
  const files = Object.entries(beside)
  if (files.length === 0) return flags
  return { ...flags, ...Object.fromEntries(files.map(([name, file]) => [name, textBeside(path, name, file)])) }
}

function knownTime({ zone: name, clock, bootNs }: GivenTime, snapshot: Snapshot | undefined): KnownTime {
  const zone = name === undefined ? undefined : zoneOf(name)
  if (name !== undefined && zone === undefined) throw new UsageError(`no time zone ${name}`)
  return {
    ...(zone !== undefined && { zone }),
    ...(clock !== undefined && { clock }),
    ...(bootNs !== undefined && { bootNs }),
    ...(snapshot !== undefined && timeOf(snapshot)),
  }
}

/** What a snapshot says of clocks and local times. */
function timeOf({ clocks, timezone }: Snapshot): Pick<KnownTime, 'pairs' | 'snapshotZone'> {
  const zone = timezone?.zone === undefined ? undefined : zoneOf(timezone.zone)
  return { pairs: pairsOf(clocks), ...(zone !== undefined && { snapshotZone: zone }) }
}

/** Both tables are known, and their core reasons differ. */
function isOther(one: PickedTable | undefined, other: PickedTable): boolean {
  if (one?.kind !== 'found' || other.kind !== 'found') return false
  return JSON.stringify(one.table.core) !== JSON.stringify(other.table.core)
}

/** The list of names is made when the first line is cut off, because most runs do not need it. */
function wholeReasons(bundle: Bundle): (name: string) => boolean {
  let names: readonly string[] | undefined
  return (name) => {
    names ??= Object.values(bundle.lists).flatMap((list) => list.filter((one) => one !== null))
    return names.includes(name) && !names.some((other) => other !== name && other.startsWith(name))
  }
}

function hintsOf({ kernel, snapshot }: Given, { pick, tables }: Shared): readonly string[] {
  if (kernel === undefined || pick === undefined) return []
  const isSnapshotUsed = snapshot !== undefined && tables.ofFile === undefined
  return [...pickHints(pick, kernel), ...(isSnapshotUsed ? twoKernelsHints(kernel, snapshot.snapshot) : [])]
}

/** A kernel that is not known gives no names. The user hears of it at once, and the numbers stay. */
function pickHints(pick: PickedTable, kernel: string): readonly string[] {
  if (pick.kind === 'found') return pick.sure === 'probable' ? [`--kernel ${kernel}: ${pick.why}`] : []
  const nearest = pick.nearest.length === 0 ? '' : ` (nearest ${pick.nearest.join(', ')})`
  return [`--kernel ${kernel}: ${pick.why}${nearest}: numbers stay numbers; give --reasons FILE of that kernel`]
}

/** `6.1` and `6.1.0-55-amd64` may be one kernel. */
function twoKernelsHints(kernel: string, { host, reasons }: Snapshot): readonly string[] {
  if (host.kernel === kernel || host.kernel.startsWith(`${kernel}.`) || host.kernel.startsWith(`${kernel}-`)) return []
  const whose = reasons === undefined ? 'those of --kernel' : 'its reasons'
  return [`--kernel ${kernel}: the snapshot is of kernel ${host.kernel}, and ${whose} are used`]
}
