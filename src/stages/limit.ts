import type { Stage } from './stage.ts'

/** Keeps the first `most` records. Then reading may stop. */
export function limitStage(most: number): Stage {
  let count = 0
  return {
    cause: 'limit',
    take(record) {
      if (count >= most) return undefined
      count++
      return record
    },
    isDone: () => count >= most,
  }
}
