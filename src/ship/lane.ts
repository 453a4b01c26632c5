import type { BodyMeasure } from '../envelopes/batch.ts'
import type { Bell } from './bell.ts'
import { Courier, type Errand } from './courier.ts'
import type { Letter } from './letter.ts'

type Measure = Pick<BodyMeasure, 'fits' | 'add'>

/** Letters that are sent in their order: one batch is sent while the next one is filled. */
export class Lane {
  private readonly errand: Errand
  /** Rung when a batch of any lane is due, when one was taken to be sent, and at the end. */
  private readonly bell: Bell
  private readonly measure: () => Measure
  private readonly ageMs: number
  private readonly courier: Courier
  private letters: Letter[] = []
  private batch: Measure
  private isDue = false
  private isClosed = false
  private callOff = (): void => {}

  /** `ageMs`: a batch that is not full waits this long for more. */
  constructor(errand: Errand, bell: Bell, measure: () => Measure, ageMs: number) {
    this.errand = errand
    this.bell = bell
    this.measure = measure
    this.ageMs = ageMs
    this.courier = new Courier(errand)
    this.batch = measure()
  }

  /** Letters that are not settled, in their order. */
  get unsettled(): readonly Letter[] {
    return [...this.courier.unsettled, ...this.letters]
  }

  /** Takes a letter into the batch. False: the batch is full; the bell says when it is on its way. */
  offer(letter: Letter): boolean {
    const { letters, batch } = this
    if (this.isDue) return false
    if (letters.length === 0) this.callOff = this.errand.timing.after(this.ageMs, () => this.due())
    else if (!batch.fits(letter.length, letter.group)) {
      this.due()
      return false
    }
    letters.push(letter)
    batch.add(letter.length, letter.group)
    return true
  }

  /** The batch at hand is sent as it is, and `run` returns after it. */
  close(): void {
    this.isClosed = true
    this.due()
  }

  /** Sends batches until it is closed, or until the end. Throws what couriers throw. */
  async run(): Promise<void> {
    while (!this.errand.end.aborted) {
      const { letters } = this
      if (letters.length === 0 && this.isClosed) return
      if (!this.isDue) {
        await this.bell.rung()
        continue
      }
      this.begin()
      await this.courier.deliver(letters)
    }
  }

  private due(): void {
    this.callOff()
    this.isDue = true
    this.bell.ring()
  }

  private begin(): void {
    this.letters = []
    this.batch = this.measure()
    this.isDue = this.isClosed
    this.bell.ring()
  }
}
