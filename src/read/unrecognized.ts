import type { Reader } from '../contract.ts'
import { contentOf, Lines } from '../text/lines.ts'

/** Reads what no adapter knows: each line may be where another reader takes over. */
export const unrecognized: Reader = {
  read({ text, last }, out) {
    const line = new Lines(text, last)
    while (line.moveTo(line.next)) {
      const content = contentOf(line)
      if (content.trim() === '') out.claim('blank', line.next)
      else if (!out.message(content, line.next, 'info', 'foreign')) return
    }
  },
}
