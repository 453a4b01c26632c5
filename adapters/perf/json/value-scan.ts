// Finds where a value of JSON ends, by its brackets and quotes alone. Whether it is JSON, its reader says.
import { BACKSLASH, CLOSE, CLOSE_LIST, FIRST_PRINTABLE, OPEN, OPEN_LIST, QUOTE } from './characters.ts'

/** The state of such a search, so that it can go on in the next window. */
export class ValueScan {
  private depth = 0
  private isInText = false
  private isEscaped = false

  /** It has begun, and not ended. */
  get isWithin(): boolean {
    return this.depth > 0
  }

  /** Offset after the last bracket of an object or a list. Undefined: it goes on after this text. */
  endIn(text: string, start: number): number | undefined {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (this.isEscaped) this.isEscaped = false
      else if (code === QUOTE) this.isInText = !this.isInText
      else if (this.isInText) this.isEscaped = code === BACKSLASH
      else if (code === OPEN || code === OPEN_LIST) this.depth++
      else if ((code === CLOSE || code === CLOSE_LIST) && --this.depth === 0) return at + 1
    }
    return undefined
  }
}

/**
 * Offset after a text, a number or a word at `start`, or of the char that breaks it. Undefined: it may go on after this
 * text.
 */
export function scalarEnd(text: string, start: number): number | undefined {
  const isText = text.charCodeAt(start) === QUOTE
  for (let at = isText ? start + 1 : start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isText) {
      if (ENDS.includes(text[at] ?? '')) return at
    } else if (code === QUOTE) return at + 1
    else if (code === BACKSLASH) at++
    else if (code < FIRST_PRINTABLE) return at
  }
  return undefined
}

const ENDS = ',:{}[]" \t\r\n'

/** Of an object that samples begin with. It is in no text of JSON, where a quote has a backslash before it. */
const SAMPLE_START = /\{[ \t\r\n]{0,64}"timestamp"/g

/** Where the next sample begins in the text, from `from` on; -1: nowhere. */
export function nextSample(text: string, from: number): number {
  SAMPLE_START.lastIndex = from
  return SAMPLE_START.exec(text)?.index ?? -1
}
