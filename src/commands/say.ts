import { printable } from '../text/printable.ts'

/** A sentence for people, on stderr: one line, whatever names and content it tells of. */
export function say(sentence: string): void {
  process.stderr.write(`tracenorm: ${printable(sentence)}\n`)
}
