import type { Capture } from './segment.ts'
import { BYTES, fits, runEnd, type TextShape } from './shape.ts'
import type { Slots } from './slots.ts'

const BLANK = 32
const MINUS = 45

/** Reads all of `[start, end)` as one capture with its padding. True when it fits; then its offsets are in `slots`. */
export function takePadded(
  capture: Capture,
  text: string,
  start: number,
  end: number,
  slots: Slots,
  index: number,
): boolean {
  const { shape, pad } = capture
  if (end < start) return false
  let from = start
  let to = end
  if (pad !== undefined) {
    if (end - start < pad.width) return false
    // A longer text has no padding. In a text of exactly the width, blanks on the padded side are padding.
    if (end - start === pad.width) {
      if (pad.left) while (to > from && text.charCodeAt(to - 1) === BLANK) to--
      else while (from < to && text.charCodeAt(from) === BLANK) from++
    }
  }
  if (!fits(shape, text, from, to)) return false
  slots.set(index, from, to)
  return true
}

/** True when a value that begins at `start` may go on after `limit`, the end of the window. */
export function mayGoOn({ shape, pad }: Capture, text: string, start: number, limit: number): boolean {
  const bytes = reachOf(shape)
  if (bytes === undefined) return true
  let at = pad === undefined ? start : blanksEnd(text, start, limit)
  if (text.charCodeAt(at) === MINUS && at < limit) at++
  at = runEnd(text, at, limit, bytes)
  return (pad?.left === true ? blanksEnd(text, at, limit) : at) === limit
}

/** The class of all bytes of a value. Undefined: there is no single class. */
function reachOf(shape: TextShape): number | undefined {
  if (shape.kind === 'run') return shape.bytes
  return shape.kind === 'enumerator' ? BYTES.word : shape.kind === 'pointer' ? BYTES.pointer : undefined
}

function blanksEnd(text: string, start: number, limit: number): number {
  let at = start
  while (at < limit && text.charCodeAt(at) === BLANK) at++
  return at
}
