// Packages that only some users need, and that no install of tracenorm brings.
import { createRequire } from 'node:module'
import { codeOf, InputError } from '../errors.ts'

/**
 * Loads optional packages from where the package in the folder `home` finds them; `load` is given what brings one by
 * its name. Throws InputError where one is not installed: `missing` says what needs it, `install` what npm installs.
 */
export function loadOptional<T>(home: URL, load: (bring: NodeJS.Require) => T, missing: string, install: string): T {
  const bring = createRequire(new URL('package.json', home))
  try {
    return load(bring)
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error
    throw new InputError(missing, `run: npm install ${install}`)
  }
}
