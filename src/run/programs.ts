import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Stdin } from '../input/stdin.ts'
import { shellWord } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import { readGiven } from './given-file.ts'

/** `--program FILE`, `--program auto`, `-e PROGRAM`. */
export interface GivenProgram {
  /** What a file named `-` is. */
  readonly stdin: Stdin
  readonly program: string | undefined
  readonly programText: string | undefined
}

/** The bpftrace program of each capture, latin1, as `Context` takes it. Throws UsageError and InputError. */
export async function programs({
  stdin,
  program,
  programText,
}: GivenProgram): Promise<(path: string) => { readonly program?: string }> {
  if (program !== undefined && programText !== undefined)
    throw new UsageError('--program and -e are two programs', 'give one')
  if (programText !== undefined) {
    const text = latin1(programText)
    return () => ({ program: text })
  }
  if (program === undefined) return () => ({})
  if (program === 'auto') return (path) => ({ program: readFileSync(besideOf(path), 'latin1') })
  const text = (await readGiven('--program', program, stdin)).toString('latin1')
  return () => ({ program: text })
}

/** The one `.bt` file beside a capture. */
function besideOf(path: string): string {
  if (path === '-') throw new UsageError('--program auto: stdin has no place', 'name the program')
  const folder = dirname(path)
  const found = readdirSync(folder).filter((name) => name.endsWith('.bt'))
  const [only] = found
  if (only === undefined || found.length > 1) {
    throw new UsageError(`--program auto: ${found.length} .bt files beside ${shellWord(path)}`, 'name the program')
  }
  return join(folder, only)
}
