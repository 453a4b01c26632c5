import type { Blindness, Stage } from './stage.ts'

/**
 * Lets all pass, before a stage that asks for `ts`: on records without one its answer says nothing. `flags`: who asks.
 */
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
