import { randomBytes } from 'node:crypto'
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsync,
  openSync,
  renameSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import { pathOf } from '../text/file-name.ts'
import { attempt, codeOf } from './fault.ts'

const sync = promisify(fsync)
const LONGEST_NAME = 255

/**
 * A file that is written beside its place and takes it when complete: at any moment the place holds the old bytes or all of the new ones. Nobody can
 * know its name before, and nobody else's file or link is written to.
 */
export class Replacement {
  readonly fd: number
  private readonly name: string
  private readonly path: string
  private readonly partial: string
  private isOpen = true
  private isPartial = true

  /** Throws InputError. `name` is the one that people typed. */
  constructor(name: string, path: string, old: BigIntStats | undefined) {
    this.name = name
    this.path = path
    this.partial = partialOf(path)
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    // A private file's bytes are private from the first on.
    const mode = old === undefined ? 0o666 : Number(old.mode) & 0o600
    this.fd = attempt(name, () => openSync(pathOf(this.partial), O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), mode))
    if (old !== undefined) keepOwnerAndMode(this.fd, old)
  }

  /** What was written is on the disk. */
  async sync(): Promise<void> {
    await sync(this.fd).catch(ignoreUnsupported)
    attempt(this.name, () => this.close())
  }

  takePlace(): void {
    attempt(this.name, () => renameSync(pathOf(this.partial), pathOf(this.path)))
    this.isPartial = false
  }

  /** The new name is on the disk, as far as the file system can. */
  async syncFolder(): Promise<void> {
    try {
      const folder = openSync(pathOf(dirname(this.path)), constants.O_RDONLY)
      await sync(folder).finally(() => closeSync(folder))
    } catch {}
  }

  discard(): void {
    try {
      this.close()
      if (this.isPartial) unlinkSync(pathOf(this.partial))
    } catch {}
    this.isPartial = false
  }

  private close(): void {
    if (this.isOpen) closeSync(this.fd)
    this.isOpen = false
  }
}

function partialOf(path: string): string {
  const suffix = `.partial-${randomBytes(8).toString('hex')}`
  const name = basename(path)
  const isLong = Buffer.byteLength(name) + suffix.length > LONGEST_NAME
  // As typed: to join would take `..` for the folder before it, also behind a link.
  const folder = path.slice(0, path.length - name.length)
  return `${folder}${isLong ? '' : name}${suffix}`
}

/** What cannot be kept gives nobody else a right. */
function keepOwnerAndMode(fd: number, old: BigIntStats): void {
  const isOwnerKept = canOwn(fd, Number(old.uid), Number(old.gid))
  const isGroupKept = isOwnerKept || canOwn(fd, -1, Number(old.gid))
  fchmodSync(fd, Number(old.mode) & (isOwnerKept ? 0o7777 : isGroupKept ? 0o777 : 0o707))
}

function canOwn(fd: number, user: number, group: number): boolean {
  try {
    fchownSync(fd, user, group)
    return true
  } catch {
    return false
  }
}

/** Some file systems have no fsync. */
function ignoreUnsupported(error: unknown): void {
  if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error
}
