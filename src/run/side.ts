import type { FlagValue, Side } from '../contract.ts'
import { UsageError } from '../errors.ts'
import { readWhole } from '../input/open.ts'
import { type Bundle, loadBundle } from '../kernel/reasons/bundle.ts'
import { candidates } from '../kernel/reasons/candidates.ts'
import { pickTable, reasonsOfPick } from '../kernel/reasons/pick.ts'
import type { Pick } from '../kernel/reasons/pick-answer.ts'
import { readReasons } from '../kernel/reasons/read.ts'
import { type Decoded, NO_REASONS, type Reasons, reasonsOf } from '../kernel/reasons/reasons.ts'
import type { Candidates } from '../report/report.ts'
import { type KnownTime, type Timekeeper, timekeeper } from '../time/clock.ts'
import { programs } from './programs.ts'

/** What the user gave beside the inputs, as typed. */
export interface Given {
  /** The adapters' own flags. */
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  /** `--kernel`, with `--distro`. */
  readonly kernel: string | undefined
  readonly distro: string | undefined
  /** `--reasons`: a file of the capturing kernel. It goes before `--kernel`. */
  readonly reasons: string | undefined
  /** `--timezone`, `--clock`, `--boot-time`. */
  readonly time: KnownTime
  /** `--program FILE`, or `auto`. */
  readonly program: string | undefined
  /** `-e PROGRAM`. */
  readonly programText: string | undefined
}

export interface ReaderSide {
  readonly side: Side
  /** A header names the capturing kernel. What the user gave stays. */
  learnKernel(release: string): void
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
export interface RunSide {
  /** Each reader of each input starts from what the user gave. */
  readonly forReader: (path: string) => ReaderSide
  readonly timekeeper: () => Timekeeper
  /** What known kernels call a number. */
  readonly candidatesOf: (code: number) => Candidates
  /** What the user should hear at once. */
  readonly hints: readonly string[]
}

/** Opens what the readers of a run share. Throws UsageError and InputError. */
export async function openSide(given: Given): Promise<RunSide> {
  const bundle = await loadBundle()
  const pick = given.kernel === undefined ? undefined : pickTable(bundle, given.kernel, given.distro)
  const first = given.reasons !== undefined ? await reasonsOfFile(given.reasons) : pick && reasonsOfPick(pick)
  const isWholeReason = wholeReasons(bundle)
  const programFor = await programs(given)
  return {
    forReader(path) {
      const reasons = new CurrentReasons(first ?? NO_REASONS)
      return {
        side: {
          flags: given.flags,
          reasons,
          isWholeReason,
          ...programFor(path),
        },
        learnKernel(release) {
          if (first === undefined) reasons.become(reasonsOfPick(pickTable(bundle, release, given.distro)))
        },
      }
    },
    timekeeper: () => timekeeper(given.time),
    candidatesOf: (code) => candidates(bundle, code),
    hints: pick === undefined ? [] : hintsOf(pick, given.kernel ?? ''),
  }
}

/** Made when a line is cut off, not before. */
function wholeReasons(bundle: Bundle): (name: string) => boolean {
  let names: readonly string[] | undefined
  return (name) => {
    names ??= Object.values(bundle.lists).flatMap((list) => list.filter((one) => one !== null))
    return names.includes(name) && !names.some((other) => other !== name && other.startsWith(name))
  }
}

async function reasonsOfFile(path: string): Promise<Reasons> {
  const read = readReasons(await readWhole(path))
  if ('refused' in read) throw new UsageError(`--reasons ${path}: ${read.refused}`)
  return reasonsOf(read.table, read.by)
}

/** A kernel that nobody looked at gives no names; the user hears of it at once, and the numbers stay. */
function hintsOf(pick: Pick, kernel: string): readonly string[] {
  if (pick.kind === 'found') return pick.sure === 'probable' ? [`--kernel ${kernel}: ${pick.why}`] : []
  const nearest = pick.nearest.length === 0 ? '' : ` (nearest ${pick.nearest.join(', ')})`
  return [`--kernel ${kernel}: ${pick.why}${nearest}: numbers stay numbers; give --reasons FILE of that kernel`]
}
