import type { Part } from '../../../src/event/part.ts'
import { seal } from '../../../src/event/part.ts'
import { bareName, conflicts, isDrop, type Reasons, subsystemOfName } from '../../../src/kernel/reasons/reasons.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { EventPlace } from '../program/vocabulary.ts'
import type { IndexedCapture } from './fields.ts'
import { type MatchedText, natural, remembered } from './sections.ts'

type CapturesByPlace = ReadonlyMap<EventPlace, IndexedCapture>

/** What a clause's predicate says of every event. */
export interface Fixed {
  readonly code?: number
  readonly reason?: string
}

export interface DropPart {
  /** The reason is no drop: the packet was used up. */
  readonly isConsumed: boolean
  readonly part: Part | undefined
}

/** The drop section; `origin`: the event drops a packet each time. */
export function dropMaker(
  reading: MatchedText,
  at: CapturesByPlace,
  reasonCaptures: readonly IndexedCapture[],
  fixed: Fixed,
  reasons: Reasons,
): (origin: 'software' | 'hardware' | undefined) => DropPart {
  const [trap, group] = [at.get('trap'), at.get('trap_group')]
  const captures = [...reasonCaptures, trap, group].filter((one) => one !== undefined)
  const make = (origin: 'software' | 'hardware' | undefined): DropPart => {
    const told = reasonOf(reading, reasonCaptures, fixed, reasons)
    const traps = { ...textMember('trap', reading, trap), ...textMember('trap_group', reading, group) }
    const isConsumed = !isDrop(told.reason)
    const flags = told.isConflict ? (['reason_conflict'] as const) : []
    const section = {
      ...(told.reason !== undefined && { reason: told.reason }),
      ...(told.code !== undefined && { code: told.code }),
      ...(told.subsystem !== undefined && { subsystem: told.subsystem }),
    }
    const by = told.by === undefined ? {} : { decoded_by: told.by }
    if (origin !== undefined && !isConsumed) {
      return { isConsumed, part: seal('drop', { count: 1, ...section, origin, ...by, ...traps }, ...flags) }
    }
    const fields = { ...section, ...by, ...traps }
    return { isConsumed, part: Object.keys(fields).length === 0 ? undefined : seal('drop_context', fields, ...flags) }
  }
  if (captures.length === 0) {
    const made = { software: make('software'), hardware: make('hardware'), none: make(undefined) }
    return (origin) => made[origin ?? 'none']
  }
  const makers = {
    software: remembered(reading, captures, false, () => make('software')),
    hardware: remembered(reading, captures, false, () => make('hardware')),
    none: remembered(reading, captures, false, () => make(undefined)),
  }
  return (origin) => makers[origin ?? 'none']()
}

interface DecodedReason {
  readonly reason?: string | undefined
  readonly code?: number | undefined
  readonly subsystem?: string | undefined
  readonly by?: string | undefined
  readonly isConflict?: boolean
}

function reasonOf(
  reading: MatchedText,
  captures: readonly IndexedCapture[],
  fixed: Fixed,
  reasons: Reasons,
): DecodedReason {
  let { code } = fixed
  let name: string | undefined
  for (const one of captures) {
    const number = natural(reading, one)
    if (number === undefined) name ??= reasonName(reading.text(one.index))
    else if (number <= 0xffffffff) code ??= number
  }
  return told(code, name, fixed.reason, reasons)
}

/** A name as the event has it: it begins with a letter. */
function reasonName(text: string): string | undefined {
  return [bareName(text), text].find((name) => /^[A-Z][A-Z0-9_]{0,127}$/.test(name))
}

/** A reason from its number and the names that the source and the program give it. */
export function told(
  code: number | undefined,
  printed: string | undefined,
  fixed: string | undefined,
  reasons: Reasons,
): DecodedReason {
  const decoded = code === undefined ? undefined : reasons.decode(code)
  const name = printed ?? fixed
  if (name === undefined) {
    if (decoded === undefined) return { code }
    return {
      code,
      reason: decoded.name,
      subsystem: decoded.subsystem,
      by: decoded.name === undefined ? undefined : decoded.by,
    }
  }
  const ownCode = code ?? reasons.codeOf(name)
  const subsystem = subsystemOfName(name) ?? (ownCode === undefined ? undefined : reasons.decode(ownCode)?.subsystem)
  const isConflict = code !== undefined && conflicts(reasons, code, name)
  return { code, reason: name, subsystem, by: printed === undefined ? 'program' : 'source', isConflict }
}

function textMember(
  key: 'trap' | 'trap_group',
  reading: MatchedText,
  one: IndexedCapture | undefined,
): { readonly [key: string]: string } {
  const text = one === undefined ? '' : utf8(reading.text(one.index))
  return text === '' ? {} : { [key]: text }
}
