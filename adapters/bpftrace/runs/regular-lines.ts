import type { PartName } from '../../../src/event/generated/members.ts'
import type { Outline, OutlineSpan } from '../../../src/shapes/outline.ts'
import { CONSTANT_PARTS, type Role, rolesOf } from '../decode/roles.ts'
import { matchLine } from '../match/line-plan.ts'
import type { TextPattern } from '../match/pattern.ts'
import type { Capture } from '../match/segment.ts'
import { Slots } from '../match/slots.ts'
import type { PrintUnit } from './workshop.ts'

/** A text that is a whole run, and that no other text of the program fits. */
interface RegularText {
  readonly pattern: TextPattern
  readonly spans: readonly Span[]
}

/** Captures that are a leaf, or that make parts together. */
type Span = { readonly first: number; readonly last: number } & Role

/** Lines of a program that are keys and leaves, and what they are is seen without the rest of the output. */
export class RegularLines {
  private readonly texts: readonly RegularText[]
  private readonly slots: Slots

  constructor(printed: readonly PrintUnit[]) {
    const patterns = printed.flatMap(({ patterns }) => patterns)
    this.texts = printed
      .filter(({ ends }) => ends)
      .flatMap((one) => one.patterns)
      .filter((pattern) => patterns.every((other) => other === pattern || areDistinct(pattern, other)))
      .flatMap((pattern) => {
        const roles = pattern.plan === undefined ? undefined : rolesOf(pattern.captures)
        const spans = roles && spansOf(roles)
        return spans === undefined ? [] : [{ pattern, spans }]
      })
    this.slots = new Slots(Math.max(0, ...patterns.map(({ captures }) => captures.length)))
  }

  /** The outline of a unit in which the program printed `[start, end)`, without a line end. */
  outline(unit: string, start: number, end: number): Outline | undefined {
    const { slots } = this
    for (const { pattern, spans } of this.texts) {
      if (pattern.plan === undefined || !matchLine(pattern.plan, unit, start, end, slots, 0)) continue
      return { spans: spans.map((span) => placed(span, pattern.captures, slots)), constant: CONSTANT_PARTS }
    }
    return undefined
  }
}

/** True when no line fits both. */
function areDistinct({ segments: [one] }: TextPattern, { segments: [other] }: TextPattern): boolean {
  if (one?.kind !== 'literal' || other?.kind !== 'literal') return false
  return !one.text.startsWith(other.text) && !other.text.startsWith(one.text)
}

/** Captures that make one part are one span, with those between them. Undefined: a leaf is between them. */
function spansOf(roles: readonly Role[]): readonly Span[] | undefined {
  const spans: Span[] = []
  for (const [index, role] of roles.entries()) {
    const before = spans.at(-1)
    if (before !== undefined && index <= before.last) {
      if (before.is === 'leaf' || role.is === 'leaf') return undefined
      const makes = [...new Set([...before.makes, ...role.makes])]
      spans[spans.length - 1] = { ...before, makes, last: Math.max(before.last, lastWith(role, roles, index)) }
    } else spans.push({ ...role, first: index, last: lastWith(role, roles, index) })
  }
  return spans
}

/** The last capture that makes a part of those that this one makes. */
function lastWith(role: Role, roles: readonly Role[], index: number): number {
  if (role.is === 'leaf') return index
  const makes: ReadonlySet<PartName> = new Set(role.makes)
  return Math.max(
    index,
    ...roles.flatMap((other, at) => (other.is === 'key' && other.makes.some((part) => makes.has(part)) ? [at] : [])),
  )
}

function placed(span: Span, captures: readonly Capture[], slots: Slots): OutlineSpan {
  const { first, last } = span
  const start = slots.start(first)
  const end = slots.end(last)
  if (span.is === 'leaf') {
    if (span.leaf === 'ns') return { is: 'nanoseconds', leaf: span.leaf, start, end }
    const isMarked = captures[first]?.isHexMarked === true
    return { is: 'pointer', leaf: span.leaf, start: isMarked ? start - '0x'.length : start, end }
  }
  const before = captures[first]?.pad
  const after = captures[last]?.pad
  const from = before === undefined || before.left ? start : Math.min(start, slots.end(first) - before.width)
  const to = after?.left === true ? Math.max(end, slots.start(last) + after.width) : end
  const isFixed = first === last && before !== undefined && to - from === before.width
  return { is: 'key', makes: span.makes, start: from, end: to, ...(isFixed && { isFixed }) }
}
