import { UsageError } from '../errors.ts'

/** Where records go. */
export interface ShipTarget {
  readonly platform: 'es-bulk' | 'loki' | 'hec' | 'otlp' | 'nats'
  /** As the user gave it, without a query: it has no secret in it. */
  readonly name: string
  /** Of the requests; of NATS, the server. */
  readonly url: URL
  /** The subject of NATS. */
  readonly subject: string | undefined
}

const SCHEMES: Readonly<Record<string, ShipTarget['platform']>> = {
  'es+http:': 'es-bulk',
  'es+https:': 'es-bulk',
  'loki+http:': 'loki',
  'loki+https:': 'loki',
  'hec+http:': 'hec',
  'hec+https:': 'hec',
  'otlp+http:': 'otlp',
  'otlp+https:': 'otlp',
  'nats:': 'nats',
}

/** The path of requests, where the URL has none of its own. */
const USUAL_PATHS: Readonly<Record<'loki' | 'hec' | 'otlp', string>> = {
  loki: '/loki/api/v1/push',
  hec: '/services/collector/event',
  otlp: '/v1/logs',
}

/** Reads `es+https://host:9200/index`, `loki+http://host`, `nats://host/subject`. Throws UsageError. */
export function parseTarget(text: string): ShipTarget {
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  const platform = parsed && SCHEMES[parsed.protocol]
  if (parsed === undefined || platform === undefined)
    throw new UsageError(`--to: not the URL of a platform`, `it begins with ${Object.keys(SCHEMES).join('//, ')}//`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new UsageError(
      '--to: a URL with a user or a password in it: everybody who lists processes sees it',
      'give --token-file FILE, or TRACENORM_TOKEN in the environment',
    )
  const name = `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  if (parsed.hostname === '') throw new UsageError(`--to ${name}: it names no host`)
  return { platform, name, ...place(platform, parsed, name) }
}

function place(
  platform: ShipTarget['platform'],
  parsed: URL,
  name: string,
): { readonly url: URL; readonly subject: string | undefined } {
  const path = parsed.pathname.replace(/^\//, '')
  if (platform === 'nats') {
    const subject = decoded(path)
    if (!/^[^\s*>]+$/.test(subject)) throw new UsageError(`--to ${name}: it names no subject`, 'nats://HOST/SUBJECT')
    return { url: new URL(`nats://${parsed.host}`), subject }
  }
  // Names of hosts are judged where a scheme is one of the web's.
  const plain = parsed.href.replace(/^[a-z]+\+/, '')
  if (!URL.canParse(plain)) throw new UsageError(`--to ${name}: it names no host`)
  const url = new URL(plain)
  if (platform === 'es-bulk') {
    if (path === '') throw new UsageError(`--to ${name}: it names no index`, 'es+https://HOST:9200/INDEX')
    url.pathname = `/${path.replace(/\/$/, '')}/_bulk`
  } else if (path === '') url.pathname = USUAL_PATHS[platform]
  return { url, subject: undefined }
}

/** Empty where it is not UTF-8. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
