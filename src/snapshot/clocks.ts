import type { ClockPair } from '../event/generated/snapshot-types.ts'
import { CLOCK_PROGRAMS, readClockProgram } from './clock-program.ts'
import { type ClockReading, tickOf, widthOf } from './edge.ts'
import type { Machine } from './machine.ts'
import { type ClockOffsets, readTimerList } from './timer-list.ts'
import { MARK_ROUNDING_NS, readTraceClocks } from './trace-clock.ts'
import { whyNoTracefs } from './tracefs.ts'

type PairId = ClockPair['id']

export interface SnapshotClocks {
  readonly pairs: readonly ClockPair[]
  /** Why there is no pair, by clock. */
  readonly missing: ReadonlyMap<PairId, string>
}

/** The wall clock against CLOCK_MONOTONIC, which all other clocks are measured against. */
interface Anchor {
  readonly offsetNs: bigint
  readonly uncertaintyNs: bigint
  readonly source: string
}

const CLOCKS: readonly PairId[] = ['monotonic', 'boottime', 'tai', 'monotonic_raw', 'perf']

/** A tick of the wall clock comes each millisecond, one of /proc/uptime each hundredth of a second. */
const WALL_TICKS = 20
const UPTIME_TICKS = 5
const MILLISECOND = 1_000_000n
const HUNDREDTH = 10_000_000n
/** For two readings of CLOCK_MONOTONIC and their rounding. */
const EXACT_NS = 1n

/**
 * Pairs of this host's clocks with its wall clock, each with how far the two may be from one instant. Each is from the
 * best source: the kernel's own offsets (root), a clock read between two readings of CLOCK_MONOTONIC, or the tick of a
 * coarse clock.
 */
export function readClocks(machine: Machine): SnapshotClocks {
  if (isTimeShifted(machine)) {
    const why = 'this process is in a time namespace: it sees other clocks than the kernel'
    return { pairs: [], missing: new Map(CLOCKS.map((id) => [id, why])) }
  }
  const wall = tickOf(machine.clock.wallMs, MILLISECOND, machine.clock, WALL_TICKS)
  if (wall === undefined) {
    return {
      pairs: [],
      missing: new Map(CLOCKS.map((id) => [id, 'the wall clock was set, or stood still, at that moment'])),
    }
  }
  const offsets = timerListOffsets(machine, wall)
  const anchor = offsets === undefined ? anchorOf(wall) : exactAnchor(offsets.realtime)
  const pairs = new Map<PairId, ClockPair>()
  const add = (pair: ClockPair): void => {
    const other = pairs.get(pair.id)
    if (other === undefined || pair.uncertainty_ns < other.uncertainty_ns) pairs.set(pair.id, pair)
  }
  const now = machine.clock.monotonicNs()
  add(pairOf('monotonic', { before: now, ns: now, after: now }, 0n, anchor, anchor.source))
  if (offsets !== undefined) {
    for (const id of ['boottime', 'tai'] as const)
      add(pairOf(id, { before: now, ns: now + offsets[id], after: now }, 0n, anchor, TIMER_LIST))
  }
  for (const [id, reading] of readTraceClocks(machine)) {
    add(pairOf(id, reading, MARK_ROUNDING_NS, anchor, 'a mark in an ftrace buffer'))
  }
  if (CLOCKS.some((id) => id !== 'perf' && !pairs.has(id))) {
    for (const pair of pairsOfPrograms(machine, anchor)) add(pair)
  }
  if (!pairs.has('boottime')) {
    const uptime = uptimeTick(machine)
    if (uptime !== undefined) add(pairOf('boottime', uptime, 0n, anchor, 'a tick of /proc/uptime'))
  }
  return {
    pairs: CLOCKS.map((id) => pairs.get(id)).filter((pair) => pair !== undefined),
    missing: new Map(CLOCKS.filter((id) => !pairs.has(id)).map((id) => [id, whyMissing(id, machine)])),
  }
}

const TIMER_LIST = '/proc/timer_list'

function whyMissing(id: PairId, machine: Machine): string {
  const noPrograms = 'neither python3 nor perl is here'
  switch (id) {
    case 'monotonic':
      return 'it could not be read'
    case 'boottime':
      return `/proc/uptime is not that of the kernel, and ${noPrograms}`
    case 'tai':
      return `${TIMER_LIST}, which root can read, does not have it, and ${noPrograms}`
    case 'monotonic_raw':
      return `${whyNoTracefs(machine)}; and ${noPrograms}`
    case 'perf':
      return whyNoTracefs(machine)
  }
}

/** The kernel stamps events by the clocks of the first time namespace. */
function isTimeShifted(machine: Machine): boolean {
  const offsets = machine.readText('/proc/self/timens_offsets') ?? ''
  return [...offsets.matchAll(/^\w+\s+(-?\d+)\s+(\d+)$/gm)].some(
    ([, seconds, ns]) => Number(seconds) !== 0 || Number(ns) !== 0,
  )
}

/** The kernel's own offsets, unless they contradict what was measured. */
function timerListOffsets(machine: Machine, wall: ClockReading): ClockOffsets | undefined {
  const offsets = readTimerList(machine.readText(TIMER_LIST) ?? '')
  if (offsets === undefined) return undefined
  const measured = anchorOf(wall)
  const difference = offsets.realtime - measured.offsetNs
  const isNear = difference <= measured.uncertaintyNs && -difference <= measured.uncertaintyNs
  return isNear ? offsets : undefined
}

function anchorOf(wall: ClockReading): Anchor {
  const { before, ns, after } = wall
  return { offsetNs: ns - (before + after) / 2n, uncertaintyNs: halfOf(wall), source: 'a tick of the wall clock' }
}

function exactAnchor(offsetNs: bigint): Anchor {
  return { offsetNs, uncertaintyNs: EXACT_NS, source: TIMER_LIST }
}

function pairOf(id: PairId, reading: ClockReading, roundingNs: bigint, anchor: Anchor, source: string): ClockPair {
  const monotonic = (reading.before + reading.after) / 2n
  return {
    id,
    ns: String(reading.ns),
    realtime_ns: String(monotonic + anchor.offsetNs),
    uncertainty_ns: Number(halfOf(reading) + roundingNs + anchor.uncertaintyNs),
    source,
  }
}

function pairsOfPrograms(machine: Machine, anchor: Anchor): readonly ClockPair[] {
  for (const { program, words, roundingNs } of CLOCK_PROGRAMS) {
    const readings = readClockProgram(machine.run(program, words) ?? '')
    if (readings.size === 0) continue
    return [...readings].map(([id, reading]) => pairOf(id, reading, roundingNs, anchor, `clock_gettime by ${program}`))
  }
  return []
}

/** Undefined where another file replaces it, as in containers with lxcfs, or where it does not tick. */
function uptimeTick(machine: Machine): ClockReading | undefined {
  if (/ \/proc\/uptime /.test(machine.readText('/proc/self/mountinfo') ?? '')) return undefined
  const hundredths = (): number | undefined => {
    const [, seconds, rest] = /^(\d+)\.(\d\d) /.exec(machine.readText('/proc/uptime') ?? '') ?? []
    return seconds === undefined ? undefined : Number(`${seconds}${rest}`)
  }
  return tickOf(hundredths, HUNDREDTH, machine.clock, UPTIME_TICKS)
}

function halfOf(reading: ClockReading): bigint {
  return (widthOf(reading) + 1n) / 2n
}
