import type { Adapter, Verdict } from '../contract.ts'

/** A place in an input where a reader takes over: whose it is, and why. */
export interface Seam {
  readonly adapter: Adapter
  readonly verdict: Verdict
}

/** The reader that a flag implies: it has the lines that no adapter is sure of. */
export interface Implied {
  readonly adapter: Adapter
  /** True for a line that the flag describes. */
  reads(line: string): boolean
}

/** An implied reader, in its relation to the reader in charge. */
export interface ImpliedBeside extends Implied {
  /** It is in charge: because a line is its own, or because no adapter was sure of the line. */
  readonly inCharge: 'by content' | 'by default' | undefined
  /** The reader that it took over from, where it knew a line that was foreign there. */
  readonly before: Seam | undefined
}
