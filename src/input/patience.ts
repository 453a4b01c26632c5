/**
 * How long the program waits for its inputs, and what a signal means for that. `Interrupted` is thrown where the run
 * ends.
 */
export interface Patience {
  /** An input begins. A live one is a pipe with no input after it: at a signal it is read to its end. */
  begins(isLive: boolean): void
  /** Waits for what may take for ever: a pipe's next bytes, its room, its other end. */
  wait<T>(work: Promise<T>): Promise<T>
  /** Lets signals in, now and then. Called between two windows. */
  pause(): Promise<void> | void
}

/** A signal ends the run. */
export class Interrupted extends Error {
  /** All there was has been read: a live pipe was silent. */
  readonly isWhole: boolean

  constructor(isWhole: boolean) {
    super('interrupted')
    this.isWhole = isWhole
  }
}

/** For work that a signal may end at any point, because it leaves nothing to clean up. */
export const ENDLESS: Patience = {
  begins() {},
  wait: (work) => work,
  pause() {},
}
