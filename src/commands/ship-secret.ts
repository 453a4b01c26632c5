import { readFileSync, statSync } from 'node:fs'
import { codeOf, InputError, UsageError } from '../errors.ts'
import type { ShipTarget } from '../ship/target.ts'
import { pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import type { Io } from './io.ts'

const LONGEST_SECRET = 64 * 1024
/** Rights of the group and of others. */
const NOT_PRIVATE = 0o077

/**
 * The secret that a platform asks for, of a file of mode 600 or of the environment; undefined: there is none. Throws
 * UsageError where the file is not private, and InputError.
 */
export function givenSecret(file: string | undefined, { env }: Pick<Io, 'env'>): string | undefined {
  const { TRACENORM_TOKEN } = env
  const secret = (file === undefined ? (TRACENORM_TOKEN ?? '') : secretIn(file)).trim()
  if (file !== undefined && secret === '') throw new InputError(`--token-file ${shellWord(file)}: it is empty`)
  return secret === '' ? undefined : secret
}

function secretIn(file: string): string {
  try {
    const { mode, size } = statSync(pathOf(file))
    if ((mode & NOT_PRIVATE) !== 0)
      throw new UsageError(`--token-file ${shellWord(file)}: others may read it`, `chmod 600 ${shellWord(file)}`)
    if (size > LONGEST_SECRET) throw new UsageError(`--token-file ${shellWord(file)}: it is no token: over 64 KiB`)
    return readFileSync(pathOf(file), 'utf8')
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    throw new InputError(`--token-file ${shellWord(file)}: cannot read: ${codeOf(error)}`)
  }
}

/** How each platform names the kind of its token. */
const USUAL_SCHEMES: Readonly<Record<Exclude<ShipTarget['platform'], 'nats'>, string>> = {
  'es-bulk': 'ApiKey',
  loki: 'Bearer',
  hec: 'Splunk',
  otlp: 'Bearer',
}

/**
 * The header that shows a secret: `Basic …` as it is, a token alone with the platform's usual word before it. Throws
 * InputError where a header cannot hold it.
 */
export function authorizationOf(secret: string, { platform }: ShipTarget): string {
  if (!/^[\x20-\x7e]+$/.test(secret))
    throw new InputError('the token has more than one line, or characters that no header can have')
  return secret.includes(' ') || platform === 'nats' ? secret : `${USUAL_SCHEMES[platform]} ${secret}`
}

/** Headers of this name carry secrets. */
const SECRET_NAME = /auth|token|secret|password|cookie|api-?key/i

/** Reads `Name: value`. Throws UsageError, also for a header that carries a secret. */
export function headersOf(given: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const text of given) {
    const [, name = '', value = ''] = /^([A-Za-z0-9-]{1,64}): ?([\x20-\x7e]*)$/.exec(text) ?? []
    if (name === '') throw new UsageError('--header: not a header', "it is 'Name: value'")
    if (SECRET_NAME.test(name))
      throw new UsageError(
        `--header ${name}: everybody who lists processes sees it`,
        'give --token-file FILE, or TRACENORM_TOKEN in the environment',
      )
    headers[name.toLowerCase()] = value
  }
  return headers
}
