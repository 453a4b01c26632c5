import { insist, type ObjectBucket } from './nats.ts'

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

  async has(name: string): Promise<boolean> {
    const info = await insist(this.shown, () => this.bucket.info(name))
    return info !== null && !info.deleted
  }

  async remove(): Promise<void> {
    await insist(this.shown, () => this.bucket.destroy())
  }
}
