import type { FlagValue, Side } from '../contract.ts'
import { type Bundle, loadBundle } from '../kernel/reasons/bundle.ts'
import { candidates } from '../kernel/reasons/candidates.ts'
import { pickTable, reasonsOfPick } from '../kernel/reasons/pick.ts'
import { type Decoded, NO_REASONS, type Reasons } from '../kernel/reasons/reasons.ts'
import type { Candidates } from '../report/report.ts'
import type { Timekeeper } from '../time/clock.ts'

/** What the user says of the capturing kernel, as far as names for reason numbers go; the first that is given counts. */
export interface GivenReasons {
  /** Of `--reasons FILE` or a snapshot: this kernel's own. */
  readonly table: Reasons | undefined
  /** `--kernel`, with `--distro`. */
  readonly kernel: string | undefined
  readonly distro: string | undefined
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
  readonly forReader: () => ReaderSide
  readonly timekeeper: () => Timekeeper
  /** What known kernels call a number. */
  readonly candidatesOf: (code: number) => Candidates
}

/** What the user gave beside the inputs, opened. */
export interface Given {
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  readonly reasons: GivenReasons
  readonly timekeeper: () => Timekeeper
  /** The bpftrace program, latin1. */
  readonly program: string | undefined
}

/** Opens what the readers of a run share. */
export async function openSide({ flags, reasons: given, timekeeper, program }: Given): Promise<RunSide> {
  const bundle: Bundle = await loadBundle()
  const ofKernel = (release: string): Reasons => reasonsOfPick(pickTable(bundle, release, given.distro))
  const first = given.table ?? (given.kernel === undefined ? undefined : ofKernel(given.kernel))
  return {
    forReader() {
      const reasons = new CurrentReasons(first ?? NO_REASONS)
      return {
        side: { flags, reasons, ...(program !== undefined && { program }) },
        learnKernel(release) {
          if (first === undefined) reasons.become(ofKernel(release))
        },
      }
    },
    timekeeper,
    candidatesOf: (code) => candidates(bundle, code),
  }
}
