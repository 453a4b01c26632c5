import { type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { codeOf } from '../errors.ts'
import type { PlatformAnswer } from './answer.ts'
import { retryAfterMs } from './retry.ts'
import type { Timing } from './timing.ts'

/** How a platform is reached. */
export interface HttpOptions {
  /** PEM of authorities that are trusted instead of those of Node. */
  readonly ca: string | undefined
  readonly proxy: HttpProxy
  /** With the name of each header in small letters. */
  readonly headers: Readonly<Record<string, string>>
  /** Taken out of whatever a platform says: it may repeat what it was sent. */
  readonly secret: string | undefined
  /** An answer that is not whole after this time is not waited for. */
  readonly timeoutMs: number
}

export interface HttpProxy {
  /** Empty: none. */
  readonly url: string
  /** Hosts that are reached without a proxy, as curl takes them in NO_PROXY. */
  readonly none: string
}

/** What came of a request. */
export type Exchanged =
  | { readonly got: 'answer'; readonly answer: PlatformAnswer }
  /** The platform may have taken it. */
  | { readonly got: 'nothing'; readonly why: string }
  /** It would be so each time. */
  | { readonly got: 'stop'; readonly why: string }

/** Longer answers are not read. That to a bulk request has some 200 bytes a record. */
const LONGEST_ANSWER = 64 * 1024 * 1024

/** Faults of certificates: another attempt meets them again. */
const TLS_FAULT = /^(?:ERR_TLS_CERT_ALTNAME_INVALID|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_)/

/** Posts bodies to a platform over connections that stay open. */
export class HttpPoster {
  private readonly options: HttpOptions
  private readonly timing: Timing
  private readonly agent: EnvHttpProxyAgent
  private readonly secrets: readonly string[]

  constructor(options: HttpOptions, timing: Timing) {
    this.options = options
    this.timing = timing
    this.secrets = options.secret === undefined ? [] : partsOf(options.secret)
    const { ca, proxy, timeoutMs } = options
    const connect = { timeout: timeoutMs, ...(ca !== undefined && { ca }) }
    this.agent = new EnvHttpProxyAgent({
      connect,
      ...(ca !== undefined && { requestTls: { ca }, proxyTls: { ca } }),
      httpProxy: proxy.url,
      httpsProxy: proxy.url,
      noProxy: proxy.none,
      maxResponseSize: LONGEST_ANSWER,
      // Requests have a time limit of their own, which covers the body of the answer, too.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** Posts a body and reads the answer. `end` calls it off. It throws nothing: what goes wrong is the result. */
  async post(url: URL, body: Buffer, headers: Readonly<Record<string, string>>, end: AbortSignal): Promise<Exchanged> {
    const { timing, options } = this
    const call = new AbortController()
    const abort = (): void => call.abort()
    const callOff = timing.after(options.timeoutMs, abort)
    end.addEventListener('abort', abort)
    if (end.aborted) abort()
    try {
      const answer = await this.exchange({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { ...options.headers, ...headers },
        body,
        signal: call.signal,
      })
      return { got: 'answer', answer }
    } catch (error) {
      if (call.signal.aborted && !end.aborted) return { got: 'nothing', why: `no answer in ${options.timeoutMs} ms` }
      return faultOf(error)
    } finally {
      callOff()
      end.removeEventListener('abort', abort)
    }
  }

  async close(): Promise<void> {
    const closed = new Error('closed')
    // Streams look at the stack of their error, and a stack of bundled code has its source maps read: 0.3 s, 20 MB.
    closed.stack = closed.message
    await this.agent.destroy(closed)
  }

  private async exchange(request: Dispatcher.RequestOptions): Promise<PlatformAnswer> {
    const { statusCode, headers, body } = await this.agent.request(request)
    const after = headers['retry-after']
    const waitMs = typeof after === 'string' ? retryAfterMs(after, this.timing.nowMs()) : undefined
    return { status: statusCode, waitMs, text: this.withoutSecret(await body.text()) }
  }

  private withoutSecret(text: string): string {
    return this.secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text)
  }
}

/** A secret, what follows its scheme, and the password that this encodes: the longest first. */
function partsOf(secret: string): readonly string[] {
  const [, scheme, rest = ''] = /^(\S+) +(\S.*)$/.exec(secret) ?? []
  const basic = scheme === 'Basic' ? Buffer.from(rest, 'base64').toString('utf8') : ''
  return [secret, rest, basic, basic.slice(basic.indexOf(':') + 1)].filter((part) => part !== '')
}

function faultOf(error: unknown): Exchanged {
  const code = codeOf(error) ?? (error instanceof Error ? error.name : '')
  const why = error instanceof Error && error.message !== '' ? error.message : code
  return { got: TLS_FAULT.test(code) ? 'stop' : 'nothing', why }
}
