import type { CaptureBytes } from '../src/input/capture-bytes.ts'
import { openCaptures, type Unpacking } from '../src/input/captures.ts'
import type { Stdin } from '../src/input/stdin.ts'
import { NO_STDIN } from './io.ts'

/** Generous limits, and no program that unpacks. */
export const UNPACKING: Unpacking = {
  limits: { bytes: 2 ** 40, ratio: 100_000 },
  folder: '/tmp',
  searchPath: '',
}

/** The bytes of an INPUT that is no archive. They are closed with what was opened for them. */
export async function firstCapture(
  path: string,
  stdin: Stdin = NO_STDIN,
): Promise<{ readonly bytes: CaptureBytes; close(): Promise<void> }> {
  const captures = openCaptures(path, { stdin, unpacking: UNPACKING, isLast: true })
  const { value } = await captures.next()
  if (value === undefined || value.as !== 'capture') throw new Error(`no capture in ${path}`)
  const { bytes } = value
  return {
    bytes,
    async close() {
      bytes.close()
      await captures.return(undefined)
    },
  }
}
