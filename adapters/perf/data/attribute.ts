// `struct perf_event_attr`, which says what the records of one event hold (include/uapi/linux/perf_event.h, Linux 3.7
// to 7.2).
import type { ClockId } from '../../../src/event/words.ts'

/** An event as perf asked the kernel for it. */
export interface EventAttribute {
  /** Its place among the attributes of the recording. */
  readonly index: number
  /** `PERF_TYPE_*`: 0 hardware, 1 software, 2 tracepoint, … */
  readonly type: number
  /** Of a tracepoint: the id of its format. */
  readonly config: bigint
  /** `PERF_SAMPLE_*` that this reader knows: the lower 25 bits. */
  readonly sampleType: number
  readonly readFormat: number
  readonly branchSampleType: bigint
  readonly userRegisters: bigint
  readonly kernelRegisters: bigint
  /** Records that are no samples end with a trailer. */
  readonly hasTrailer: boolean
  readonly clock: ClockId
}

export const TRACEPOINT = 2

const KNOWN_SAMPLE_BITS = 0x1ffffff
const FLAG = { sampleIdAll: 18n, useClockId: 25n }

/**
 * The attribute in these bytes. Its own size says how many of them count; what it does not have is 0. A size of 0 means
 * that of the first version.
 */
export function readAttribute(bytes: Uint8Array, isLittle: boolean, index: number): EventAttribute {
  const whole = new Uint8Array(LONGEST)
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(4, isLittle)
  whole.set(bytes.subarray(0, Math.min(size === 0 ? FIRST_SIZE : size, LONGEST)))
  const view = new DataView(whole.buffer)
  const flags = view.getBigUint64(40, isLittle)
  // A compiler for a big-endian machine gives the first flag the highest bit.
  const has = (flag: bigint): boolean => ((flags >> (isLittle ? flag : 63n - flag)) & 1n) === 1n
  return {
    index,
    type: view.getUint32(0, isLittle),
    config: view.getBigUint64(8, isLittle),
    sampleType: Number(view.getBigUint64(24, isLittle) & BigInt(KNOWN_SAMPLE_BITS)),
    readFormat: Number(view.getBigUint64(32, isLittle) & 0x1fn),
    branchSampleType: view.getBigUint64(72, isLittle),
    userRegisters: view.getBigUint64(80, isLittle),
    kernelRegisters: view.getBigUint64(96, isLittle),
    hasTrailer: has(FLAG.sampleIdAll),
    clock: has(FLAG.useClockId) ? (CLOCKS.get(view.getInt32(92, isLittle)) ?? 'unknown') : 'perf',
  }
}

/** The first published size, and the last member that is looked at. */
const FIRST_SIZE = 64
const LONGEST = 104

/** `CLOCK_*` of include/uapi/linux/time.h. */
export const CLOCKS: ReadonlyMap<number, ClockId> = new Map([
  [0, 'realtime'],
  [1, 'monotonic'],
  [4, 'monotonic_raw'],
  [7, 'boottime'],
  [11, 'tai'],
])
