import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from '../text/file-name.ts'
import { cannotRead } from './fault.ts'
import { FileSlices } from './file-slices.ts'

/** A file of a folder, by its place among the bytes of all. */
export interface FolderPart {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Which files of a folder are one capture, in their order. Undefined: it holds no such capture. */
export type FilesOfFolder = (names: readonly string[]) => readonly string[] | undefined

/** The files of a folder as one input that can seek: their bytes follow one another. */
export class FolderSlices {
  readonly size: number
  readonly parts: readonly FolderPart[]
  private readonly files: readonly FileSlices[]

  /** Throws InputError when one of them cannot be opened. */
  constructor(path: string, names: readonly string[]) {
    const parts: FolderPart[] = []
    const files: FileSlices[] = []
    let end = 0
    try {
      for (const name of names) {
        const file = new FileSlices(openSync(pathOf(join(path, name)), 'r'), join(path, name))
        files.push(file)
        parts.push({ name, start: end, end: end + file.size })
        end += file.size
      }
    } catch (error) {
      for (const { fd } of files) closeSync(fd)
      throw cannotRead(path, error)
    }
    this.parts = parts
    this.files = files
    this.size = end
  }

  /** A copy of the bytes from `start` up to `end`; fewer where a file became shorter. Throws InputError. */
  slice(start: number, end: number): Uint8Array {
    const pieces = this.parts.flatMap((part, index) => {
      const from = Math.max(start, part.start)
      const to = Math.min(end, part.end)
      return from < to ? [this.files[index]?.slice(from - part.start, to - part.start) ?? new Uint8Array(0)] : []
    })
    return pieces.length === 1 ? (pieces[0] ?? new Uint8Array(0)) : Buffer.concat(pieces)
  }

  /** All bytes in their order. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size; at += CHUNK_BYTES) yield this.slice(at, Math.min(this.size, at + CHUNK_BYTES))
  }

  close(): void {
    for (const { fd } of this.files) closeSync(fd)
  }
}

const CHUNK_BYTES = 256 * 1024

/** The capture that a folder is. Undefined: the path is no folder, or `filesOf` knows none in it. */
export function openFolder(path: string, filesOf: FilesOfFolder): FolderSlices | undefined {
  const name = pathOf(path)
  if (statSync(name, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  let names: readonly string[]
  try {
    // Links may lead out of the folder.
    names = readdirSync(name, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
  } catch (error) {
    throw cannotRead(path, error)
  }
  const files = filesOf(names)
  return files === undefined ? undefined : new FolderSlices(path, files)
}
