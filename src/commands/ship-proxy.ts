import { InputError, UsageError } from '../errors.ts'
import type { HttpProxy } from '../ship/http.ts'
import type { Io } from './io.ts'

/**
 * The proxy to a platform, by `--proxy` or the environment, as curl reads it: small letters go first; HTTP_PROXY in
 * capitals may be a header of a request. Throws UsageError, also for a password among the arguments, and InputError.
 */
export function proxyFor(platform: URL, given: string | undefined, env: Io['env']): HttpProxy {
  const { http_proxy, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = env
  if (given !== undefined) {
    const url = proxyUrl(given)
    if (url === undefined) throw new UsageError('--proxy: not the URL of a proxy', 'it is http://HOST:PORT')
    if (url.username !== '' || url.password !== '')
      throw new UsageError(
        '--proxy: a URL with a user or a password in it: everybody who lists processes sees it',
        'give it as http_proxy or https_proxy in the environment',
      )
    return { url: url.href, none: '' }
  }
  const isTls = platform.protocol === 'https:'
  const text = (isTls ? (https_proxy ?? HTTPS_PROXY) : http_proxy) ?? ''
  const url = text === '' ? undefined : proxyUrl(text)
  if (text !== '' && url === undefined)
    throw new InputError(`${isTls ? 'https_proxy' : 'http_proxy'} of the environment: not the URL of a proxy`)
  return { url: url?.href ?? '', none: no_proxy ?? NO_PROXY ?? '' }
}

/** Without a scheme it is one of HTTP. */
function proxyUrl(text: string): URL | undefined {
  const whole = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined
}
