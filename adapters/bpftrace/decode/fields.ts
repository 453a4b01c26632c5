import { ArgKeys, MOST_ARGS } from '../../../src/kernel/args.ts'
import type { Capture } from '../match/segment.ts'
import { timeReader } from '../match/time-format.ts'
import type { EventPlace } from '../program/vocabulary.ts'

/** A capture, and its index among the captures of its text. */
export interface IndexedCapture {
  readonly capture: Capture
  readonly index: number
}

export type CapturesByPlace = ReadonlyMap<EventPlace, IndexedCapture>

export interface Arg extends IndexedCapture {
  /** Unique in the record, in the form that the schema requires. */
  readonly key: string
}

/** Which capture fills which member of a record. Of several for one member, the first counts. */
export interface MemberCaptures {
  readonly at: CapturesByPlace
  /** All captures of the reason: by name, by number. */
  readonly reasons: readonly IndexedCapture[]
  /** `nsecs`, or `elapsed` if there is no better time. */
  readonly clock: IndexedCapture | undefined
  readonly local: IndexedCapture | undefined
  readonly args: readonly Arg[]
}

export function fieldsOf(captures: readonly Capture[]): MemberCaptures {
  const numbered = captures.map((capture, index) => ({ capture, index }))
  const at = new Map<EventPlace, IndexedCapture>()
  const reasons: IndexedCapture[] = []
  const rest: IndexedCapture[] = []
  const locals = numbered.filter(
    ({ capture: { target } }) => target.to === 'local' && timeReader(target.format) !== undefined,
  )
  const local = locals.find(({ capture }) => hasEpoch(capture)) ?? locals[0]
  const clocks = numbered.filter(({ capture: { target } }) => target.to === 'clock')
  // A complete wall clock time is better than a clock that needs a snapshot.
  const isComplete = local !== undefined && hasEpoch(local.capture)
  const clock = isComplete
    ? undefined
    : (clocks.find(({ capture: { target } }) => target.to === 'clock' && target.clock !== 'relative') ?? clocks[0])
  for (const one of numbered) {
    const { target } = one.capture
    if (target.to === 'args') rest.push(one)
    else if (target.to === 'clock') {
      if (one !== clock && !isSameClock(one, clock)) rest.push(one)
    } else if (target.to === 'local') {
      if (one !== local) rest.push(one)
    } else {
      if (target.to === 'reason') reasons.push(one)
      if (!at.has(target.to)) at.set(target.to, one)
    }
  }
  return { at, reasons, clock, local, args: keyed(rest) }
}

function isSameClock(a: IndexedCapture, b: IndexedCapture | undefined): boolean {
  const [one, other] = [a.capture.target, b?.capture.target]
  return one.to === 'clock' && other?.to === 'clock' && one.clock === other.clock && one.unitNs >= other.unitNs
}

/** True for a format with `%s`, or with `%z` beside date and time: its times need no zone. */
function hasEpoch({ target }: Capture): boolean {
  return target.to === 'local' && /%[sz]/.test(target.format)
}

function keyed(rest: readonly IndexedCapture[]): readonly Arg[] {
  const keys = new ArgKeys()
  return rest.slice(0, MOST_ARGS).map((one) => ({ ...one, key: keys.free(one.capture.key) }))
}
