import { intern, type Memo } from '../../../src/text/intern.ts'
import type { Slots } from '../match/slots.ts'
import type { IndexedCapture } from './fields.ts'

/** The text that was matched last, and where its captures are. */
export class MatchedText {
  source = ''
  readonly slots: Slots
  private readonly form: OutputForm

  constructor(slots: Slots, form: OutputForm) {
    this.slots = slots
    this.form = form
  }

  /** The text of a capture. In lines, a CR before an LF belongs to the line end, also within a value. */
  text(index: number): string {
    const text = this.slots.text(this.source, index)
    return this.form === 'text' ? withoutCr(text) : text
  }
}

/** Whether a text comes from lines, or from strings of JSON. */
export type OutputForm = 'text' | 'json'

/** A text of several lines without the CRs of their ends. */
export function withoutCr(text: string): string {
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text
}

/** Makes a section of a record from the text that was matched last. */
export type Maker<T> = () => T

/**
 * Remembers a section by the texts that it is made of. `isOneText`: the text from the first capture to the last
 * decides where the captures are, so it is a key without copying. A text that repeats the one before is compared in
 * place.
 */
export function remembered<T>(
  matched: MatchedText,
  captures: readonly IndexedCapture[],
  isOneText: boolean,
  make: () => T,
): Maker<T> {
  const memo: Memo<T> = intern(make)
  const indexes = captures.map(({ index }) => index).sort((a, b) => a - b)
  const [first = 0] = indexes
  const last = indexes[indexes.length - 1] ?? first
  const isRange = indexes.length === 1 || (isOneText && last - first === indexes.length - 1)
  const ofRange = (): T => memo.get(matched.source.slice(matched.slots.start(first), matched.slots.end(last)))
  if (isRange) return repeating(matched, first, last, ofRange)
  return () => {
    let key = matched.text(first)
    for (let at = 1; at < indexes.length; at++) key += `\0${matched.text(indexes[at] ?? 0)}`
    return memo.get(key)
  }
}

/** Calls `make` only when the text from one capture to another differs from the one before. */
function repeating<T>(matched: MatchedText, first: number, last: number, make: () => T): Maker<T> {
  let before: { readonly text: string; readonly value: T } | undefined
  return () => {
    const { source, slots } = matched
    const start = slots.start(first)
    const length = slots.end(last) - start
    if (before !== undefined && before.text.length === length && source.startsWith(before.text, start))
      return before.value
    before = { text: source.slice(start, start + length), value: make() }
    return before.value
  }
}
