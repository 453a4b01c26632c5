import { UsageError } from '../errors.ts'
import type { Stage } from './stage.ts'

/** Keeps the first of every `each` records that reach this stage. */
export function sampleStage(each: number): Stage {
  let count = 0
  return {
    cause: 'sample',
    take(record) {
      const isKept = count === 0
      count = (count + 1) % each
      return isKept ? record : undefined
    },
  }
}

/** Reads `1/100` as 100. Throws UsageError. */
export function parseSample(text: string): number {
  const [, digits = ''] = /^1\/([1-9]\d{0,8})$/.exec(text) ?? []
  if (digits === '')
    throw new UsageError(`--sample ${text}: a sample is 1/N`, 'such as 1/100, the first of every hundred')
  return Number(digits)
}
