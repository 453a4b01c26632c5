import { fstatSync, readSync } from 'node:fs'
import { cannotRead } from './fault.ts'

/** Any bytes of an open file, by their offsets. */
export class FileSlices {
  /** Bytes, when it was opened. */
  readonly size: number
  /** All threads of the process share it. */
  readonly fd: number
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
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, this.currentSize) - start))
    return bytes.subarray(0, this.read(bytes, start))
  }

  /** Fills `bytes` from `start` of the file on. Gives how many came: fewer where the file ends. Throws InputError. */
  read(bytes: Uint8Array, start: number): number {
    try {
      let done = 0
      let came = 1
      while (done < bytes.length && came > 0) {
        came = readSync(this.fd, bytes, done, bytes.length - done, start + done)
        done += came
      }
      return done
    } catch (error) {
      throw cannotRead(this.path, error)
    }
  }

  /** The file may have grown. */
  private get currentSize(): number {
    try {
      return fstatSync(this.fd).size
    } catch (error) {
      throw cannotRead(this.path, error)
    }
  }
}
