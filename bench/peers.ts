import type { Input } from './captures.ts'
import type { Contender } from './measure.ts'

/** The loop that the aims speak of takes so many times the CPU time of the hand-made one of this bench. */
export const REFERENCE = 1.3

/** A loop for the one format of the big capture: it remembers tails as ready JSON and validates nothing. */
export function handMade({ path, events }: Input): Contender {
  return { name: 'hand-made loop', events, command: ['node', 'bench/peers/hand-made.mjs', path] }
}

/** readline, a regular expression and JSON.stringify, written in blocks. */
export function naive({ path, events }: Input): Contender {
  return { name: 'naive script', events, command: ['node', 'bench/peers/naive.mjs', path] }
}
