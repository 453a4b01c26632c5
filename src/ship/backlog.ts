import type { Bell } from './bell.ts'

/** Lines of our own NDJSON that were taken together, and go to the platform. */
export interface Chunk {
  /** Whole lines with their ends. */
  readonly lines: Buffer
  readonly records: number
}

/** What was taken and is not settled yet, in its order. */
export interface Backlog {
  /** The inputs come in this order; `next` begins the second and the following ones. */
  readonly inputs: InputSwitch
  /** Takes whole lines of the input at hand. The bytes are the caller's again when it returns. Throws InputError. */
  put(lines: Buffer): void
  /** A promise where there is no room for more. Throws InputError. */
  room(): Promise<void> | void
  /** The next lines to send; undefined: there are none now, and `changed` is rung when that changes. */
  next(): Chunk | undefined
  readonly changed: Bell
  /** Every record of the chunk was acknowledged, or is among the dead letters. */
  settle(chunk: Chunk): void
  /**
   * Nothing more is put. `isAll`: all inputs were read. Waits until what was put is as safe as it can be; it can still
   * be sent. Throws InputError.
   */
  close(isAll: boolean): Promise<void>
  /** Nothing more is sent, whatever comes: `room` waits no more. */
  halt(): void
  /** Waits until what is settled is written down. */
  end(): Promise<void>
  readonly counts: BacklogCounts
  /** What is in it is there for the next run, too. */
  readonly outlives: boolean
  /** Records that are there and that `next` has not given out. */
  readonly waiting: number
}

export interface InputSwitch {
  /** The input at hand ends, and the next one begins. `isWhole`: all of it was read. Throws InputError. */
  next(isWhole: boolean): void
}

/** Counts of records. */
export interface BacklogCounts {
  /** Of an earlier run, and not settled when this one began. */
  readonly found: number
  /** Put by this run. */
  readonly read: number
  /** Of these: already taken by an earlier run, and left out here. */
  readonly known: number
  /** Written to a spool by this run. */
  readonly spooled: number
}

const LF = 10

/** How many lines end in these bytes. */
export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) lines++
  return lines
}

/** The offset after so many lines; the bytes have at least that many. */
export function endOfLines(bytes: Buffer, lines: number): number {
  let end = 0
  for (let line = 0; line < lines; line++) end = bytes.indexOf(LF, end) + 1
  return end
}
