import type { Facts, Level, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'

/** What a line is, together with the lines that belong to it. */
export type ScriptUnit = {
  /** Offset of the line after it. */
  readonly end: number
} & (
  | { readonly is: 'blank' }
  | { readonly is: 'header'; readonly facts: Facts | undefined }
  /** `assumesTid`: the only number of the process was read as the TID. */
  | { readonly is: 'record'; readonly record: EventRecord; readonly assumesTid: boolean }
  | { readonly is: 'message'; readonly text: string; readonly level: Level; readonly stream: 'stderr' | 'foreign' }
  /** `at`: where the grammar stopped fitting. */
  | { readonly is: 'reject'; readonly why: Reject; readonly at: number }
)

export function rejected(why: Reject, end: number, at: number): ScriptUnit {
  return { is: 'reject', why, end, at }
}

/** A line of another tool, or of an unknown source. */
export function foreign(text: string, end: number): ScriptUnit {
  return { is: 'message', text, level: 'info', stream: 'foreign', end }
}
