// What an expression may cost on one record. Without macros that is as much as is written down; with them it can
// double at each word.

/** Some tens of milliseconds; nodes of the expression, elements of lists, and texts by their length. */
const MOST_STEPS = 1_000_000
const CHARACTERS_A_STEP = 8

/** The expression takes more steps than there are. */
export class BudgetSpent extends Error {
  constructor() {
    super('the expression takes more than a million steps')
  }
}

// One evaluation is under way at a time, from its first step to its last.
let left = MOST_STEPS

/** For an evaluation that begins. */
export function refill(): void {
  left = MOST_STEPS
}

/** Throws BudgetSpent. */
export function spend(steps: number): void {
  left -= steps
  if (left < 0) throw new BudgetSpent()
}

/** A text is looked at, or made. Throws BudgetSpent. */
export function spendText(length: number): void {
  spend(length / CHARACTERS_A_STEP)
}
