import type { Reject } from '../contract.ts'

/** Why the core itself rejects bytes: no reader could claim them. */
export const TOO_LONG: Reject = { word: 'too_long', text: 'longer than 1 MiB' }
export const CUT: Reject = { word: 'truncated', text: 'the input ends within it' }

/** The reader made a claim that cannot be. */
export function readerFault(message: string): Reject {
  return { word: 'invalid', text: `a fault of the reader, please report it: ${message}` }
}
