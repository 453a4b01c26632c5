import { codeOf, InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'

/** Why an input cannot be read, for people, by the error of the system. */
export function cannotRead(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  const code = codeOf(error)
  if (code === 'ENOENT') return new InputError(`${inputName(path)}: no such file`)
  if (code === 'EISDIR') return new InputError(`${inputName(path)}: is a directory`, 'name the files in it')
  if (code === 'EACCES') return new InputError(`${inputName(path)}: permission denied`)
  return new InputError(`${inputName(path)}: cannot read: ${messageOf(error)}`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
