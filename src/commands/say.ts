import type { StandardOutput } from '../output/standard.ts'
import { printable } from '../text/printable.ts'

/** Writes a sentence for people. Where stderr is full or gone, nobody reads it, and that is no further fault. */
export function say(stderr: StandardOutput, sentence: string): void {
  try {
    stderr.writeNow(Buffer.from(lineOfSentence(sentence), 'utf8'), 'stderr')
  } catch {}
}

/** One line, whatever names and content are in it. */
export function lineOfSentence(sentence: string): string {
  return `tracenorm: ${printable(sentence)}\n`
}
