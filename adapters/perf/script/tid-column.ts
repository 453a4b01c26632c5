// The width of the TID column: 5 in perf 6.1, 7 since 6.12. It shows the version where there is no header.

import type { SampleColumns } from './columns.ts'
import type { FrameAddresses } from './frame.ts'

/** What is known of the column so far, as plain data. */
export interface TidColumnMemory {
  readonly width: number | undefined
  readonly chainWidth: 5 | 7 | undefined
}

export class TidColumn {
  /** The width, once a line has shown it. */
  width: number | undefined
  /** The width that heads of call chains suggest. */
  private chainWidth: 5 | 7 | undefined

  get memory(): TidColumnMemory {
    return { width: this.width, chainWidth: this.chainWidth }
  }

  set memory({ width, chainWidth }: TidColumnMemory) {
    this.width = width
    this.chainWidth = chainWidth
  }

  /** Takes a head of a call chain in perf's own layout. */
  suggest(columns: SampleColumns): void {
    this.chainWidth ??= chainWidthOf(columns)
  }

  /** What the lines so far say of it: 0 nothing, 1 that it is not of 7, 2 that it is. */
  get settled(): 0 | 1 | 2 {
    const width = this.width ?? this.chainWidth
    if (width === undefined) return 0
    return width === 7 ? 2 : 1
  }

  /**
   * What perf printed as addresses of user code in frames. A column of 7 is of a perf that prints them as they are.
   * One of 5 says nothing: perf 3.13 and those of 2018 and 2019 print addresses, the others print offsets.
   */
  frameAddresses(columns: SampleColumns, isExact: boolean, perfVersion: string | undefined): FrameAddresses {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(perfVersion ?? '') ?? []
    if (major !== undefined) return addressesOf(Number(major) * 1000 + Number(minor))
    if (columns.shape === 'collapsed') return 'unknown'
    const width = this.width ?? this.chainWidth ?? (isExact ? chainWidthOf(columns) : undefined)
    return width === 7 ? 'addresses' : 'unknown'
  }
}

/** As seen in captures. Versions between were not seen. */
function addressesOf(version: number): FrameAddresses {
  const isOffset = (version >= 4001 && version <= 4013) || (version >= 5010 && version <= 6001)
  if (isOffset) return 'offsets'
  return version < 4001 || version >= 6012 ? 'addresses' : 'unknown'
}

/**
 * The width before a chain, where perf does not pad the comm: blanks before the TID belong to the TID's column. With
 * fewer blanks than a column of 7 has, it is one of 5. With just as many it is one of 7, though a name that ends
 * with two blanks looks the same.
 */
function chainWidthOf({ assumesTid, shape, tid, blanks }: SampleColumns): 5 | 7 | undefined {
  if (!assumesTid || shape !== 'chain' || tid === undefined) return undefined
  const digits = String(tid).length
  if (digits >= 7) return undefined
  if (blanks === 8 - digits) return 7
  return blanks < 8 - digits && blanks >= 6 - digits ? 5 : undefined
}
