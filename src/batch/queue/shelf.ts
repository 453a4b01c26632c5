import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStreamDefaultReader } from 'node:stream/web'
import { pathOf } from '../../text/file-name.ts'
import { insist, type ObjectBucket } from './nats.ts'

const SILENCE_MS = 10_000

/** Files on the server, by name. */
export class Shelf {
  private readonly shown: string
  private readonly bucket: ObjectBucket

  constructor(shown: string, bucket: ObjectBucket) {
    this.shown = shown
    this.bucket = bucket
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    await insist(this.shown, () => this.bucket.putBlob({ name }, bytes))
  }

  /** Undefined: there is none of this name. Throws what the client throws where its digest is another one. */
  async get(name: string): Promise<Uint8Array | undefined> {
    return (await insist(this.shown, () => this.bucket.getBlob(name))) ?? undefined
  }

  /** Puts a file there. Throws InputError, and what reading the file throws. */
  async putFile(name: string, path: string): Promise<void> {
    await insist(this.shown, () => this.bucket.put({ name }, Readable.toWeb(createReadStream(pathOf(path)))))
  }

  /** Gives the bytes of a file to `take`, piece by piece. False: there is none of this name, or it is damaged. */
  async read(name: string, take: (bytes: Uint8Array) => Promise<void> | void): Promise<boolean> {
    const found = await insist(this.shown, () => this.bucket.get(name))
    if (found === null) return false
    const reader = found.data.getReader()
    // The client (3.4.0) waits for ever where the server was away in between, and says nothing of the end but the size.
    const silence = setTimeout(() => void reader.cancel().catch(nothing), SILENCE_MS)
    let size = 0
    try {
      for (let bytes = await pieceOf(reader); bytes !== undefined; bytes = await pieceOf(reader)) {
        await take(bytes)
        size += bytes.length
        silence.refresh()
      }
    } finally {
      clearTimeout(silence)
    }
    return size === found.info.size
  }

  async delete(name: string): Promise<void> {
    await insist(this.shown, () => this.bucket.delete(name))
  }

  async has(name: string): Promise<boolean> {
    const info = await insist(this.shown, () => this.bucket.info(name))
    return info !== null && !info.deleted
  }

  async remove(): Promise<void> {
    await insist(this.shown, () => this.bucket.destroy())
  }
}

/** Undefined: there is no more, or the bytes are not those that were put there. */
async function pieceOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value
  } catch {
    return undefined
  }
}

function nothing(): void {}
