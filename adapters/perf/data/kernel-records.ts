// Records of the kernel that are no samples (include/uapi/linux/perf_event.h, Linux 3.7 to 7.2).

import type { KernelSymbol, Mapping } from './symbols.ts'
import { hexOf, textAt } from './text.ts'

/** `PERF_RECORD_*` */
export const RECORD = {
  mmap: 1,
  lost: 2,
  comm: 3,
  exit: 4,
  throttle: 5,
  unthrottle: 6,
  fork: 7,
  read: 8,
  sample: 9,
  mmap2: 10,
  aux: 11,
  itraceStart: 12,
  lostSamples: 13,
  switch: 14,
  switchCpuWide: 15,
  namespaces: 16,
  ksymbol: 17,
  bpfEvent: 18,
  cgroup: 19,
  textPoke: 20,
  auxOutputHwId: 21,
  callchainDeferred: 22,
} as const

/** `PERF_RECORD_MISC_*` */
const MISC_EXEC = 1 << 13
const MISC_BUILD_ID = 1 << 14
export const MISC_FILTERED = 1 << 15

/** The bytes that each type must have, header included. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [RECORD.mmap, 41],
  [RECORD.lost, 24],
  [RECORD.comm, 17],
  [RECORD.exit, 32],
  [RECORD.fork, 32],
  [RECORD.mmap2, 73],
  [RECORD.aux, 32],
  [RECORD.itraceStart, 16],
  [RECORD.lostSamples, 16],
  [RECORD.switchCpuWide, 16],
  [RECORD.namespaces, 24],
  [RECORD.ksymbol, 25],
  [RECORD.bpfEvent, 16],
  [RECORD.cgroup, 17],
  [RECORD.textPoke, 20],
  [RECORD.auxOutputHwId, 16],
])

/** Whether a record of this type is long enough for what is read of it. */
export function isLongEnough(type: number, bytes: number): boolean {
  return bytes >= (LEAST.get(type) ?? 8)
}

/** A record in these bytes. */
export interface KernelRecord {
  readonly view: DataView
  readonly bytes: Uint8Array
  readonly isLittle: boolean
  readonly at: number
  readonly end: number
  readonly misc: number
}

export interface NamedTask {
  readonly pid: number
  readonly tid: number
  /** latin1. */
  readonly comm: string
  readonly isExec: boolean
}

export function readComm({ view, bytes, isLittle, at, end, misc }: KernelRecord): NamedTask {
  return {
    pid: view.getInt32(at + 8, isLittle),
    tid: view.getInt32(at + 12, isLittle),
    comm: textAt(bytes, at + 16, end),
    isExec: (misc & MISC_EXEC) !== 0,
  }
}

/** FORK and EXIT. */
export interface TaskChange {
  readonly pid: number
  readonly parentPid: number
  readonly tid: number
  readonly parentTid: number
}

export function readTaskChange({ view, isLittle, at }: KernelRecord): TaskChange {
  return {
    pid: view.getInt32(at + 8, isLittle),
    parentPid: view.getInt32(at + 12, isLittle),
    tid: view.getInt32(at + 16, isLittle),
    parentTid: view.getInt32(at + 20, isLittle),
  }
}

/** MMAP, or MMAP2. */
export function readMapping(type: number, { view, bytes, isLittle, at, end, misc }: KernelRecord): Mapping {
  const isSecond = type === RECORD.mmap2
  const idBytes = isSecond && (misc & MISC_BUILD_ID) !== 0 ? Math.min(view.getUint8(at + 40), 20) : 0
  return {
    cpuMode: misc & 7,
    pid: view.getInt32(at + 8, isLittle),
    start: view.getBigUint64(at + 16, isLittle),
    length: view.getBigUint64(at + 24, isLittle),
    fileOffset: view.getBigUint64(at + 32, isLittle),
    file: textAt(bytes, at + (isSecond ? 72 : 40), end),
    buildId: idBytes === 0 ? undefined : hexOf(bytes, at + 44, at + 44 + idBytes),
  }
}

export function readKernelSymbol({ view, bytes, isLittle, at, end }: KernelRecord): KernelSymbol {
  return {
    address: view.getBigUint64(at + 8, isLittle),
    length: view.getUint32(at + 16, isLittle),
    name: textAt(bytes, at + 24, end),
    isGone: (view.getUint16(at + 22, isLittle) & 1) !== 0,
  }
}

/** CGROUP: the path (latin1) of an id. */
export function readCgroup({ view, bytes, isLittle, at, end }: KernelRecord): {
  readonly id: bigint
  readonly path: string
} {
  return { id: view.getBigUint64(at + 8, isLittle), path: textAt(bytes, at + 16, end) }
}
