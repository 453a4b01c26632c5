import type { FlowStep, PrintCall, PrintNode } from './print-tree.ts'

/** The borders of a part of the tree: the steps that may come first in it, and last. */
interface StepBorders {
  readonly first: readonly number[]
  readonly last: readonly number[]
  /** It may print nothing. */
  readonly isOptional: boolean
}

const NOTHING: StepBorders = { first: [], last: [], isOptional: true }

/** Finds which steps may follow each step of a tree (Glushkov's construction). */
export class Positions {
  private readonly steps: { call: PrintCall; next: Set<number>; ends: boolean; starts: boolean; opens: boolean }[] = []
  private readonly openers: ReadonlySet<PrintCall>

  constructor(openers: ReadonlySet<PrintCall>) {
    this.openers = openers
  }

  stepsOf(nodes: readonly PrintNode[]): readonly FlowStep[] {
    const { first, last } = this.sequence(nodes)
    this.mark(first, 'starts')
    this.mark(last, 'ends')
    return this.steps.map((step) => ({ ...step, next: [...step.next] }))
  }

  private sequence(nodes: readonly PrintNode[]): StepBorders {
    let span = NOTHING
    let isCut = false
    for (const node of nodes) {
      if (node.kind === 'cut') {
        this.mark(span.last, 'ends')
        span = { ...span, last: [] }
        isCut = true
        continue
      }
      const inner = this.one(node)
      this.link(span.last, inner.first)
      if (isCut) this.mark(inner.first, 'starts')
      if (!inner.isOptional) isCut = false
      span = {
        first: span.isOptional ? [...span.first, ...inner.first] : span.first,
        last: inner.isOptional ? [...span.last, ...inner.last] : inner.last,
        isOptional: span.isOptional && inner.isOptional,
      }
    }
    return span
  }

  private one(node: Exclude<PrintNode, { readonly kind: 'cut' }>): StepBorders {
    switch (node.kind) {
      case 'call': {
        const index = this.steps.length
        const opens = this.openers.has(node.call)
        this.steps.push({ call: node.call, next: new Set(), ends: false, starts: false, opens })
        return { first: [index], last: [index], isOptional: false }
      }
      case 'loop': {
        const span = this.sequence(node.body)
        this.link(span.last, span.first)
        return { ...span, isOptional: true }
      }
      case 'either': {
        const spans = node.branches.map((branch) => this.sequence(branch))
        return {
          first: spans.flatMap(({ first }) => first),
          last: spans.flatMap(({ last }) => last),
          isOptional: spans.some(({ isOptional }) => isOptional),
        }
      }
    }
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const index of from) for (const next of to) this.steps[index]?.next.add(next)
  }

  private mark(indexes: readonly number[], as: 'starts' | 'ends'): void {
    for (const index of indexes) {
      const step = this.steps[index]
      if (step !== undefined) step[as] = true
    }
  }
}
