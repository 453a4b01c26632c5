import { readFileSync } from 'node:fs'
import { nameOf } from '../text/file-name.ts'

/**
 * The words of the command line. Node gives U+FFFD for bytes that are no UTF-8, and a file of such a name could not be
 * found; Linux still has the bytes.
 */
export function typedWords(words: readonly string[]): readonly string[] {
  if (!words.some((word) => word.includes('\ufffd'))) return words
  const typed = commandLine().slice(-words.length)
  return words.map((word, index) => {
    const bytes = typed[index]
    return bytes !== undefined && bytes.toString('utf8') === word ? nameOf(bytes) : word
  })
}

function commandLine(): readonly Buffer[] {
  let line: Buffer
  try {
    line = readFileSync('/proc/self/cmdline')
  } catch {
    return []
  }
  const words: Buffer[] = []
  for (let start = 0; start < line.length; ) {
    const end = line.indexOf(0, start)
    words.push(line.subarray(start, end < 0 ? line.length : end))
    start = end < 0 ? line.length : end + 1
  }
  return words
}
