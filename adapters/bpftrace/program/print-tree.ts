import type { Expression } from './ast.ts'

/**
 * Functions that print something of a run (bpftrace 0.9 to 0.27). `print` of a whole map is not part of a run: its
 * entries have lines of their own.
 */
export const PRINTING = ['printf', 'print', 'time', 'join', 'cat', 'system'] as const
export type Printing = (typeof PRINTING)[number]

/** A call that prints, at its place in a clause. */
export interface PrintCall {
  readonly name: Printing
  readonly args: readonly Expression[]
  /** How many statements of the clause, with those in branches, come before it: it says which assignments it sees. */
  readonly order: number
  /** Offset in the program. */
  readonly at: number
}

/** What a clause prints: calls, in sequence, in branches and in loops. */
export type PrintNode =
  | { readonly kind: 'call'; readonly call: PrintCall }
  | { readonly kind: 'either'; readonly branches: readonly (readonly PrintNode[])[] }
  | { readonly kind: 'loop'; readonly body: readonly PrintNode[] }
  /** A map is printed here. */
  | { readonly kind: 'cut' }

/** A printing call of a clause, with what the same run may print next. */
export interface FlowStep {
  readonly call: PrintCall
  /** Indexes of the steps that may follow in the same run. */
  readonly next: readonly number[]
  /** The run may print nothing more. */
  readonly ends: boolean
  /** It may be the first that a run prints, or the first after a map that the run prints. */
  readonly starts: boolean
  /** This call makes the one record of the run: every run prints it, or it was chosen among conditional prints. */
  readonly opens: boolean
}
