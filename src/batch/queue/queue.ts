import { InputError } from '../../errors.ts'
import { JobQueue } from './job-queue.ts'
import { KeyTable } from './key-table.ts'
import type { Leasing } from './leasing.ts'
import { type Clients, type Connection, connectTo, insist, loadClients, type QueueAddress } from './nats.ts'
import { Shelf } from './shelf.ts'

/** A queue on its server: what is to be done, what was asked for, and what came of it. */
export interface Queue {
  /** As messages name it. */
  readonly shown: string
  /** Messages that say what is to be done. */
  readonly jobs: JobQueue
  /** The jobs that were filed, and all of their files, by the hash of their path: a path has one job. */
  readonly filed: KeyTable
  /** What was begun to be filed, and whether it ended; with which options. */
  readonly filings: KeyTable
  /** The manifest lines of a job, by its key. The first that is written stays. */
  readonly results: KeyTable
  /** The settings of the jobs, lines that are too long for a message, and files where no disk is shared. */
  readonly shelf: Shelf
  /** Ends the connection. */
  close(): Promise<void>
  /** Removes all of it from the server. */
  remove(): Promise<void>
}

/** How a command comes to its queue. */
export interface QueuePlace {
  readonly address: QueueAddress
  /** The folder of the package, in or above which the clients of NATS are installed. */
  readonly home: URL
  readonly leasing: Leasing
}

/** Connects to a queue and makes what of it is not there. Throws InputError. */
export async function makeQueue(place: QueuePlace): Promise<Queue> {
  return opened(place, (jobs) => jobs.make())
}

/** Connects to a queue that is there. Throws InputError where it is not. */
export async function findQueue(place: QueuePlace): Promise<Queue> {
  return opened(place, async (jobs) => {
    if (await jobs.isThere()) return
    throw new InputError(`${place.address.shown}: no such queue`, 'file its jobs first, with --enqueue')
  })
}

async function opened(place: QueuePlace, begin: (jobs: JobQueue) => Promise<void>): Promise<Queue> {
  const clients = loadClients(place.home)
  const connection = await connectTo(clients, place.address)
  try {
    const jobs = new JobQueue(clients, connection, place)
    await begin(jobs)
    return await withStores(place, clients, connection, jobs)
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function withStores(
  { address: { shown, name } }: QueuePlace,
  clients: Clients,
  connection: Connection,
  jobs: JobQueue,
): Promise<Queue> {
  const buckets = new clients.kv.Kvm(connection)
  const table = async (what: string): Promise<KeyTable> =>
    new KeyTable(shown, await insist(shown, () => buckets.create(`${bucketOf(name)}-${what}`)))
  const shelves = new clients.obj.Objm(connection)
  const filed = await table('filed')
  const filings = await table('filings')
  const results = await table('results')
  const shelf = new Shelf(shown, await insist(shown, () => shelves.create(`${bucketOf(name)}-objects`)))
  return {
    shown,
    jobs,
    filed,
    filings,
    results,
    shelf,
    close: () => connection.close(),
    async remove() {
      // The jobs last: without them, workers leave, and no new ones come.
      for (const store of [filed, filings, results, shelf, jobs]) await store.remove()
    },
  }
}

/** Begins the names of all stores of a queue. */
function bucketOf(name: string): string {
  return `tracenorm-${name}`
}
