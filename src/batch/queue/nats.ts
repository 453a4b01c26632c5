// The clients of NATS: optional packages, which only `batch --queue` loads. The one file that knows them by name.
import { setTimeout } from 'node:timers/promises'
import type * as jetstream from '@nats-io/jetstream'
import type * as kv from '@nats-io/kv'
import type * as obj from '@nats-io/obj'
import type * as transport from '@nats-io/transport-node'
import { InputError, sentenceOf, UsageError } from '../../errors.ts'
import { loadOptional } from '../../packages/optional.ts'

/** What is called of the clients (3.4). */
export interface Clients {
  readonly transport: typeof transport
  readonly jetstream: typeof jetstream
  readonly kv: typeof kv
  readonly obj: typeof obj
}

export type Connection = transport.NatsConnection
export type JetStream = jetstream.JetStreamClient
export type StreamControl = jetstream.JetStreamManager
export type StreamConsumer = jetstream.Consumer
export type Message = jetstream.JsMsg
export type KeyValues = kv.KV
export type KeyValue = kv.KvEntry
export type KeyValueUpdates = Awaited<ReturnType<KeyValues['watch']>>
export type ObjectBucket = obj.ObjectStore

const PACKAGES = ['transport-node', 'jetstream', 'kv', 'obj'].map((name) => `@nats-io/${name}`)

/** JetStream's numbers of errors (nats-server 2.9, server/errors.json). */
const WRONG_LAST_SEQUENCE = 10071
const NO_CONSUMER = 10014
const NO_STREAM = 10059
/** Also where a stream has as many messages as it may have. */
const STORE_FAILED = 10077

/** A call is made so often before the server counts as gone. Each waits 5 s for its answer. */
const MOST_TRIES = 60
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000

/**
 * Loads the clients from where the package in the folder `home` would find them. Throws InputError where they are not
 * installed.
 */
export function loadClients(home: URL): Clients {
  return loadOptional<Clients>(
    home,
    (bring) => ({
      transport: bring('@nats-io/transport-node'),
      jetstream: bring('@nats-io/jetstream'),
      kv: bring('@nats-io/kv'),
      obj: bring('@nats-io/obj'),
    }),
    '--queue needs the client of NATS, which is not installed',
    PACKAGES.map((name) => `${name}@3`).join(' '),
  )
}

/** Where a queue is. */
export interface QueueAddress {
  /** `nats://HOST:PORT`, with the user's name and password where the address has them. */
  readonly server: string
  /** As messages name it: without the password. */
  readonly shown: string
  readonly name: string
}

/** Reads `nats://HOST/NAME`. Throws UsageError. */
export function addressOf(text: string): QueueAddress {
  const [, scheme = '', user = '', host = '', name = ''] =
    /^(nats|tls):\/\/([^/@]*@)?([^/@]+)\/([A-Za-z0-9_-]{1,64})$/.exec(text) ?? []
  if (name === '') {
    throw new UsageError(
      `--queue ${text}: no address of a queue`,
      'it is nats://HOST/NAME or nats://HOST:PORT/NAME; a name has letters, digits, _ and -, at most 64',
    )
  }
  return { server: `${scheme}://${user}${host}`, shown: `${scheme}://${host}/${name}`, name }
}

/** Connects, and connects again whenever the server was away. Throws InputError where it cannot at first. */
export async function connectTo({ transport }: Clients, { server, shown }: QueueAddress): Promise<Connection> {
  try {
    return await transport.connect({
      servers: server,
      ...credentialsIn(server),
      name: 'tracenorm',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      noAsyncTraces: true,
    })
  } catch (error) {
    throw new InputError(`${shown}: cannot connect: ${sentenceOf(error)}`, 'is nats-server running there?')
  }
}

function credentialsIn(server: string): { readonly user?: string; readonly pass?: string } {
  const { username, password } = new URL(server)
  return username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
}

/**
 * Calls until the server answers: it may be away, or begin again. What is called must do no harm when it is done twice,
 * as an answer may be lost. Throws the error that is an answer, and InputError when the server stays away.
 */
export async function insist<T>(shown: string, call: () => Promise<T>): Promise<T> {
  let pause = FIRST_PAUSE_MS
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (!isPassing(error)) throw error
      if (tries === MOST_TRIES) {
        throw new InputError(`${shown}: no answer to ${tries} calls: ${sentenceOf(error)}`, 'run it again to go on')
      }
    }
    await setTimeout(pause)
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  }
}

/** Somebody else wrote this key first. */
export function isTaken(error: unknown): boolean {
  return answerOf(error)?.code === WRONG_LAST_SEQUENCE
}

/** The stream takes no more messages for now. */
export function isFull(error: unknown): boolean {
  return answerOf(error)?.code === STORE_FAILED && sentenceOf(error).startsWith('maximum messages')
}

/** The stream or the consumer does not exist. */
export function isGone(error: unknown): boolean {
  const code = answerOf(error)?.code
  return code === NO_STREAM || code === NO_CONSUMER
}

/** An answer of JetStream's. The class that the clients have for it is not loaded where it is not needed. */
interface ErrorAnswer {
  readonly code: number
  /** As of HTTP: from 500 on the server may do it later. */
  readonly status: number
}

function answerOf(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('status' in error)) return undefined
  const { code, status } = error
  return typeof code === 'number' && typeof status === 'number' ? { code, status } : undefined
}

/** Names of errors of a call to which no answer came. */
const UNANSWERED: ReadonlySet<string> = new Set([
  'TimeoutError',
  'RequestError',
  'NoResponders',
  'ConnectionError',
  'JetStreamNotEnabled',
  // Heartbeats were missed.
  'JetStreamError',
  // The server shuts down.
  'JetStreamStatusError',
])

/** No answer came. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && UNANSWERED.has(error.name)
}

function isPassing(error: unknown): boolean {
  if (isFull(error)) return false
  const answer = answerOf(error)
  return answer === undefined ? isUnanswered(error) : answer.status >= 500
}
