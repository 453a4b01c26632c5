import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { cannotRead } from '../input/fault.ts'
import { Interrupted, type Patience } from '../input/patience.ts'
import { pathOf } from '../text/file-name.ts'
import type { ManifestEntry } from './manifest.ts'

/** What decides whether a file is still the one that was converted. */
export interface FileFacts {
  readonly size: number
  /** Of its bytes as they are on the disk. */
  readonly sha256: string
  readonly identity: FileIdentity
}

/** What changes with the bytes of a file, as a rule. */
export type FileIdentity = Required<Pick<ManifestEntry['times'], 'modified' | 'inode'>>

const CHUNK_BYTES = 2 ** 20

/**
 * Reads a file to its end. It is read again when it is converted: bytes that change meanwhile are found out by the next
 * run, whose SHA-256 is another one. Throws Interrupted.
 */
export async function factsOf(path: string, patience: Patience): Promise<FileFacts | { readonly failure: string }> {
  let fd: number | undefined
  try {
    fd = openSync(pathOf(path), 'r')
    const { size, mtimeNs, dev, ino } = fstatSync(fd, { bigint: true })
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(size < CHUNK_BYTES ? Number(size) + 1 : CHUNK_BYTES)
    let bytes = 0
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      hash.update(chunk.subarray(0, read))
      bytes += read
      await patience.pause()
    }
    return { size: bytes, sha256: hash.digest('hex'), identity: { modified: String(mtimeNs), inode: `${dev}:${ino}` } }
  } catch (error) {
    if (error instanceof Interrupted) throw error
    return { failure: cannotRead(path, error).sentence }
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
