import { type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { ClockId } from '../../../src/event/words.ts'
import type { Reasons } from '../../../src/kernel/reasons/reasons.ts'
import { intern } from '../../../src/text/intern.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { Capture } from '../match/segment.ts'
import type { Slots } from '../match/slots.ts'
import { timeReader } from '../match/time-format.ts'
import { type Events, originOf } from '../program/events.ts'
import type { FixedReason } from '../program/predicate.ts'
import { eventOf } from '../program/probes.ts'
import { dropMaker } from './drop-section.ts'
import { type CapturesByPlace, fieldsOf, type IndexedCapture } from './fields.ts'
import { MatchedText, type OutputForm } from './matched-text.ts'
import {
  argsMaker,
  cpuMaker,
  deviceMaker,
  locationMaker,
  nanosecondsOf,
  processMaker,
  skbMaker,
  stackMaker,
} from './sections.ts'

/** What a clause says of all that it prints. */
export interface ClauseFacts {
  readonly events: Events
  readonly fixed: FixedReason
}

/** What records are made with. */
export interface DecodeContext {
  readonly reasons: Reasons
  /** The clock of `nsecs`, which depends on the version of bpftrace. */
  readonly nsecs: ClockId
}

/** How the captures of a text become a record. The matcher has put their offsets into the slots. */
export interface Recipe {
  /** A run of this text makes a record. Without a value it is a message. */
  readonly makesRecord: boolean
  build(source: string): EventRecord
  /** Fills the sections of a metric with what its key says. */
  fill(record: EventRecord, source: string): void
}

/**
 * Compiles the captures of the text of a run. `opens`: the text has the one record of the run, which is a drop where
 * the events of the clause are drops. `isOneText`: as in `remembered`.
 */
export function recipeOf(
  captures: readonly Capture[],
  clause: ClauseFacts,
  opens: boolean,
  isOneText: boolean,
  slots: Slots,
  form: OutputForm,
  context: DecodeContext,
): Recipe {
  const { events, fixed } = clause
  const matched = new MatchedText(slots, form)
  const { at, reasons, clock, local, args } = fieldsOf(captures)
  const fillSections = sectionFiller(matched, at, isOneText)
  const drop = dropMaker(matched, at, reasons, fixed, context.reasons)
  const argsPart = argsMaker(matched, args, events.only ?? '')
  const probe = at.get('probe')
  const eventPart = events.only === undefined ? undefined : seal('event_name', events.only)
  const probeParts = intern((name): Part => seal('event_name', utf8(eventOf(name))))
  const setClock = clockSetter(clock, context)
  const setLocal = localSetter(local)
  const origin = opens ? events.origin : undefined
  return {
    makesRecord: captures.some(({ isAside }) => isAside !== true) || origin !== undefined,
    build(source) {
      matched.source = source
      const probeName = probe === undefined ? undefined : slots.text(source, probe.index)
      const dropOrigin = probeName === undefined ? origin : opens ? originOf(probeName) : undefined
      const { isConsumed, part } = drop(dropOrigin)
      const record = new EventRecord(dropOrigin !== undefined && !isConsumed ? 'drop' : 'trace')
      record.drop = part
      record.event_name = probeName === undefined ? eventPart : probeParts.get(probeName)
      fillSections(record)
      if (argsPart !== undefined) record.args = argsPart()
      setClock?.(record, source, slots)
      setLocal?.(record, source, slots)
      return record
    },
    fill(record, source) {
      matched.source = source
      record.drop = drop(undefined).part
      record.event_name = eventPart
      fillSections(record)
    },
  }
}

/** Fills the sections of a record that come from captures alone. */
function sectionFiller(matched: MatchedText, at: CapturesByPlace, isOneText: boolean): (record: EventRecord) => void {
  const process = processMaker(matched, at, isOneText)
  const cpu = cpuMaker(matched, at)
  const skb = skbMaker(matched, at)
  const location = locationMaker(matched, at)
  const device = deviceMaker(matched, at)
  const stack = stackMaker(matched, at)
  return (record) => {
    if (process !== undefined) record.process = process()
    if (cpu !== undefined) record.cpu = cpu()
    if (skb !== undefined) record.skb = skb()
    if (location !== undefined) record.location = location()
    if (device !== undefined) record.device = device()
    if (stack !== undefined) record.stack = stack()
  }
}

type Setter = (record: EventRecord, source: string, slots: Slots) => void

function clockSetter(clock: IndexedCapture | undefined, context: DecodeContext): Setter | undefined {
  const target = clock?.capture.target
  if (clock === undefined || target?.to !== 'clock') return undefined
  const id = target.clock === 'nsecs' ? context.nsecs : target.clock
  const base = clock.capture.notation.as === 'number' ? clock.capture.notation.base : 10
  const { unitNs } = target
  return (record, source, slots) => {
    const ns = nanosecondsOf(slots.text(source, clock.index), base, unitNs)
    if (ns === undefined || ns.length > 20) return
    record.clockId = id
    record.ns = ns
    if (unitNs > 1) record.resolutionNs = unitNs
  }
}

/** A local time as the schema allows it. A child may print a time that no calendar has. */
const LOCAL =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?$/

function localSetter(local: IndexedCapture | undefined): Setter | undefined {
  const target = local?.capture.target
  const read = target?.to === 'local' ? timeReader(target.format) : undefined
  if (local === undefined || read === undefined) return undefined
  return (record, source, slots) => {
    const text = slots.text(source, local.index)
    const time = read(text)
    if (time !== undefined && 'epochNs' in time) {
      record.clockId = 'realtime'
      record.ns = time.epochNs
      record.resolutionNs = time.resolutionNs
    } else if (time !== undefined && LOCAL.test(time.local)) record.local = time.local
    else record.payload = seal('payload', utf8(text))
  }
}
