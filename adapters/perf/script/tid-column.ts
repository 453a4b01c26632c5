// The width of the TID column: 5 in perf 6.1, 7 since 6.12 (perf.md 1.3). It tells the version where no header does.

import type { SampleColumns } from './columns.ts'
import type { FrameAddresses } from './frame.ts'

export class TidColumn {
  /** Once a line has shown it. */
  width: number | undefined
  /** The same, as heads of call chains suggest. */
  private chainWidth: 5 | 7 | undefined

  /** A head of a call chain in perf's own layout was read. */
  suggest(columns: SampleColumns): void {
    this.chainWidth ??= chainWidthOf(columns)
  }

  /**
   * What the addresses in frames of user code are. A column of 7 is of a perf that prints them as they are; one of 5 says nothing: perf 3.13 and those of
   * 2018 and 2019 print addresses, those before, between and behind them offsets (perf.md 1.6).
   */
  frameAddresses(columns: SampleColumns, isExact: boolean, perfVersion: string | undefined): FrameAddresses {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(perfVersion ?? '') ?? []
    if (major !== undefined) return addressesOf(Number(major) * 1000 + Number(minor))
    if (columns.shape === 'collapsed') return 'unknown'
    const width = this.width ?? this.chainWidth ?? (isExact ? chainWidthOf(columns) : undefined)
    return width === 7 ? 'addresses' : 'unknown'
  }
}

/** By captures; nobody has seen the versions between. */
function addressesOf(version: number): FrameAddresses {
  const isOffset = (version >= 4001 && version <= 4013) || (version >= 5010 && version <= 6001)
  if (isOffset) return 'offsets'
  return version < 4001 || version >= 6012 ? 'addresses' : 'unknown'
}

/**
 * perf prints no padding of the comm before a chain: blanks before the TID are then the TID's own. Fewer than a column of 7 has: it is one of 5; just as
 * many: of 7, though a name that ends with two blanks looks so, too.
 */
function chainWidthOf({ assumesTid, shape, tid, blanks }: SampleColumns): 5 | 7 | undefined {
  if (!assumesTid || shape !== 'chain' || tid === undefined) return undefined
  const digits = String(tid).length
  if (digits >= 7) return undefined
  if (blanks === 8 - digits) return 7
  return blanks < 8 - digits && blanks >= 6 - digits ? 5 : undefined
}
