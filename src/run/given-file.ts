import { InputError } from '../errors.ts'
import { readWhole } from '../input/open.ts'
import type { Stdin } from '../input/stdin.ts'

/** What a flag names may be so long; a kernel's BTF has some 6 MiB, a text of all its types some 20, the others some KiB. */
const MOST_BYTES = { '--reasons': 24 * 2 ** 20, '--snapshot': 4 * 2 ** 20, '--program': 2 ** 20 }

/** All bytes of a file that a flag names, gunzipped. Throws InputError in the flag's name: nothing of such a file is used in part. */
export async function readGiven(flag: keyof typeof MOST_BYTES, path: string, stdin: Stdin): Promise<Buffer> {
  try {
    return await readWhole(path, MOST_BYTES[flag], stdin)
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${flag} ${error.message}`, error.hint) : error
  }
}
