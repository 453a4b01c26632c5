import { takePadded } from './padded.ts'
import type { Capture, Segment } from './segment.ts'
import {
  BYTES,
  type ByteClass,
  fits,
  fitsEnumerator,
  isOf,
  isWithin,
  mostOf,
  runEnd,
  runStart,
  type TextShape,
} from './shape.ts'
import type { Slots } from './slots.ts'

const BLANK = 32
const MINUS = 45

/**
 * How a line is read without a search. From the left, the bytes show where each capture ends; from the right, they
 * show where each capture begins. Between them there is at most one capture of any bytes, which takes the rest. The
 * reading that is found is the only one.
 */
export interface LinePlan {
  /** From the start of the line on. */
  readonly forward: readonly PlanStep[]
  /** From its end backwards, the last segment first. */
  readonly backward: readonly PlanStep[]
  readonly pivot: { readonly capture: Capture; readonly index: number } | undefined
}

type PlanStep =
  | { readonly kind: 'literal'; readonly text: string; readonly length: number }
  | {
      readonly kind: 'run'
      readonly index: number
      readonly bytes: ByteClass
      readonly least: number
      readonly most: number
      readonly signed: boolean
      /** The prefix of an enumerator's names. */
      readonly prefix: string | undefined
      readonly limit: number | undefined
      readonly width: number
      readonly left: boolean
    }
  /** A template, a pointer, or words of which none begins or ends another. */
  | { readonly kind: 'shape'; readonly index: number; readonly shape: TextShape }

/** The plan for the segments of one line, without its end. Undefined: they need a search. */
export function planLine(segments: readonly Segment[]): LinePlan | undefined {
  if (segments.some((segment) => segment.kind === 'literal' && /[\r\n]/.test(segment.text))) return undefined
  const steps = stepsOf(segments)
  let from = 0
  while (from < segments.length && isDelimited(steps[from], segments[from + 1], 'first')) from++
  if (from === segments.length) return { forward: present(steps), backward: [], pivot: undefined }
  let to = segments.length
  while (to > from + 1 && isDelimited(steps[to - 1], segments[to - 2], 'last')) to--
  const middle = segments[from]
  if (to !== from + 1 || middle?.kind !== 'capture' || middle.capture.shape.kind === 'stack') return undefined
  const index = segments.slice(0, from).filter(({ kind }) => kind === 'capture').length
  return {
    forward: present(steps.slice(0, from)),
    backward: present(steps.slice(to)).toReversed(),
    pivot: { capture: middle.capture, index },
  }
}

function present(steps: readonly (PlanStep | undefined)[]): readonly PlanStep[] {
  return steps.filter((step) => step !== undefined)
}

function stepsOf(segments: readonly Segment[]): readonly (PlanStep | undefined)[] {
  let index = -1
  return segments.map((segment) => {
    if (segment.kind === 'literal') return { kind: 'literal', text: segment.text, length: segment.text.length }
    index++
    return stepOf(segment.capture, index)
  })
}

function stepOf({ shape, pad }: Capture, index: number): PlanStep | undefined {
  switch (shape.kind) {
    case 'run':
    case 'enumerator': {
      const isRun = shape.kind === 'run'
      return {
        kind: 'run',
        index,
        bytes: isRun ? shape.bytes : BYTES.word,
        least: isRun ? shape.least : 1,
        most: mostOf(shape) - (isRun && shape.signed ? 1 : 0),
        signed: isRun && shape.signed,
        prefix: isRun ? undefined : shape.prefix,
        limit: isRun ? shape.limit : undefined,
        width: pad?.width ?? 0,
        left: pad?.left ?? false,
      }
    }
    case 'template':
    case 'pointer':
      return pad === undefined ? { kind: 'shape', index, shape } : undefined
    case 'words': {
      const isPlain = shape.texts.every((word) =>
        shape.texts.every((other) => other === word || (!other.startsWith(word) && !other.endsWith(word))),
      )
      return pad === undefined && isPlain ? { kind: 'shape', index, shape } : undefined
    }
    case 'text':
    case 'byte':
    case 'stack':
    case 'expression':
      return undefined
  }
}

/**
 * True when the bytes show where a step ends. `beside` is the segment at that edge; undefined: the end of the line.
 */
function isDelimited(step: PlanStep | undefined, beside: Segment | undefined, edge: 'first' | 'last'): boolean {
  if (step === undefined) return false
  if (step.kind === 'literal') return true
  if (step.kind === 'shape' && step.shape.kind !== 'pointer') return true
  if (beside === undefined) return true
  if (beside.kind === 'capture') return false
  const byte = beside.text.charCodeAt(edge === 'first' ? 0 : beside.text.length - 1)
  if (step.kind === 'shape') return !isOf(byte, BYTES.hex) && byte !== 120
  // A blank beside padding, or a minus before a signed number, may belong to either.
  if (isOf(byte, step.bytes) || (step.width > 0 && isOf(BLANK, step.bytes))) return false
  return edge === 'first' || !step.signed || byte !== MINUS
}

/** Reads `[start, end)`. True when all of it fits; then the captures are in `slots`, from `base` on. */
export function matchLine(
  plan: LinePlan,
  text: string,
  start: number,
  end: number,
  slots: Slots,
  base: number,
): boolean {
  let at = start
  const { forward, backward, pivot } = plan
  for (let index = 0; index < forward.length; index++) {
    const step = forward[index]
    if (step === undefined) return false
    at = takeForward(step, text, at, end, slots, base)
    if (at < 0) return false
  }
  if (pivot === undefined) return at === end
  let to = end
  for (let index = 0; index < backward.length; index++) {
    const step = backward[index]
    if (step === undefined) return false
    to = takeBackward(step, text, at, to, slots, base)
    if (to < 0) return false
  }
  return takePadded(pivot.capture, text, at, to, slots, base + pivot.index)
}

/** The offset after the text of the step, or -1. */
function takeForward(step: PlanStep, text: string, start: number, end: number, slots: Slots, base: number): number {
  if (step.kind === 'literal') {
    const to = start + step.length
    return to <= end && text.startsWith(step.text, start) ? to : -1
  }
  if (step.kind === 'shape') {
    const to = start + lengthForward(step.shape, text, start, end)
    if (to > end || to < start || !fits(step.shape, text, start, to)) return -1
    slots.set(base + step.index, start, to)
    return to
  }
  let at = start
  if (step.width > 0 && !step.left) while (text.charCodeAt(at) === BLANK && at < end) at++
  const from = at
  if (step.signed && text.charCodeAt(at) === MINUS && at < end) at++
  const digits = at
  at = runEnd(text, at, end, step.bytes)
  if (at - digits < step.least || at - digits > step.most) return -1
  if (step.prefix !== undefined && !fitsEnumerator(step.prefix, text, digits, at)) return -1
  if (!isWithin(step.limit, step.most, text, digits, at)) return -1
  slots.set(base + step.index, from, at)
  if (step.width === 0) return at
  if (!step.left) return from === start ? (at - from >= step.width ? at : -1) : at - start === step.width ? at : -1
  return blanksFit(text, at, step.width - (at - from), end)
}

/** The offset after `count` blanks, or -1. */
function blanksFit(text: string, start: number, count: number, end: number): number {
  if (count <= 0) return start
  if (start + count > end) return -1
  for (let at = start; at < start + count; at++) if (text.charCodeAt(at) !== BLANK) return -1
  return start + count
}

/** The offset where the text of the step begins, which ends at `end`, or -1. */
function takeBackward(step: PlanStep, text: string, start: number, end: number, slots: Slots, base: number): number {
  if (step.kind === 'literal') {
    const from = end - step.length
    return from >= start && text.startsWith(step.text, from) ? from : -1
  }
  if (step.kind === 'shape') {
    const from = end - lengthBackward(step.shape, text, start, end)
    if (from < start || from > end || !fits(step.shape, text, from, end)) return -1
    slots.set(base + step.index, from, end)
    return from
  }
  let to = end
  if (step.width > 0 && step.left) while (to > start && text.charCodeAt(to - 1) === BLANK) to--
  let from = runStart(text, start, to, step.bytes)
  if (to - from < step.least || to - from > step.most) return -1
  if (step.prefix !== undefined && !fitsEnumerator(step.prefix, text, from, to)) return -1
  if (!isWithin(step.limit, step.most, text, from, to)) return -1
  if (step.signed && from > start && text.charCodeAt(from - 1) === MINUS) from--
  slots.set(base + step.index, from, to)
  if (step.width === 0) return from
  if (step.left) return to === end ? (to - from >= step.width ? from : -1) : end - from === step.width ? from : -1
  const blanks = step.width - (to - from)
  if (blanks <= 0) return from
  return from - blanks >= start && blanksFit(text, from - blanks, blanks, from) === from ? from - blanks : -1
}

function lengthForward(shape: TextShape, text: string, start: number, end: number): number {
  switch (shape.kind) {
    case 'template':
      return shape.other !== undefined && text.startsWith(shape.other, start)
        ? shape.other.length
        : shape.template.length
    case 'words':
      return shape.texts.find((word) => text.startsWith(word, start))?.length ?? -1
    case 'pointer':
      if (text.startsWith('0x', start)) return runEnd(text, start + 2, end, BYTES.hex) - start
      return text.charCodeAt(start) === 40 ? 5 : 1
    default:
      return -1
  }
}

function lengthBackward(shape: TextShape, text: string, start: number, end: number): number {
  switch (shape.kind) {
    case 'template':
      return shape.other !== undefined && text.startsWith(shape.other, end - shape.other.length)
        ? shape.other.length
        : shape.template.length
    case 'words':
      return shape.texts.find((word) => text.startsWith(word, end - word.length))?.length ?? end - start + 1
    case 'pointer': {
      if (text.charCodeAt(end - 1) === 41) return 5
      const digits = runStart(text, start, end, BYTES.hex)
      return text.startsWith('0x', digits - 2) ? end - digits + 2 : 1
    }
    default:
      return end - start + 1
  }
}
