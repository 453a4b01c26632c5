import type { Reader } from '../contract.ts'

/**
 * Reads what no adapter knows. Each line is a possible seam.
 */
export const unrecognized: Reader = {
  read(window, out) {
    const { text, last } = window
    let start = 0
    while (start < text.length) {
      const lf = text.indexOf('\n', start)
      if (lf < 0 && !last) return
      const end = lf < 0 ? text.length : lf + 1
      const line = text.slice(start, lf < 0 ? end : lf).replace(/\r$/, '')
      if (line.trim() === '') out.claim('blank', end)
      else if (!out.message(line, end, 'info', 'foreign')) return
      start = end
    }
  },
}
