// Text that is no unit of a document.

import type { Out, Reject } from '../../../src/contract.ts'
import { lineAt, type Next } from '../../../src/text/lines.ts'
import { talkLevel } from '../talk-level.ts'
import { LF } from './characters.ts'

/** Where a unit begins in the window. */
export interface UnitStart {
  readonly text: string
  readonly at: number
  /** Nothing comes after the text. */
  readonly last: boolean
}

/** Rejects text that fits nowhere, up to one of the chars that may begin what fits, or to the line end. */
export function garbage({ text, at, last }: UnitStart, why: Reject, begins: string, out: Out): Next {
  let end = at + 1
  while (end < text.length && text.charCodeAt(end - 1) !== LF && !begins.includes(text[end] ?? '')) end++
  if (end === text.length && text.charCodeAt(end - 1) !== LF && !last) return 'pause'
  return out.reject(why, end, at) ? end : 'pause'
}

/** A line that is not of a document: what perf says on stderr, or another's. */
export function talk({ text, at, last }: UnitStart, out: Out): Next {
  const line = lineAt(text, at, last)
  if (line === 'pause' || line === undefined) return 'pause'
  const content = text.slice(at, line.contentEnd)
  const level = talkLevel(content)
  const isTaken =
    level === undefined
      ? out.message(content, line.next, 'info', 'foreign')
      : out.message(content, line.next, level, 'stderr')
  return isTaken ? line.next : 'pause'
}
