import type { Level, Reject } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'

/** Who printed the text, as `capture.format` says it. */
export type TraceForm = 'trace' | 'trace_pipe' | 'trace-cmd'

/** The form of the text by a line of it that shows who printed it. A kernel's line does not show which of its files. */
export function formBy(isTraceCmd: boolean, before: TraceForm): TraceForm {
  if (isTraceCmd) return 'trace-cmd'
  return before === 'trace-cmd' ? 'trace_pipe' : before
}

/** What a line is, together with the lines that belong to it. */
export type TraceUnit = {
  /** Offset of the line after it. */
  readonly end: number
} & (
  | { readonly is: 'blank' }
  /** `kernel`: the release, where a header names it. */
  | { readonly is: 'header'; readonly kernel: string | undefined }
  /**
   * `isOpen`: lines may follow that belong to its text and do not say so. `isGlued`: the next entry follows in the same
   * line.
   */
  | { readonly is: 'record'; readonly record: EventRecord; readonly isOpen: boolean; readonly isGlued: boolean }
  | {
      readonly is: 'message'
      readonly text: string
      readonly level: Level
      readonly stream: 'stdout' | 'stderr' | 'foreign'
    }
  /** `at`: where the grammar stopped fitting. */
  | { readonly is: 'reject'; readonly why: Reject; readonly at: number }
)

export function rejected(why: Reject, end: number, at: number): TraceUnit {
  return { is: 'reject', why, end, at }
}

export function said(text: string, end: number): TraceUnit {
  return { is: 'message', text, level: 'info', stream: 'stdout', end }
}

/** A line of another tool, or of an unknown source. */
export function foreign(text: string, end: number): TraceUnit {
  return { is: 'message', text, level: 'info', stream: 'foreign', end }
}

export function recordUnit(record: EventRecord, end: number): TraceUnit {
  return { is: 'record', record, isOpen: false, isGlued: false, end }
}
