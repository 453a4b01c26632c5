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

/**
 * The text (latin1, one char a byte) of a file that a flag of an adapter names, of at most `most` bytes. Throws
 * InputError.
 */
export async function givenText(flag: string, path: string, stdin: Stdin, most = MOST_OF_TEXT): Promise<string> {
  return (await readGiven(flag, path, most, stdin)).toString('latin1')
}

/** A kernel has some 2,500 tracepoints, with 3 MiB of formats. */
const MOST_FILES = 16_384
const MOST_OF_FILES = 64 * 2 ** 20
const DEEPEST = 8

/**
 * The files in a folder that a flag of an adapter names, or the one file: each path before its text (latin1). Throws
 * InputError, also where there is none.
 */
export function givenFiles(flag: string, path: string, fileName: string): readonly string[] {
  const found: string[] = []
  let bytes = 0
  const visit = (place: string, depth: number): void => {
    if (statSync(place).isDirectory()) {
      const names = depth < DEEPEST ? readdirSync(place, { withFileTypes: true }) : []
      for (const entry of names)
        if (entry.isDirectory() || isCalled(entry.name, fileName)) visit(join(place, entry.name), depth + 1)
      return
    }
    const text = readFileSync(place, 'latin1')
    bytes += text.length
    if (text.length > MOST_OF_TEXT || bytes > MOST_OF_FILES || found.length > 2 * MOST_FILES)
      throw new InputError(`${flag} ${shellWord(place)}: more than such files have`)
    found.push(place, text)
  }
  try {
    visit(path, 0)
  } catch (error) {
    throw error instanceof InputError
      ? error
      : new InputError(`${flag} ${shellWord(path)}: cannot read: ${String(error)}`)
  }
  if (found.length === 0) throw new InputError(`${flag} ${shellWord(path)}: no file called ${fileName} in it`)
  return found
}

/** `format`, and `format.skb.kfree_skb.txt`. */
function isCalled(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}.`)
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
