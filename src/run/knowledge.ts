import type { Context, FlagValue } from '../contract.ts'
import { UsageError } from '../errors.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import type { Stdin } from '../input/stdin.ts'
import { type Bundle, loadBundle } from '../kernel/reasons/bundle.ts'
import { candidates } from '../kernel/reasons/candidates.ts'
import { nearNames } from '../kernel/reasons/lookup.ts'
import { pickTable, reasonsOfPick } from '../kernel/reasons/pick.ts'
import type { Pick as PickedTable } from '../kernel/reasons/pick-answer.ts'
import { readReasons } from '../kernel/reasons/read.ts'
import { type Decoded, NO_REASONS, type Reasons, reasonsOf } from '../kernel/reasons/reasons.ts'
import type { Candidates } from '../report/report.ts'
import { shellWord } from '../text/printable.ts'
import { type KnownTime, pairsOf, type Timekeeper, timekeeper } from '../time/clock.ts'
import { zoneOf } from '../time/zone.ts'
import { readGiven } from './given-file.ts'
import { type GivenSnapshot, type KnownHost, knownHost } from './known-host.ts'
import { programs } from './programs.ts'

/** What the user gave beside the inputs, as typed. */
export interface Given {
  /** What a file named `-` is. */
  readonly stdin: Stdin
  /** The adapters' own flags. */
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  /** `--kernel`, with `--distro`. */
  readonly kernel: string | undefined
  readonly distro: string | undefined
  /** `--reasons`: a file of the capturing kernel. It goes before the snapshot, and that before `--kernel`. */
  readonly reasons: string | undefined
  /** `--snapshot`. */
  readonly snapshot?: GivenSnapshot | undefined
  /** `--timezone`, `--clock`, `--boot-time`. */
  readonly time: KnownTime
  /** `--program FILE`, or `auto`. */
  readonly program: string | undefined
  /** `-e PROGRAM`. */
  readonly programText: string | undefined
}

export interface ReaderKnowledge {
  readonly context: Context
  /** Of `--snapshot`. */
  readonly host: KnownHost | undefined
  /** A header names the capturing kernel. What the user gave stays; the sentence says where that contradicts. */
  learnKernel(release: string): string | undefined
  /** The snapshot is of another host: its reasons are forgotten. */
  withdraw(): void
}

/** Names that follow what is learnt: readers hold this one object. */
class CurrentReasons implements Reasons {
  private current: Reasons

  constructor(first: Reasons) {
    this.current = first
  }

  decode(code: number): Decoded | undefined {
    return this.current.decode(code)
  }

  codeOf(name: string): number | undefined {
    return this.current.codeOf(name)
  }

  become(reasons: Reasons): void {
    this.current = reasons
  }
}

/** All that a run's readers and report need beside the inputs. */
export interface Knowledge {
  /** Each reader of each input starts from what the user gave. */
  readonly forReader: (path: string) => ReaderKnowledge
  readonly timekeeper: () => Timekeeper
  /** What known kernels call a number. */
  readonly candidatesOf: (code: number) => Candidates
  /** Which names of reasons there are: in all kernels that are known, and in what the user gave. */
  readonly reasons: {
    isKnown(name: string): boolean
    /** Those that may have been meant. */
    near(name: string): readonly string[]
  }
  /** What the user should hear at once. */
  readonly hints: readonly string[]
}

/** Opens what the readers of a run share. Throws UsageError and InputError. */
export async function openKnowledge(given: Given): Promise<Knowledge> {
  const bundle = await loadBundle()
  const { snapshot } = given.snapshot ?? {}
  const pick = given.kernel === undefined ? undefined : pickTable(bundle, given.kernel, given.distro)
  const ofFile = given.reasons === undefined ? undefined : await reasonsOfFile(given.reasons, given.stdin)
  const ofSnapshot = snapshot?.reasons && reasonsOf(snapshot.reasons, 'snapshot')
  const ofKernel = pick && reasonsOfPick(pick)
  const ofSnapshotKernel =
    snapshot && reasonsOfPick(pickTable(bundle, snapshot.host.kernel, given.distro ?? snapshot.distribution?.id))
  const host = given.snapshot && knownHost(given.snapshot)
  const time = snapshot === undefined ? given.time : { ...given.time, ...timeOf(snapshot) }
  const isWholeReason = wholeReasons(bundle)
  const programFor = await programs(given)
  return {
    forReader(path) {
      let ofHeader: Reasons | undefined
      let isWithdrawn = false
      const best = (): Reasons =>
        ofFile ??
        (isWithdrawn ? undefined : ofSnapshot) ??
        ofKernel ??
        (isWithdrawn ? undefined : ofSnapshotKernel) ??
        ofHeader ??
        NO_REASONS
      const reasons = new CurrentReasons(best())
      return {
        context: {
          flags: given.flags,
          reasons,
          isWholeReason,
          // Asked when a reader is opened.
          get toolVersions() {
            return isWithdrawn ? undefined : snapshot?.tools
          },
          ...programFor(path),
        },
        host,
        learnKernel(release) {
          const pickOfHeader = pickTable(bundle, release, given.distro)
          ofHeader = reasonsOfPick(pickOfHeader)
          reasons.become(best())
          const isOfKernel = ofKernel !== undefined && best() === ofKernel
          return isOfKernel && isOther(pick, pickOfHeader)
            ? `the capture is of kernel ${release}, whose reasons are not those of --kernel ${given.kernel}, which are used`
            : undefined
        },
        withdraw() {
          isWithdrawn = true
          reasons.become(best())
        },
      }
    },
    timekeeper: () => timekeeper(time),
    candidatesOf: (code) => candidates(bundle, code),
    reasons: {
      isKnown: (name) =>
        [ofFile, ofSnapshot].some((reasons) => reasons?.codeOf(name) !== undefined) ||
        Object.values(bundle.lists).some((list) => list.includes(name)),
      near: (name) => nearNames(bundle, name),
    },
    hints: [
      ...(pick === undefined ? [] : hintsOf(pick, given.kernel ?? '')),
      ...(given.kernel === undefined || snapshot === undefined || ofFile !== undefined
        ? []
        : hintsOfTwo(given.kernel, snapshot)),
    ],
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

/** `6.1` and `6.1.0-55-amd64` may be one kernel. */
function hintsOfTwo(kernel: string, { host, reasons }: Snapshot): readonly string[] {
  if (host.kernel === kernel || host.kernel.startsWith(`${kernel}.`) || host.kernel.startsWith(`${kernel}-`)) return []
  const whose = reasons === undefined ? 'those of --kernel' : 'its reasons'
  return [`--kernel ${kernel}: the snapshot is of kernel ${host.kernel}, and ${whose} are used`]
}

/** Made when a line is cut off, not before. */
function wholeReasons(bundle: Bundle): (name: string) => boolean {
  let names: readonly string[] | undefined
  return (name) => {
    names ??= Object.values(bundle.lists).flatMap((list) => list.filter((one) => one !== null))
    return names.includes(name) && !names.some((other) => other !== name && other.startsWith(name))
  }
}

async function reasonsOfFile(path: string, stdin: Stdin): Promise<Reasons> {
  const read = readReasons(await readGiven('--reasons', path, stdin))
  if ('refused' in read) throw new UsageError(`--reasons ${shellWord(path)}: ${read.refused}`)
  return reasonsOf(read.table, read.by)
}

/** A kernel that nobody looked at gives no names; the user hears of it at once, and the numbers stay. */
function hintsOf(pick: PickedTable, kernel: string): readonly string[] {
  if (pick.kind === 'found') return pick.sure === 'probable' ? [`--kernel ${kernel}: ${pick.why}`] : []
  const nearest = pick.nearest.length === 0 ? '' : ` (nearest ${pick.nearest.join(', ')})`
  return [`--kernel ${kernel}: ${pick.why}${nearest}: numbers stay numbers; give --reasons FILE of that kernel`]
}
