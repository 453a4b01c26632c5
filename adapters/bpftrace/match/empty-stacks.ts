import type { Segment } from './segment.ts'

// Stacks may print nothing. A search tries that last, and first for user stacks: an event of the kernel has a stack of
// the kernel, unless that was lost. Costs put the attempts in this order.

/** The cost of an empty stack of the kernel: more than that of all user stacks of the text together. */
export function kernelCostOf(segments: readonly Segment[]): number {
  return segments.length + 1
}

/** The cost of a segment that prints nothing; 0: it is not a stack. */
export function emptyCost(segments: readonly Segment[], index: number): number {
  const segment = segments[index]
  if (!isStack(segment)) return 0
  return segment.capture.target.to === 'stack' ? kernelCostOf(segments) : 1
}

/** The cost of all stacks from `index` on. */
export function emptyCostFrom(segments: readonly Segment[], index: number): number {
  let cost = 0
  for (let at = index; at < segments.length; at++) cost += emptyCost(segments, at)
  return cost
}

export function isStack(segment: Segment | undefined): segment is Extract<Segment, { kind: 'capture' }> {
  return segment?.kind === 'capture' && segment.capture.shape.kind === 'stack'
}
