import { randomUUID } from 'node:crypto'
import { openSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Opens a new file in `folder`, to be written and read, that has lost its name already: it is gone when the process
 * is, whatever ends it. Throws what the system throws.
 */
export function openNameless(folder: string): number {
  const name = join(folder, `tracenorm-${randomUUID()}`)
  const fd = openSync(name, 'wx+', 0o600)
  unlinkSync(name)
  return fd
}

/** A path by which this process can open such a file again. */
export function pathOfOpen(fd: number): string {
  return `/dev/fd/${fd}`
}
