import type { Blindness, Stage } from './stage.ts'

/** Lets all records pass and counts those without `ts`, which the stage of these flags cannot judge. */
export function tsWatch(flags: string): Stage {
  let records = 0
  let judged = 0
  return {
    cause: 'where',
    take(record) {
      records++
      if (record.ts !== undefined) judged++
      return record
    },
    blindness: (): Blindness | undefined => (judged === records ? undefined : { flags, records, judged }),
  }
}
