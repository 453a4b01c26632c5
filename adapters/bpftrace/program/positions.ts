import type { Node, PrintCall, Step } from './flow.ts'

interface Span {
  /** Steps that may come first in it, and last. */
  readonly first: readonly number[]
  readonly last: readonly number[]
  /** It may print nothing. */
  readonly isOptional: boolean
}

const NOTHING: Span = { first: [], last: [], isOptional: true }

/** The steps of a tree with what may follow each: Glushkov's construction. */
export class Positions {
  private readonly steps: { call: PrintCall; next: Set<number>; ends: boolean; starts: boolean; opens: boolean }[] = []
  private readonly openers: ReadonlySet<PrintCall>

  constructor(openers: ReadonlySet<PrintCall>) {
    this.openers = openers
  }

  stepsOf(nodes: readonly Node[]): readonly Step[] {
    const { first, last } = this.sequence(nodes)
    this.mark(first, 'starts')
    this.mark(last, 'ends')
    return this.steps.map((step) => ({ ...step, next: [...step.next] }))
  }

  private sequence(nodes: readonly Node[]): Span {
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

  private one(node: Exclude<Node, { readonly kind: 'cut' }>): Span {
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
