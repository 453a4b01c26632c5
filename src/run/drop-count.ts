import type { Part } from '../event/part.ts'
import type { EventRecord } from '../event/record.ts'
import { countCode, countConflict, type InputOutcome } from './outcome.ts'

/**
 * Counts the packets and reason numbers in the drops of an input. Most drops in a row share one part: it is looked into
 * once.
 */
export class DropCount {
  private readonly outcome: InputOutcome
  private last: Part | undefined
  private packets = 0
  private code: number | undefined

  constructor(outcome: InputOutcome) {
    this.outcome = outcome
  }

  /** `times`: so many records say the same. */
  add(record: EventRecord, times = 1): void {
    const { drop } = record
    if (drop === undefined) return
    if (drop !== this.last) {
      this.last = drop
      const packets = drop.get('count')
      this.packets = typeof packets === 'number' ? packets : 0
      const code = drop.get('code')
      this.code = typeof code === 'number' ? code : undefined
    }
    if (record.kind === 'drop') this.outcome.dropped += times * this.packets
    if (this.code !== undefined) this.countCode(drop, this.code, record.source === undefined, times)
  }

  private countCode(drop: Part, code: number, isFresh: boolean, times: number): void {
    const reason = drop.get('reason')
    if (reason === undefined) {
      countCode(this.outcome, code, times)
      if (isFresh) this.outcome.unnamed += times
    } else if (drop.notes?.flags?.includes('reason_conflict') === true) {
      countConflict(
        this.outcome,
        `reason ${String(reason)} does not have the number ${code} in the table in use`,
        times,
      )
    }
  }
}
