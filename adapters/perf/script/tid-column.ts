// The width of the TID column: 5 in perf 6.1, 7 since 6.12 (perf.md 1.3). It tells the version where no header does.
import type { FrameAddresses } from './chain.ts'
import type { Columns } from './columns.ts'

export class TidColumn {
  /** Once a line has shown it. */
  width: number | undefined
  /** The same, as heads of call chains suggest. */
  private chainWidth: 5 | 7 | undefined

  /** A head of a call chain in perf's own layout was read. */
  suggest(columns: Columns): void {
    this.chainWidth ??= chainWidthOf(columns)
  }

  /** What the addresses in frames of user code are: up to perf 6.1 offsets in the file. */
  frameAddresses(columns: Columns, isExact: boolean, perfVersion: string | undefined): FrameAddresses {
    const version = /^(\d+)\.(\d+)/.exec(perfVersion ?? '')
    if (version !== null) return Number(version[1]) * 1000 + Number(version[2]) <= 6001 ? 'offsets' : 'addresses'
    if (columns.shape === 'collapsed') return 'unknown'
    const width = this.width ?? this.chainWidth ?? (isExact ? chainWidthOf(columns) : undefined)
    return width === 5 ? 'offsets' : width === 7 ? 'addresses' : 'unknown'
  }
}

/**
 * perf prints no padding of the comm before a chain: blanks before the TID are then the TID's own. Fewer than a column of 7 has: it is one of 5; just as
 * many: of 7, though a name that ends with two blanks looks so, too.
 */
function chainWidthOf({ assumesTid, shape, tid, blanks }: Columns): 5 | 7 | undefined {
  if (!assumesTid || shape !== 'chain' || tid === undefined) return undefined
  const digits = String(tid).length
  if (digits >= 7) return undefined
  if (blanks === 8 - digits) return 7
  return blanks < 8 - digits && blanks >= 6 - digits ? 5 : undefined
}
