// The cost of an expression on one record is bounded. Without macros it grows with the length of the expression; with
// nested macros it can double at each of them.

/** Nodes of the expression, elements of lists, and texts by their length: some tens of milliseconds in all. */
const MOST_STEPS = 1_000_000
const CHARACTERS_A_STEP = 8

/** Thrown when an evaluation takes too many steps. */
export class BudgetSpent extends Error {
  constructor() {
    super('the expression takes more than a million steps')
  }
}

// Only one evaluation runs at a time, from its first step to its last.
let left = MOST_STEPS

/** Begins an evaluation with the whole budget. */
export function refill(): void {
  left = MOST_STEPS
}

/** Takes steps from the budget. Throws BudgetSpent when too few are left. */
export function spend(steps: number): void {
  left -= steps
  if (left < 0) throw new BudgetSpent()
}

/** Takes the steps for a text of this length that is read or made. Throws BudgetSpent. */
export function spendText(length: number): void {
  spend(length / CHARACTERS_A_STEP)
}
