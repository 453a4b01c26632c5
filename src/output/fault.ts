import { codeOf, InputError, TracenormError } from '../errors.ts'
import { shellWord } from '../text/printable.ts'
import { BrokenPipe } from './output.ts'

const WORDS: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  ENOSPC: ['no space left on the device'],
  EDQUOT: ['the disk quota is used up'],
  EACCES: ['permission denied'],
  EPERM: ['permission denied'],
  EROFS: ['the file system is read-only'],
  EISDIR: ['it is a directory', 'name a file in it'],
  ENOENT: ['its folder does not exist', 'make it first'],
  ENOTDIR: ['what should be its folder is a file'],
  ELOOP: ['its links lead in a circle'],
  ENAMETOOLONG: ['its name is too long'],
  EBADF: ['that descriptor is not open for writing'],
  ENXIO: ['there is no such device'],
}

/** What went wrong with an output, in words for people; its reader is gone: BrokenPipe. */
export function cannotWrite(name: string, error: unknown): TracenormError | BrokenPipe {
  if (error instanceof TracenormError) return error
  if (codeOf(error) === 'EPIPE') return new BrokenPipe()
  const [words, hint] = WORDS[codeOf(error) ?? ''] ?? [error instanceof Error ? error.message : String(error)]
  return new InputError(`${shellWord(name)}: cannot write: ${words}`, hint)
}

/** Runs an action. What it throws becomes an InputError that names the output, or BrokenPipe. */
export function attempt<T>(name: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw cannotWrite(name, error)
  }
}
