import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError, UsageError } from '../errors.ts'
import { readWhole } from '../input/open.ts'
import type { Stdin } from '../input/stdin.ts'
import { readReasons } from '../kernel/reasons/read.ts'
import { shellWord } from '../text/printable.ts'
import type { FileBeside, GivenReasons } from './plan.ts'

/** A kernel's BTF has some 6 MiB, a text of all its types some 20 MiB. */
const MOST_OF_REASONS = 24 * 2 ** 20
/** A tracing program has some KiB. */
const MOST_OF_TEXT = 2 ** 20

/**
 * All bytes of a file that a flag names, gunzipped; `-` names `stdin`. Throws InputError in the flag's name, also for a
 * file of more than `most` bytes: no part of such a file is used.
 */
export async function readGiven(flag: string, path: string, most: number, stdin: Stdin): Promise<Buffer> {
  try {
    return await readWhole(path, most, stdin)
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${flag} ${error.message}`, error.hint) : error
  }
}

/** `--reasons FILE`. Throws InputError, and UsageError for a file without drop reasons. */
export async function givenReasons(path: string, stdin: Stdin): Promise<GivenReasons> {
  const read = readReasons(await readGiven('--reasons', path, MOST_OF_REASONS, stdin))
  if ('refused' in read) throw new UsageError(`--reasons ${shellWord(path)}: ${read.refused}`)
  return { table: read.table, by: read.by }
}

/** The text (latin1, one char a byte) of a file that a flag of an adapter names. Throws InputError. */
export async function givenText(flag: string, path: string, stdin: Stdin): Promise<string> {
  return (await readGiven(flag, path, MOST_OF_TEXT, stdin)).toString('latin1')
}

/** The text of the one file beside a capture; `what` it is, for people. Throws UsageError and InputError. */
export function textBeside(capture: string, what: string, { flag, ending }: FileBeside): string {
  const instead = `name the ${what}`
  if (capture === '-') throw new UsageError(`${flag}: stdin has no place`, instead)
  const folder = dirname(capture)
  const found = readdirSync(folder).filter((name) => name.endsWith(ending))
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new UsageError(`${flag}: ${found.length} ${ending} files beside ${shellWord(capture)}`, instead)
  return textOf(join(folder, only), flag)
}

/** Read at once: a reader is opened with it between two windows. */
function textOf(path: string, flag: string): string {
  const name = `${flag} ${shellWord(path)}`
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new InputError(`${name}: is a directory`)
    if (stats.size > MOST_OF_TEXT) throw new InputError(`${name}: longer than ${MOST_OF_TEXT / 2 ** 20} MiB`)
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${name}: cannot read: ${String(error)}`)
  }
}
