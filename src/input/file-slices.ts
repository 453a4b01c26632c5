import { fstatSync, readSync } from 'node:fs'
import { cannotRead } from './fault.ts'

/** Any bytes of an open file, by their offsets. */
export class FileSlices {
  /** Bytes, when it was opened. */
  readonly size: number
  private readonly fd: number
  private readonly path: string

  constructor(fd: number, path: string) {
    this.fd = fd
    this.path = path
    this.size = fstatSync(fd).size
  }

  /**
   * A copy of the bytes from `start` up to `end`; fewer where the file ends. Throws InputError when they cannot be
   * read.
   */
  slice(start: number, end: number): Uint8Array {
    try {
      // The file may have grown.
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, fstatSync(this.fd).size) - start))
      let done = 0
      let read = 1
      while (done < bytes.length && read > 0) {
        read = readSync(this.fd, bytes, done, bytes.length - done, start + done)
        done += read
      }
      return bytes.subarray(0, done)
    } catch (error) {
      throw cannotRead(this.path, error)
    }
  }
}
