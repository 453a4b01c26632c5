import { InputError } from '../errors.ts'
import { readWhole } from '../input/open.ts'

/** All bytes of a file that a flag names, gunzipped. Throws InputError in the flag's name: nothing of such a file is used in part. */
export async function readGiven(flag: string, path: string): Promise<Buffer> {
  try {
    return await readWhole(path)
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${flag} ${error.message}`) : error
  }
}
