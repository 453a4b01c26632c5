import { jobIn, type QueueJob } from './job.ts'
import {
  type Clients,
  type Connection,
  insist,
  isFull,
  isGone,
  isUnanswered,
  type JetStream,
  type Message,
  type StreamConsumer,
  type StreamControl,
} from './nats.ts'
import type { QueuePlace } from './queue.ts'

const NS_PER_MS = 1e6
const CONSUMER = 'workers'
/** A message of the same id is refused for this time. */
const DUPLICATES_MS = 120_000
/** So long a worker waits for a message before it asks again: a request is lost with the server that had it. */
const ASKED_MS = 2000

/** A job that this worker was given. */
export interface GivenJob {
  readonly job: QueueJob
  /** The first delivery of a message is 1. */
  readonly attempt: number
  /** Tells the server, and the coordinator, that it is worked on. */
  working(): void
  /** It has a result. Waits for the server's answer, where there is one. */
  done(): Promise<void>
  /** Not now: it is delivered again when `pauseMs` have passed. */
  again(pauseMs: number): void
}

/** What the server says of the jobs. */
export interface QueueState {
  /** Messages that no worker was given yet. */
  readonly waiting: number
  /** Messages that were given to a worker which has not answered. */
  readonly unanswered: number
  /** Deliveries of all times. */
  readonly delivered: number
  /** Workers that wait for a message, as far as the server knows. */
  readonly asking: number
}

/** The jobs of a queue: a stream that loses a message when it is done, and one consumer for all workers. */
export class JobQueue {
  private readonly place: QueuePlace
  private readonly shown: string
  private readonly clients: Clients
  private readonly connection: Connection
  private readonly stream: JetStream
  private readonly name: string
  private consumer: StreamConsumer | undefined
  private managing: Promise<StreamControl> | undefined

  constructor(clients: Clients, connection: Connection, place: QueuePlace) {
    this.place = place
    this.shown = place.address.shown
    this.name = `tracenorm-${place.address.name}`
    this.clients = clients
    this.connection = connection
    this.stream = clients.jetstream.jetstream(connection)
  }

  /** Makes the stream and its consumer, where they are not there. */
  async make(): Promise<void> {
    const { ackWaitMs, deliveries, mostWaiting } = this.place.leasing
    const manager = await this.manager()
    await insist(this.shown, () =>
      manager.streams.add({
        name: this.name,
        subjects: [this.subject],
        retention: 'workqueue',
        storage: 'file',
        discard: 'new',
        max_msgs: mostWaiting,
        duplicate_window: DUPLICATES_MS * NS_PER_MS,
      }),
    )
    await insist(this.shown, () =>
      manager.consumers.add(this.name, {
        durable_name: CONSUMER,
        ack_policy: 'explicit',
        ack_wait: ackWaitMs * NS_PER_MS,
        max_deliver: deliveries,
        max_ack_pending: -1,
      }),
    )
  }

  async isThere(): Promise<boolean> {
    const manager = await this.manager()
    return unlessGone(async () => {
      await insist(this.shown, () => manager.consumers.info(this.name, CONSUMER))
      return true
    }, false)
  }

  /** Files a job. A message that has the id of an earlier one is not kept. */
  async file(job: QueueJob, messageId: string): Promise<'filed' | 'full'> {
    try {
      await insist(this.shown, () => this.stream.publish(this.subject, JSON.stringify(job), { msgID: messageId }))
      return 'filed'
    } catch (error) {
      if (isFull(error)) return 'full'
      throw error
    }
  }

  /** The next job; 'none' when there was none for a while, 'gone' when the queue is no more. */
  async next(): Promise<GivenJob | 'none' | 'gone'> {
    return unlessGone<GivenJob | 'none' | 'gone'>(async () => {
      this.consumer ??= await insist(this.shown, () => this.stream.consumers.get(this.name, CONSUMER))
      const message = await this.consumer.next({ expires: ASKED_MS }).catch(unlessSilent)
      if (message !== undefined) return message === null ? 'none' : this.deliveryOf(message)
      return (await this.isThere()) ? 'none' : 'gone'
    }, 'gone')
  }

  async state(): Promise<QueueState> {
    const manager = await this.manager()
    const info = await insist(this.shown, () => manager.consumers.info(this.name, CONSUMER))
    return {
      waiting: info.num_pending,
      unanswered: info.num_ack_pending,
      delivered: info.delivered.consumer_seq,
      asking: info.num_waiting,
    }
  }

  /** Calls `sees` with the key of each job that a worker says it works on. */
  watchWork(sees: (key: string) => void): void {
    this.connection.subscribe(this.beats, { callback: (_, message) => sees(message.string()) })
  }

  /** Removes all messages, also those that the server delivers no more. */
  async clear(): Promise<void> {
    const manager = await this.manager()
    await insist(this.shown, () => manager.streams.purge(this.name))
  }

  async remove(): Promise<void> {
    const manager = await this.manager()
    await unlessGone(() => insist(this.shown, () => manager.streams.delete(this.name)), false)
  }

  private get subject(): string {
    return `tracenorm.${this.place.address.name}.job`
  }

  private get beats(): string {
    return `tracenorm.${this.place.address.name}.working`
  }

  private manager(): Promise<StreamControl> {
    this.managing ??= this.clients.jetstream.jetstreamManager(this.connection, { checkAPI: false })
    return this.managing
  }

  private deliveryOf(message: Message): GivenJob | 'none' {
    const job = jobIn(message.string())
    if (job === undefined) {
      message.term('no job of tracenorm')
      return 'none'
    }
    return {
      job,
      attempt: message.info.deliveryCount,
      working: () => {
        message.working()
        this.connection.publish(this.beats, job.key)
      },
      async done() {
        // Without an answer the job may come again. Then its result is there.
        await message.ackAck().catch(() => {})
      },
      again: (pauseMs) => message.nak(pauseMs),
    }
  }
}

/** Undefined: the server says nothing any more, as when it is away or has removed the consumer. */
function unlessSilent(error: unknown): undefined {
  if (!isUnanswered(error)) throw error
}

async function unlessGone<T>(call: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (isGone(error)) return otherwise
    throw error
  }
}
