import type { Run } from './run.ts'

/** Runs by the key of their next record; of equal keys the one that began first. */
export class RunHeap {
  private readonly runs: Run[] = []

  get size(): number {
    return this.runs.length
  }

  get first(): Run | undefined {
    return this.runs[0]
  }

  push(run: Run): void {
    const { runs } = this
    let at = runs.length
    for (let above = (at - 1) >> 1; at > 0; above = (at - 1) >> 1) {
      const parent = runs[above]
      if (parent === undefined || !isBefore(run, parent)) break
      runs[at] = parent
      at = above
    }
    runs[at] = run
  }

  takeFirst(): void {
    const { runs } = this
    const last = runs.pop()
    if (last === undefined || runs.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      let child = runs[below]
      if (child === undefined) break
      const other = runs[below + 1]
      if (other !== undefined && isBefore(other, child)) {
        below++
        child = other
      }
      if (!isBefore(child, last)) break
      runs[at] = child
      at = below
    }
    runs[at] = last
  }

  /** What can be read again needs no memory until then. */
  forget(): void {
    for (const run of this.runs) run.forget()
  }
}

/** Whether the next record of one run comes before that of another. */
export function isBefore(one: Run, other: Run): boolean {
  return one.key < other.key || (one.key === other.key && one.number < other.number)
}
