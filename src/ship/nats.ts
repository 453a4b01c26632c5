import { loadOptional } from '../packages/optional.ts'
import type { Fate } from './answer.ts'
import type { Carried, Carrier, Letter } from './letter.ts'

/** What is called of the clients of NATS (3.4). They are optional packages: nothing of them is imported. */
export interface NatsClients {
  readonly transport: {
    connect(options: Readonly<Record<string, unknown>>): Promise<NatsLink>
    tokenAuthenticator(token: string): unknown
    usernamePasswordAuthenticator(user: string, password: string): unknown
    credsAuthenticator(creds: Uint8Array): unknown
  }
  readonly jetstream: { jetstream(link: NatsLink): NatsPublisher }
}

interface NatsLink {
  isClosed(): boolean
  close(): Promise<void>
}

interface NatsPublisher {
  publish(
    subject: string,
    payload: Uint8Array,
    options: { readonly msgID?: string; readonly timeout: number },
  ): Promise<unknown>
}

/** Loads the clients from where this package finds them. Throws InputError where they are not installed. */
export function loadNatsClients(home: URL): NatsClients {
  return loadOptional<NatsClients>(
    home,
    (bring) => ({ transport: bring('@nats-io/transport-node'), jetstream: bring('@nats-io/jetstream') }),
    '--to nats://: the client of NATS is not installed',
    '@nats-io/transport-node@3 @nats-io/jetstream@3',
  )
}

export interface NatsOptions {
  /** `nats://HOST:PORT` */
  readonly server: string
  readonly subject: string
  readonly secret: string | undefined
  readonly timeoutMs: number
}

/**
 * Publishes each record to a subject of JetStream's. The server acknowledges each one, and leaves out what has a
 * `Nats-Msg-Id` that it knows.
 */
export class NatsCarrier implements Carrier {
  private readonly clients: NatsClients
  private readonly options: NatsOptions
  private link: NatsLink | undefined
  private publisher: NatsPublisher | undefined

  constructor(clients: NatsClients, options: NatsOptions) {
    this.clients = clients
    this.options = options
  }

  async carry(letters: readonly Letter[], end: AbortSignal): Promise<Carried> {
    let publisher: NatsPublisher
    try {
      publisher = await this.connected()
    } catch (error) {
      return { verdict: this.withoutServer(error) }
    }
    // Without a connection each publication ends at once.
    const hangUp = (): unknown => this.link?.close()
    end.addEventListener('abort', hangUp)
    const fates = await Promise.all(letters.map((letter) => this.publish(publisher, letter)))
    end.removeEventListener('abort', hangUp)
    if (this.link?.isClosed() === true) this.publisher = undefined
    return { verdict: { of: 'each', fates } }
  }

  async close(): Promise<void> {
    await this.link?.close()
  }

  private async connected(): Promise<NatsPublisher> {
    if (this.publisher !== undefined) return this.publisher
    const { server, secret, timeoutMs } = this.options
    const { transport, jetstream } = this.clients
    this.link = await transport.connect({
      servers: server,
      timeout: timeoutMs,
      // Couriers try again, and know how long.
      reconnect: false,
      ...(secret !== undefined && { authenticator: authenticatorOf(secret, this.clients) }),
    })
    this.publisher = jetstream.jetstream(this.link)
    return this.publisher
  }

  private async publish(publisher: NatsPublisher, { line, id }: Letter): Promise<Fate> {
    const { subject, timeoutMs } = this.options
    const options = { timeout: timeoutMs, ...(id !== undefined && { msgID: id }) }
    try {
      await publisher.publish(subject, Buffer.from(line, 'latin1'), options)
      return { is: 'acknowledged' }
    } catch (error) {
      return fateOf(error)
    }
  }

  private withoutServer(error: unknown): Carried['verdict'] {
    const name = error instanceof Error ? error.name : ''
    const why = sayingOf(error)
    if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError') return { of: 'stop', why }
    return { of: 'all', fate: { is: 'again', why } }
  }
}

/** The name of a user and a password, the text of a credentials file, or a token. */
function authenticatorOf(secret: string, { transport }: NatsClients): unknown {
  if (secret.includes('BEGIN NATS USER JWT')) return transport.credsAuthenticator(Buffer.from(secret, 'utf8'))
  const [, basic] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(secret) ?? []
  if (basic === undefined) return transport.tokenAuthenticator(secret)
  const text = Buffer.from(basic, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return transport.usernamePasswordAuthenticator(text.slice(0, colon), text.slice(colon + 1))
}

/** An answer of JetStream has the status of its error: from 500 on the server may do it later. */
function fateOf(error: unknown): Fate {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { is: 'refused', refusal: { status, reason: sayingOf(error) } }
  return { is: 'again', why: sayingOf(error) }
}

function sayingOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}
