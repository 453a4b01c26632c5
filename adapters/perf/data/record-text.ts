// Records that are no samples as text, as `perf script --show-task-events` and the like print them (tools/perf/util/
// event.c, perf 6.1 and 6.12): what a record says in `payload` is the same, whether it came as text or not.
import { type KernelRecord, RECORD, readComm, readKernelSymbol, readTaskChange } from './kernel-records.ts'
import { hexOf, textAt } from './text.ts'

const MISC_SWITCH_OUT = 1 << 13
const MISC_SWITCH_PREEMPT = 1 << 14
const MISC_MMAP_BUILD_ID = 1 << 14
const MISC_DATA = 1 << 13

/** By type, from 1 on. */
const NAMES = [
  'MMAP LOST COMM EXIT THROTTLE UNTHROTTLE FORK READ SAMPLE MMAP2 AUX ITRACE_START LOST_SAMPLES SWITCH',
  'SWITCH_CPU_WIDE NAMESPACES KSYMBOL BPF_EVENT CGROUP TEXT_POKE AUX_OUTPUT_HW_ID CALLCHAIN_DEFERRED',
]
  .join(' ')
  .split(' ')

/** The event's name: `PERF_RECORD_COMM`. */
export function recordName(type: number): string {
  return `PERF_RECORD_${NAMES[type - 1] ?? 'UNKNOWN'}`
}

/** What follows the name, latin1; empty where perf prints the name alone. */
export function recordText(type: number, record: KernelRecord): string {
  switch (type) {
    case RECORD.mmap:
    case RECORD.mmap2:
      return mappingText(type, record)
    case RECORD.comm: {
      const { comm, pid, tid, isExec } = readComm(record)
      return `${isExec ? 'exec: ' : ''}${comm}:${pid}/${tid}`
    }
    case RECORD.fork:
    case RECORD.exit: {
      const { pid, tid, parentPid, parentTid } = readTaskChange(record)
      return `(${pid}:${tid}):(${parentPid}:${parentTid})`
    }
    case RECORD.switch:
      return switchText(record.misc).trimEnd()
    case RECORD.switchCpuWide: {
      const { view, at, isLittle, misc } = record
      const other = (misc & MISC_SWITCH_OUT) === 0 ? 'prev' : 'next'
      const pid = String(view.getInt32(at + 8, isLittle)).padStart(5)
      return `${switchText(misc)}  ${other} pid/tid: ${pid}/${view.getInt32(at + 12, isLittle)}`
    }
    case RECORD.namespaces:
      return namespacesText(record)
    case RECORD.ksymbol: {
      const { address, length, name } = readKernelSymbol(record)
      const { view, at, isLittle } = record
      const kind = `type ${view.getUint16(at + 20, isLittle)} flags 0x${view.getUint16(at + 22, isLittle).toString(16)}`
      return `addr ${address.toString(16)} len ${length} ${kind} name ${name}`
    }
    case RECORD.cgroup: {
      const { view, bytes, at, end, isLittle } = record
      return `cgroup: ${view.getBigUint64(at + 8, isLittle)} ${textAt(bytes, at + 16, end)}`
    }
    default:
      return rareText(type, record)
  }
}

/** Of what few recordings have. */
function rareText(type: number, { view, at, isLittle }: KernelRecord): string {
  const hex = (offset: number): string => hexText(view.getBigUint64(at + offset, isLittle))
  switch (type) {
    case RECORD.aux: {
      const bits = view.getUint32(at + (isLittle ? 24 : 28), isLittle)
      const letters = ['T', 'O', 'P', 'C'].filter((_, bit) => ((bits >> bit) & 1) === 1).join('')
      return `offset: ${hex(8)} size: ${hex(16)} flags: ${hex(24)} [${letters}]`
    }
    case RECORD.itraceStart:
      return `pid: ${view.getInt32(at + 8, isLittle)} tid: ${view.getInt32(at + 12, isLittle)}`
    case RECORD.bpfEvent: {
      const [kind, flags] = [view.getUint16(at + 8, isLittle), view.getUint16(at + 10, isLittle)]
      return `type ${kind}, flags ${flags}, id ${view.getUint32(at + 12, isLittle)}`
    }
    case RECORD.textPoke: {
      const [before, after] = [view.getUint16(at + 16, isLittle), view.getUint16(at + 18, isLittle)]
      return `${view.getBigUint64(at + 8, isLittle).toString(16)} old len ${before} new len ${after}`
    }
    case RECORD.auxOutputHwId:
      return `hw_id: ${hex(8)}`
    default:
      return ''
  }
}

const NAMESPACES = ['net', 'uts', 'ipc', 'pid', 'user', 'mnt', 'cgroup']

function namespacesText({ view, at, end, isLittle }: KernelRecord): string {
  const count = Math.min(Number(view.getBigUint64(at + 16, isLittle)), Math.floor((end - at - 24) / 16))
  const texts = Array.from({ length: count }, (_, index) => {
    const place = at + 24 + 16 * index
    const device = view.getBigUint64(place, isLittle)
    return `${index}/${NAMESPACES[index] ?? 'UNKNOWN'}: ${device}/${hexText(view.getBigUint64(place + 8, isLittle))}`
  })
  const lines = texts.map((text, index) => (index > 0 && index % 4 === 0 ? `\n\t\t ${text}` : text))
  const task = `${view.getInt32(at + 8, isLittle)}/${view.getInt32(at + 12, isLittle)}`
  return `${task} - nr_namespaces: ${count}\n\t\t[${lines.join(', ')}]`
}

/** As C prints it with `%#llx`. */
function hexText(value: bigint): string {
  return value === 0n ? '0' : `0x${value.toString(16)}`
}

function switchText(misc: number): string {
  if ((misc & MISC_SWITCH_OUT) === 0) return 'IN         '
  return (misc & MISC_SWITCH_PREEMPT) === 0 ? 'OUT        ' : 'OUT preempt'
}

function mappingText(type: number, { view, bytes, at, end, isLittle, misc }: KernelRecord): string {
  const hex = (offset: number): string => hexText(view.getBigUint64(at + offset, isLittle))
  const place = `${view.getInt32(at + 8, isLittle)}/${view.getInt32(at + 12, isLittle)}: [${hex(16)}(${hex(24)}) @ ${hex(32)}`
  if (type === RECORD.mmap) return `${place}]: ${(misc & MISC_DATA) === 0 ? 'x' : 'r'} ${textAt(bytes, at + 40, end)}`
  const protection = view.getUint32(at + 64, isLittle)
  const letters = `${(protection & 1) === 0 ? '-' : 'r'}${(protection & 2) === 0 ? '-' : 'w'}${(protection & 4) === 0 ? '-' : 'x'}`
  const isShared = (view.getUint32(at + 68, isLittle) & 1) !== 0
  return `${place} ${fileId({ view, bytes, at, end, isLittle, misc })}]: ${letters}${isShared ? 's' : 'p'} ${textAt(bytes, at + 72, end)}`
}

/** Which file was mapped: its build id, or its device, inode and generation. */
function fileId({ view, bytes, at, isLittle, misc }: KernelRecord): string {
  if ((misc & MISC_MMAP_BUILD_ID) !== 0) {
    const idBytes = Math.min(view.getUint8(at + 40), 20)
    return `<${hexOf(bytes, at + 44, at + 44 + idBytes)}>`
  }
  const device = (offset: number): string =>
    view
      .getUint32(at + offset, isLittle)
      .toString(16)
      .padStart(2, '0')
  return `${device(40)}:${device(44)} ${view.getBigUint64(at + 48, isLittle)} ${view.getBigUint64(at + 56, isLittle)}`
}
