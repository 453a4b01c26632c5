import { readWhole } from '../input/open.ts'
import type { Stdin } from '../input/stdin.ts'
import { nameOf } from '../text/file-name.ts'

/** A million paths of 256 bytes. */
const MOST_OF_LIST = 256 * 2 ** 20

/**
 * The inputs that a file lists, one a line; where it has a NUL, one up to each NUL, as `find -print0` writes them. `-`
 * is `stdin`. Throws InputError.
 */
export async function listedIn(path: string, stdin: Stdin): Promise<readonly string[]> {
  const bytes = await readWhole(path, MOST_OF_LIST, stdin)
  const end = bytes.includes(0) ? 0 : 10
  const names: string[] = []
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(end, start)
    const next = found < 0 ? bytes.length : found
    if (next > start) names.push(nameOf(bytes.subarray(start, next)))
    start = next + 1
  }
  return names
}
