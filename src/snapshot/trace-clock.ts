import { type ClockReading, widthOf } from './edge.ts'
import type { Machine } from './machine.ts'
import { TRACEFS } from './tracefs.ts'

/**
 * What ftrace calls the clocks that only the kernel can read exactly. `perf` is `local_clock()`, which perf stamps its
 * events with; `local` is another one (20 ms away from it on a virtual machine, 6.18).
 */
const TRACE_CLOCKS = { perf: 'perf', monotonic_raw: 'mono_raw' } as const
export type TraceClock = keyof typeof TRACE_CLOCKS

/** Marks written for each clock. The narrowest reading is taken. */
const MARKS = 50

/**
 * Reads clocks through ftrace: a mark is written to a trace buffer of our own, which stamps it by the wanted clock. The
 * buffer is removed, and other tracing is not touched. It needs root, and no lockdown. Empty when it fails.
 */
export function readTraceClocks(machine: Machine): ReadonlyMap<TraceClock, ClockReading> {
  const readings = new Map<TraceClock, ClockReading>()
  for (const tracefs of TRACEFS) {
    const buffer = `${tracefs}/instances/tracenorm-${machine.pid}`
    if (!machine.makeFolder(buffer)) continue
    try {
      for (const clock of ['perf', 'monotonic_raw'] as const) {
        const reading = readTraceClock(machine, buffer, TRACE_CLOCKS[clock])
        if (reading !== undefined) readings.set(clock, reading)
      }
    } finally {
      machine.removeFolder(buffer)
    }
    break
  }
  return readings
}

function readTraceClock(machine: Machine, buffer: string, name: string): ClockReading | undefined {
  // A change of the clock empties the buffer.
  if (!machine.write(`${buffer}/trace_clock`, [name])) return undefined
  const marks = Array.from({ length: MARKS }, (_, mark) => `tracenorm-mark ${mark}\n`)
  const times = [machine.clock.monotonicNs()]
  const isWritten = machine.write(`${buffer}/trace_marker`, marks, () => times.push(machine.clock.monotonicNs()))
  if (!isWritten) return undefined
  let best: ClockReading | undefined
  for (const [mark, ns] of marksIn(machine.readText(`${buffer}/trace`) ?? '')) {
    const before = times[mark]
    const after = times[mark + 1]
    if (before === undefined || after === undefined) continue
    const reading = { before, ns, after }
    if (best === undefined || widthOf(reading) < widthOf(best)) best = reading
  }
  return best
}

/**
 * The marks in the text of a trace, by their numbers: `  node-4711  [001] ...1.  7960.422905: tracing_mark_write:
 * tracenorm-mark 7`. ftrace rounds to whole microseconds.
 */
export function marksIn(trace: string): ReadonlyMap<number, bigint> {
  const marks = new Map<number, bigint>()
  for (const [, seconds, micros, mark] of trace.matchAll(MARK)) {
    marks.set(Number(mark), BigInt(`${seconds}${micros}`) * 1000n)
  }
  return marks
}

const MARK = /(?<!\d)(\d+)\.(\d{6}): tracing_mark_write: tracenorm-mark (\d+)$/gm
/** Half of the last digit that ftrace prints. */
export const MARK_ROUNDING_NS = 500n
