import type { ClockId } from '../event/words.ts'
import { type FoldState, offsetInFold, openFold } from './fold.ts'
import { fractionNs, secondsOfLocal, splitNs, TimeText } from './rfc3339.ts'
import type { Zone } from './zone.ts'

/** One instant on two clocks, decimal nanoseconds. */
export interface ClockPair {
  readonly id: ClockId
  readonly ns: string
  readonly realtimeNs: string
  readonly uncertaintyNs?: number
}

/** The result for a local time. */
export interface LocalTime {
  readonly ts?: string
  /** The zone that made `ts`. */
  readonly zone?: string
  readonly flag?: 'time_ambiguous'
  readonly conflict?: string
}

/** Wall clock time is the clock's time and a constant. */
export interface ClockOffset {
  /** Whole seconds, and 0 to 999,999,999 ns on top. */
  readonly seconds: number
  readonly nanoseconds: number
  /** The first and the last whole second of the clock for which this holds. */
  readonly least: number
  readonly most: number
}

/** What is known about the clocks of one reader's input. `localTs` is called in the order of the lines. */
export interface Timekeeper {
  /** The clock of a time: `--clock` names it where the source does not. */
  idOf(given: ClockId): ClockId
  /** Undefined: the wall clock is not known. `ns`: 1 to 20 decimal digits. */
  tsOf(id: ClockId, ns: string): string | undefined
  /** How `tsOf` converts times of that clock; undefined where it gives no `ts`. It holds until something is learned. */
  offsetOf(id: ClockId): ClockOffset | undefined
  /** `local`: `2023-02-23T18:03:36.370138884`, with 0 to 9 fraction digits. */
  localTs(local: string): LocalTime
  /**
   * Whether all times of the minute in which this local time is have one offset, whatever came before; also where no
   * zone is known.
   */
  hasSteadyMinute(local: string): boolean
  /** A header of this input gives a pair. It has precedence over all others of its clock. */
  learn(pair: ClockPair): void
  /** The snapshot is of another host. Its pairs and its zone are forgotten; those of headers and of the user stay. */
  withdraw(): void
  /** True when there is no `ts` for want of this clock, or of the zone, and the user could give it. */
  lacks(what: ClockId | 'zone'): boolean
  /** A local time was converted: what comes of those that follow may depend on it. */
  readonly remembersLocal: boolean
  /** Sentences for the user about the times seen so far, each once. */
  readonly hints: ReadonlySet<string>
}

/** What the user or a snapshot says about the clocks of the capturing host. */
export interface KnownTime {
  /** `--clock`: what a bare time means. */
  readonly clock?: ClockId
  /**
   * `--boot-time`: the wall clock at boot, nanoseconds since 1970. It has precedence over `pairs`: the snapshot may be
   * of another boot.
   */
  readonly bootNs?: bigint
  /** The pairs of a snapshot. */
  readonly pairs?: readonly ClockPair[]
  /** `--timezone`. It has precedence over `snapshotZone`. */
  readonly zone?: Zone
  readonly snapshotZone?: Zone
}

/** Clocks that count from boot. A boot time given by hand ignores how they differ, by suspend and slewing. */
const SINCE_BOOT: readonly ClockId[] = ['monotonic', 'boottime', 'monotonic_raw', 'perf', 'unknown']

/** A bare time with this many digits, 31 years in nanoseconds, is not a time since boot. */
const EPOCH_DIGITS = 19
/** The most seconds of a bare time since boot, and of any other time. */
const MOST_BARE_SECONDS = 10 ** (EPOCH_DIGITS - 10) - 1
const MOST_SECONDS = 10 ** 10 - 1

/** Clocks that NTP does not steer: they gain or lose some 10 to 50 ppm against the wall clock, 0.2 s in an hour. */
const UNSTEERED: readonly ClockId[] = ['perf', 'monotonic_raw']
const NEAR_SECONDS = 3600

const FAR =
  'some ts are more than an hour from the moment in which the clock pair was measured: the clocks perf and monotonic_raw are not steered, and those ts may be off by 0.2 s for each hour'
const NO_NAME =
  'times of an unnamed clock give no ts, although a clock pair is known: give --clock (perf, monotonic, boottime, …), or print with perf script --header'

function noPair(id: ClockId): string {
  return `times of the clock ${id} give no ts: the snapshot has no pair for it; tracenorm snapshot on that host says why`
}

/** A fresh timekeeper, for one reader of one input. */
export function timekeeper(known: KnownTime): Timekeeper {
  return new Clocks(known)
}

/** The clock pairs of a snapshot (its member `clocks`). */
export function pairsOf(
  clocks: readonly {
    readonly id: ClockId
    readonly ns: string
    readonly realtime_ns: string
    readonly uncertainty_ns: number
  }[],
): readonly ClockPair[] {
  return clocks.map(({ id, ns, realtime_ns, uncertainty_ns }) => ({
    id,
    ns,
    realtimeNs: realtime_ns,
    uncertaintyNs: uncertainty_ns,
  }))
}

class Clocks implements Timekeeper {
  readonly hints = new Set<string>()
  private readonly bare: ClockId
  private readonly givenZone: Zone | undefined
  private zone: Zone | undefined
  private readonly fold: FoldState = openFold()
  private readonly localText = new TimeText()
  private isFarTold = false
  private readonly conversions: { [id in ClockId]?: ClockConversion | undefined } = {
    realtime: new ClockConversion(0n),
  }
  /** Clocks whose conversion is the snapshot's. */
  private readonly ofSnapshot = new Set<ClockId>()
  private hasSnapshot: boolean

  constructor({ clock, bootNs, pairs, zone, snapshotZone }: KnownTime) {
    this.bare = clock ?? 'unknown'
    this.givenZone = zone
    this.zone = zone ?? snapshotZone
    this.hasSnapshot = pairs !== undefined
    for (const pair of pairs ?? []) {
      this.learn(pair)
      this.ofSnapshot.add(pair.id)
    }
    if (bootNs !== undefined) for (const id of SINCE_BOOT) this.convertBy(id, new ClockConversion(bootNs))
  }

  idOf(given: ClockId): ClockId {
    return given === 'unknown' ? this.bare : given
  }

  tsOf(id: ClockId, ns: string): string | undefined {
    const conversion = this.conversions[id]
    if (conversion === undefined) {
      if (id === 'unknown' && this.conversions.perf !== undefined) this.hints.add(NO_NAME)
      else if (this.hasSnapshot && id !== 'unknown' && id !== 'relative') this.hints.add(noPair(id))
      return undefined
    }
    if (id === 'unknown' && ns.length >= EPOCH_DIGITS) return undefined
    const ts = conversion.tsOf(ns)
    if (conversion.isFar && !this.isFarTold) {
      this.isFarTold = true
      this.hints.add(FAR)
    }
    return ts
  }

  offsetOf(id: ClockId): ClockOffset | undefined {
    const conversion = this.conversions[id]
    if (conversion === undefined) return undefined
    const { seconds, nanoseconds, nearFrom, nearTo } = conversion
    const isFarSaid = this.isFarTold
    return {
      seconds,
      nanoseconds,
      least: isFarSaid ? 0 : Math.max(0, nearFrom - seconds),
      // A second less: the nanoseconds may carry.
      most: Math.min(
        id === 'unknown' ? MOST_BARE_SECONDS : MOST_SECONDS,
        isFarSaid ? MOST_SECONDS : nearTo - seconds - 1,
      ),
    }
  }

  localTs(local: string): LocalTime {
    const { zone } = this
    if (zone === undefined) return NOTHING
    const seconds = secondsOfLocal(local)
    if (seconds === undefined) return { conflict: `the time ${local} is on no calendar` }
    const place = zone.place(seconds)
    const offset =
      place.kind === 'twice'
        ? offsetInFold(seconds, place, this.fold)
        : place.kind === 'once'
          ? place.offset
          : undefined
    this.fold.last = seconds
    if (offset !== undefined) {
      const ts = this.localText.of(seconds - offset, fractionNs(local))
      return ts === undefined ? NOTHING : { ts, zone: zone.name }
    }
    if (place.kind === 'twice') return AMBIGUOUS
    return {
      conflict: `the local time ${local.slice(0, 16)} does not exist in ${zone.name}: the capture is from another zone`,
    }
  }

  hasSteadyMinute(local: string): boolean {
    const { zone } = this
    if (zone === undefined) return true
    const minute = secondsOfLocal(`${local.slice(0, TO_SECONDS)}00`)
    if (minute === undefined) return false
    const first = zone.place(minute)
    const last = zone.place(minute + 59)
    return first.kind === 'once' && last.kind === 'once' && first.offset === last.offset
  }

  get remembersLocal(): boolean {
    return !Number.isNaN(this.fold.last)
  }

  lacks(what: ClockId | 'zone'): boolean {
    if (what === 'zone') return this.zone === undefined
    // A snapshot was given, but it has no pair for this clock: a hint says so.
    return what !== 'relative' && this.conversions[what] === undefined && !this.hasSnapshot
  }

  learn({ id, ns, realtimeNs }: ClockPair): void {
    // Realtime needs no pair, and `relative` counts from an instant that no pair can name.
    if (id === 'realtime' || id === 'relative') return
    const instant = BigInt(realtimeNs)
    this.convertBy(id, new ClockConversion(instant - BigInt(ns), UNSTEERED.includes(id) ? instant : undefined))
  }

  withdraw(): void {
    this.zone = this.givenZone
    this.hasSnapshot = false
    for (const id of this.ofSnapshot) this.conversions[id] = undefined
    this.ofSnapshot.clear()
  }

  private convertBy(id: ClockId, conversion: ClockConversion): void {
    this.conversions[id] = conversion
    this.ofSnapshot.delete(id)
  }
}

/** `2023-02-23T18:03:` */
const TO_SECONDS = 17
const NOTHING: LocalTime = {}
const AMBIGUOUS: LocalTime = { flag: 'time_ambiguous' }

/** Converts a clock's time to wall clock time by a constant. */
class ClockConversion {
  /** A time was more than an hour from the instant of the pair, on a clock that runs away from the wall clock. */
  isFar = false
  readonly seconds: number
  readonly nanoseconds: number
  readonly nearFrom: number
  readonly nearTo: number
  private readonly text = new TimeText()

  /** `instantNs`: the moment in which the pair was measured, for clocks that are not steered. */
  constructor(offsetNs: bigint, instantNs?: bigint) {
    const { seconds, nanoseconds } = splitNs(offsetNs)
    this.seconds = seconds
    this.nanoseconds = nanoseconds
    const instant = instantNs === undefined ? undefined : splitNs(instantNs).seconds
    this.nearFrom = instant === undefined ? Number.NEGATIVE_INFINITY : instant - NEAR_SECONDS
    this.nearTo = instant === undefined ? Number.POSITIVE_INFINITY : instant + NEAR_SECONDS
  }

  tsOf(ns: string): string | undefined {
    const border = ns.length - 9
    let seconds = this.seconds
    let nanoseconds = 0
    let value = 0
    for (let at = 0; at < ns.length; at++) {
      if (at === border) {
        seconds += value
        value = 0
      }
      value = value * 10 + ns.charCodeAt(at) - 48
    }
    nanoseconds = this.nanoseconds + value
    if (nanoseconds >= 1_000_000_000) {
      nanoseconds -= 1_000_000_000
      seconds++
    }
    if (seconds < this.nearFrom || seconds > this.nearTo) this.isFar = true
    return this.text.of(seconds, nanoseconds)
  }
}
