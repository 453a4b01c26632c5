import { InputError } from '../../errors.ts'
import { insist, isTaken, type KeyValue, type KeyValues, type KeyValueUpdates } from './nats.ts'

/** The list of all entries is read so often until it is whole. */
const MOST_TRIES = 10
/** No entry comes for so long: the server was away, and the rest does not come. */
const SILENCE_MS = 5000

/** Texts by key, on the server. */
export class KeyTable {
  private readonly shown: string
  private readonly bucket: KeyValues

  constructor(shown: string, bucket: KeyValues) {
    this.shown = shown
    this.bucket = bucket
  }

  async get(key: string): Promise<string | undefined> {
    const entry = await insist(this.shown, () => this.bucket.get(key))
    return entry?.operation === 'PUT' ? entry.string() : undefined
  }

  async put(key: string, text: string): Promise<void> {
    await insist(this.shown, () => this.bucket.put(key, text))
  }

  /** Writes what is not there yet. What is there stays. */
  async add(key: string, text: string): Promise<void> {
    try {
      await insist(this.shown, () => this.bucket.create(key, text))
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }

  async delete(key: string): Promise<void> {
    await insist(this.shown, () => this.bucket.delete(key))
  }

  /** While the result stays, nothing was written. */
  async changes(): Promise<{ readonly made: number; readonly keys: number }> {
    const { streamInfo, values } = await insist(this.shown, () => this.bucket.status())
    return { made: streamInfo.state.last_seq, keys: values }
  }

  /** All keys with their texts, at least those that were there when it was called. Throws InputError. */
  async entries(): Promise<ReadonlyMap<string, string>> {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const { keys } = await this.changes()
      const entries = keys === 0 ? [] : await listOf(await insist(this.shown, () => this.bucket.history()))
      // A server that goes away meanwhile ends what it sends as if it were whole.
      if (entries.length >= keys) return textsOf(entries)
    }
    throw new InputError(`${this.shown}: the server gives fewer entries than it has`, 'run it again to go on')
  }

  /** What was written from this change on, or some of it. */
  async since(change: number): Promise<ReadonlyMap<string, string>> {
    const updates = await insist(this.shown, () => this.bucket.watch({ resumeFromRevision: change }))
    return textsOf(await listOf(updates))
  }

  async remove(): Promise<void> {
    await insist(this.shown, () => this.bucket.destroy())
  }
}

/** All entries up to the one after which none is left, or up to a silence. */
async function listOf(updates: KeyValueUpdates): Promise<readonly KeyValue[]> {
  const entries: KeyValue[] = []
  const silence = setTimeout(() => updates.stop(), SILENCE_MS)
  for await (const entry of updates) {
    entries.push(entry)
    if (entry.delta === 0) break
    silence.refresh()
  }
  clearTimeout(silence)
  updates.stop()
  return entries
}

function textsOf(entries: readonly KeyValue[]): ReadonlyMap<string, string> {
  return new Map(entries.flatMap((entry) => (entry.operation === 'PUT' ? [[entry.key, entry.string()]] : [])))
}
