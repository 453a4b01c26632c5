import { writeSync } from 'node:fs'
import { printable } from '../text/printable.ts'

/** A sentence for people, on stderr. Where that is full or gone nobody hears it, and that is no further fault. */
export function say(sentence: string): void {
  try {
    writeSync(2, lineOfSentence(sentence))
  } catch {}
}

/** One line, whatever names and content it tells of. */
export function lineOfSentence(sentence: string): string {
  return `tracenorm: ${printable(sentence)}\n`
}
