import type { Part } from '../../../src/event/part.ts'
import { seal } from '../../../src/event/part.ts'
import { bareName, conflicts, isDrop, type Reasons, subsystemOfName } from '../../../src/kernel/reasons/reasons.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { FixedReason } from '../program/predicate.ts'
import type { CapturesByPlace, IndexedCapture } from './fields.ts'
import { type MatchedText, remembered } from './matched-text.ts'
import { natural } from './sections.ts'

export interface DropPart {
  /** The reason is not a drop: the packet was consumed. */
  readonly isConsumed: boolean
  readonly part: Part | undefined
}

/**
 * Makes the drop section from captures, and from what the predicate fixes. The function it returns is given who drops,
 * if each event is a drop.
 */
export function dropMaker(
  matched: MatchedText,
  at: CapturesByPlace,
  reasonCaptures: readonly IndexedCapture[],
  fixed: FixedReason,
  reasons: Reasons,
): (origin: 'software' | 'hardware' | undefined) => DropPart {
  const [trap, group] = [at.get('trap'), at.get('trap_group')]
  const captures = [...reasonCaptures, trap, group].filter((one) => one !== undefined)
  const make = (origin: 'software' | 'hardware' | undefined): DropPart => {
    const decoded = reasonOf(matched, reasonCaptures, fixed, reasons)
    const traps = { ...textMember('trap', matched, trap), ...textMember('trap_group', matched, group) }
    const isConsumed = !isDrop(decoded.reason)
    const flags = decoded.isConflict ? (['reason_conflict'] as const) : []
    const section = {
      ...(decoded.reason !== undefined && { reason: decoded.reason }),
      ...(decoded.code !== undefined && { code: decoded.code }),
      ...(decoded.subsystem !== undefined && { subsystem: decoded.subsystem }),
    }
    const by = decoded.by === undefined ? {} : { decoded_by: decoded.by }
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
    software: remembered(matched, captures, false, () => make('software')),
    hardware: remembered(matched, captures, false, () => make('hardware')),
    none: remembered(matched, captures, false, () => make(undefined)),
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
  matched: MatchedText,
  captures: readonly IndexedCapture[],
  fixed: FixedReason,
  reasons: Reasons,
): DecodedReason {
  let { code } = fixed
  let name: string | undefined
  for (const one of captures) {
    const number = natural(matched, one)
    if (number === undefined) name ??= reasonName(matched.text(one.index))
    else if (number <= 0xffffffff) code ??= number
  }
  return decodeReason(code, name, fixed.reason, reasons)
}

/** A name as the event allows it: it begins with a letter. */
function reasonName(text: string): string | undefined {
  return [bareName(text), text].find((name) => /^[A-Z][A-Z0-9_]{0,127}$/.test(name))
}

/** A reason from its number, and from its name as it was printed or as the program gives it (`fixed`). */
export function decodeReason(
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
  matched: MatchedText,
  one: IndexedCapture | undefined,
): { readonly [key: string]: string } {
  const text = one === undefined ? '' : utf8(matched.text(one.index))
  return text === '' ? {} : { [key]: text }
}
