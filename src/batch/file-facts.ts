import { createHash, type Hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { cannotRead } from '../input/fault.ts'
import { Interrupted, type Patience } from '../input/patience.ts'
import { pathOf } from '../text/file-name.ts'
import type { ManifestEntry } from './manifest.ts'
import type { TreeFile } from './tree.ts'

/** What decides whether a file is still the one that was converted. */
export interface FileFacts {
  readonly size: number
  /** Of its bytes as they are on the disk; of a folder that is one recording, those of its files, one after another. */
  readonly sha256: string
  readonly identity: FileIdentity
}

/** What changes with the bytes of a file, as a rule. A folder has none: its own times are not those of its files. */
export type FileIdentity = Pick<ManifestEntry['times'], 'modified' | 'inode'>

const CHUNK_BYTES = 2 ** 20

/**
 * Reads a file to its end. It is read again when it is converted: bytes that change meanwhile are found out by the next
 * run, whose SHA-256 is another one. Throws Interrupted.
 */
export async function factsOf(
  { path, at = path, parts }: Pick<TreeFile, 'path' | 'at' | 'parts'>,
  patience: Patience,
): Promise<FileFacts | { readonly failure: string }> {
  const hash = createHash('sha256')
  try {
    const files = []
    for (const file of parts?.map((part) => join(at, part)) ?? [at]) files.push(await readFile(file, hash, patience))
    const [only] = files
    const identity = parts === undefined && only !== undefined ? only.identity : {}
    return { size: files.reduce((sum, { bytes }) => sum + bytes, 0), sha256: hash.digest('hex'), identity }
  } catch (error) {
    if (error instanceof Interrupted) throw error
    return { failure: cannotRead(path, error).sentence }
  }
}

async function readFile(
  path: string,
  hash: Hash,
  patience: Patience,
): Promise<{ readonly bytes: number; readonly identity: FileIdentity }> {
  const fd = openSync(pathOf(path), 'r')
  try {
    const { size, mtimeNs, dev, ino } = fstatSync(fd, { bigint: true })
    const chunk = Buffer.allocUnsafe(size < CHUNK_BYTES ? Number(size) + 1 : CHUNK_BYTES)
    let bytes = 0
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      hash.update(chunk.subarray(0, read))
      bytes += read
      await patience.pause()
    }
    return { bytes, identity: { modified: String(mtimeNs), inode: `${dev}:${ino}` } }
  } finally {
    closeSync(fd)
  }
}
