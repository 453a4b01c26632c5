// One SAMPLE record, by offsets. Those who make records of it (formats.ts, symbols.ts) read its bytes themselves: no
// value is made that nobody asks for.
import type { EventAttribute } from './attribute.ts'

/**
 * It is filled anew for each record: keep nothing of it. Offsets are those of `view`, which shows the record and other
 * bytes around it. An offset of 0 says that the record does not have the member.
 */
export interface Sample {
  readonly view: DataView
  /** The same bytes. */
  readonly bytes: Uint8Array
  /** The byte order of the recording. */
  readonly isLittle: boolean
  readonly attribute: EventAttribute
  /** `PERF_RECORD_MISC_CPUMODE_*`: 1 kernel, 2 user, 3 hypervisor, 4 guest kernel, 5 guest user. */
  readonly cpuMode: number
  /** -1 without the member TID. */
  readonly pid: number
  readonly tid: number
  /** Offset of a u64. */
  readonly ip: number
  /** Offset of the first u64 of the call chain, and how many there are. */
  readonly chain: number
  readonly chainLength: number
  /**
   * The raw data of a tracepoint: what its format's offsets count from, and the end. The end may have up to 7 bytes of
   * padding before it.
   */
  readonly raw: number
  readonly rawEnd: number
  /** The sample has a copy of the user's stack, which is not unwound: its chain has no user frames. */
  readonly hasUserStack: boolean
}
