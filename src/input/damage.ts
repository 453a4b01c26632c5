import { InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'

/** Makes the error of an input whose packing is damaged: `why` says in what way. */
export type Damage = (why: string) => InputError

/** `path` names the input, `form` what is damaged: `gzip`. */
export function damageOf(path: string, form: string): Damage {
  return (why) => new InputError(`${inputName(path)}: broken ${form}: ${why}`, 'what came before was read')
}

export const EARLY = 'unexpected end of file'
