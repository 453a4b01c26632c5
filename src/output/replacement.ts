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
import { codeOf } from '../errors.ts'
import { pathOf } from '../text/file-name.ts'
import { attempt } from './fault.ts'

const sync = promisify(fsync)
const LONGEST_NAME = 255

/**
 * A file that is written beside its place and takes it when complete: at any moment the place holds the old bytes or
 * all of the new ones. Its name is random and must be new, so that no other user can put a file or a link in its way.
 */
export class Replacement {
  readonly fd: number
  private readonly name: string
  private readonly path: string
  private readonly partial: string
  private isOpen = true
  private isPartial = true

  /** `name` is the path as the user typed it, for messages. Throws InputError. */
  constructor(name: string, path: string, old: BigIntStats | undefined) {
    this.name = name
    this.path = path
    this.partial = partialOf(path)
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    // The bytes of a private file must be private from the first byte.
    const mode = old === undefined ? 0o666 : Number(old.mode) & 0o600
    this.fd = attempt(name, () => openSync(pathOf(this.partial), O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), mode))
    if (old !== undefined) keepOwnerAndMode(this.fd, old)
  }

  /** Syncs what was written to the disk, and closes the file. */
  async sync(): Promise<void> {
    await sync(this.fd).catch(ignoreUnsupported)
    attempt(this.name, () => this.close())
  }

  takePlace(): void {
    attempt(this.name, () => renameSync(pathOf(this.partial), pathOf(this.path)))
    this.isPartial = false
  }

  /** Syncs the new name to the disk, where the file system can. */
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
  // As typed: `join` would resolve `..` without following a link before it.
  const folder = path.slice(0, path.length - name.length)
  return `${folder}${isLong ? '' : name}${suffix}`
}

/** Where owner or group cannot be kept, the mode gives no other user a right. */
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
