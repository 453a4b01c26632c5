import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { attempt } from '../output/fault.ts'
import { type OpenOutput, openOutput } from '../output/open.ts'
import { pathOf } from '../text/file-name.ts'

/** A result while it is written: beside its place, until it is kept. */
export interface OpenResult {
  readonly output: OpenOutput
  /** Waits until all is written, synced, and has its name. Throws InputError. */
  keep(): Promise<WrittenFile>
  discard(): void
}

export interface WrittenFile {
  readonly bytes: number
  readonly sha256: string
}

/**
 * Opens a result at a place below a folder, and makes the folders above it. `zstd`: the file of that program. Throws
 * InputError.
 */
export async function openResult(folder: string, place: string, zstd: string | undefined): Promise<OpenResult> {
  const path = join(folder, place)
  makeFolder(dirname(path))
  const hash = createHash('sha256')
  let bytes = 0
  const tap = (block: Buffer): void => {
    hash.update(block)
    bytes += block.length
  }
  const output = await openOutput(
    { kind: 'replaced', name: path, path, old: undefined, identity: undefined },
    { tap, zstd },
  )
  return {
    output,
    async keep() {
      await output.end()
      await output.sync()
      output.keep()
      await output.settle()
      return { bytes, sha256: hash.digest('hex') }
    },
    discard: () => output.discard(),
  }
}

/** With its name synced to the disk: the results in it are of no use without it. */
function makeFolder(path: string): void {
  if (existsSync(pathOf(path))) return
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  attempt(path, () => mkdirSync(pathOf(path), { recursive: true }))
  syncFolder(above)
}

function syncFolder(path: string): void {
  try {
    const fd = openSync(pathOf(path), 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch {}
}
