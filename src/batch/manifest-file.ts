import { closeSync, constants, existsSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { validateManifest } from '../event/generated/validate-manifest.ts'
import { attempt } from '../output/fault.ts'
import { Replacement } from '../output/replacement.ts'
import { pathOf } from '../text/file-name.ts'
import { exactPath, type FileEntries, type ManifestEntry, manifestLines } from './manifest.ts'

/** Where the lines of a file are. */
interface FileLines {
  readonly at: number
  readonly bytes: number
}

const CHUNK_BYTES = 2 ** 20
const LINE_END = 10

/**
 * The manifest of a folder of results. Memory holds where the lines of each file are, and not the lines. Lines that are
 * torn, or that break the schema, are as if they were not there: what they were about is done again.
 */
export class ManifestFile {
  private readonly path: string
  private readonly blocks = new Map<string, FileLines>()
  private fd: number
  private size: number

  /** Reads what is there; a file that is missing is made. Throws InputError. */
  constructor(path: string) {
    this.path = path
    this.fd = opened(path)
    const lines = new LineScan(this.fd)
    this.readBlocks(lines)
    this.size = fstatSync(this.fd).size
    // What comes next does not become part of a torn line.
    if (lines.isTorn) this.write('\n')
  }

  /** The files that have lines, by path. */
  paths(): readonly string[] {
    return [...this.blocks.keys()].sort()
  }

  /** What the manifest says of a file. */
  entriesOf(path: string): FileEntries | undefined {
    const block = this.blocks.get(path)
    if (block === undefined) return undefined
    return entriesIn(this.linesOf(block))
  }

  /** Adds the lines of a file. They count instead of earlier ones. Throws InputError. */
  append(entries: FileEntries): void {
    const text = manifestLines(entries)
    this.blocks.set(exactPath(entries[0]), { at: this.size, bytes: Buffer.byteLength(text) })
    this.write(text)
  }

  /**
   * Writes the manifest anew, by replacement: sorted by the path of the file, and without lines that do not count.
   * Throws InputError.
   */
  async sort(): Promise<void> {
    const file = new Replacement(this.path, this.path, fstatSync(this.fd, { bigint: true }))
    try {
      for (const path of this.paths()) {
        const block = this.blocks.get(path)
        if (block !== undefined) writeAll(file.fd, Buffer.from(this.linesOf(block), 'utf8'), this.path)
      }
      await file.sync()
      file.takePlace()
      await file.syncFolder()
    } finally {
      file.discard()
    }
    closeSync(this.fd)
    this.fd = opened(this.path)
    this.blocks.clear()
    this.readBlocks(new LineScan(this.fd))
    this.size = fstatSync(this.fd).size
  }

  /** Syncs the lines to the disk, and closes the file. */
  close(): void {
    try {
      fsyncSync(this.fd)
    } catch {}
    closeSync(this.fd)
  }

  private readBlocks(lines: LineScan): void {
    let open: { readonly path: string; readonly at: number; missing: number } | undefined
    for (const { text, at, end } of lines.all()) {
      const entry = entryIn(text)
      if (entry === undefined) {
        open = undefined
        continue
      }
      // A member's line belongs to the archive before it. Any other line begins anew, also where members are missing.
      if (open !== undefined && open.missing > 0 && exactPath(entry).startsWith(`${open.path}!`)) open.missing--
      else open = { path: exactPath(entry), at, missing: entry.members?.captures ?? 0 }
      if (open.missing === 0) this.blocks.set(open.path, { at: open.at, bytes: end - open.at })
    }
  }

  private linesOf({ at, bytes }: FileLines): string {
    const buffer = Buffer.alloc(bytes)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes; length += read)
      read = readSync(this.fd, buffer, length, bytes - length, at + length)
    return buffer.toString('utf8', 0, length)
  }

  private write(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    writeAll(this.fd, bytes, this.path)
    this.size += bytes.length
  }
}

/** The manifest in a folder of results; undefined: there is none. Throws InputError. */
export function manifestIn(folder: string, name: string): ManifestFile | undefined {
  const path = join(folder, name)
  return existsSync(pathOf(path)) ? new ManifestFile(path) : undefined
}

/** The lines of a file from its beginning. */
class LineScan {
  /** The last line has no end; known when all were read. */
  isTorn = false
  private readonly fd: number

  constructor(fd: number) {
    this.fd = fd
  }

  *all(): Generator<{ readonly text: string; readonly at: number; readonly end: number }> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let rest = Buffer.alloc(0)
    let at = 0
    for (let offset = 0; ; ) {
      const read = readSync(this.fd, chunk, 0, chunk.length, offset)
      if (read === 0) break
      offset += read
      rest = Buffer.concat([rest, chunk.subarray(0, read)])
      let start = 0
      for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END, start)) {
        yield { text: rest.toString('utf8', start, end), at: at + start, end: at + end + 1 }
        start = end + 1
      }
      rest = rest.subarray(start)
      at += start
    }
    this.isTorn = rest.length > 0
  }
}

/** The entries of a file, of their lines. Undefined: a line breaks the schema. */
export function entriesIn(lines: string): FileEntries | undefined {
  const [own, ...members] = lines.split('\n').slice(0, -1).map(entryIn)
  const entries = members.filter((entry) => entry !== undefined)
  return own === undefined || entries.length !== members.length ? undefined : [own, ...entries]
}

function entryIn(line: string): ManifestEntry | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isEntry(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is ManifestEntry {
  return validateManifest(value)
}

function opened(path: string): number {
  return attempt(path, () => openSync(pathOf(path), constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o666))
}

function writeAll(fd: number, bytes: Buffer, path: string): void {
  attempt(path, () => {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
  })
}
