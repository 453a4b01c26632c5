// The side files in an archive. They may come after the captures that they are for, so an archive is looked through
// before it is converted.
import { InputError } from '../errors.ts'
import type { OpenedCapture, openCaptures } from '../input/captures.ts'
import { shownName } from '../text/file-name.ts'
import { type LoadedSideFile, MOST_OF_SIDE_FILE, nearestOf, readSideData, sha256Of, sideUseOf } from './side-files.ts'

/** The side files of a member, and why others are not used. */
export interface LoadedChoice {
  readonly used: readonly LoadedSideFile[]
  readonly doubts: readonly string[]
}

/** Beside members of an archive and above them, and then what the whole archive has beside it or above it. */
export class ArchiveSides {
  private readonly folders = new Map<string, LoadedSideFile[]>()
  private readonly outer: LoadedChoice

  constructor(outer: LoadedChoice) {
    this.outer = outer
  }

  /** Looks through the archives of a file. Throws what they throw. */
  async look(entries: ReturnType<typeof openCaptures>): Promise<void> {
    for await (const entry of entries) {
      if (entry.as === 'capture' && entry.bytes.isMember) await this.add(entry)
    }
  }

  /** True where the member is a side file. */
  has(member: string): boolean {
    return this.folders.get(folderOf(member))?.some(({ file }) => file === member) === true
  }

  of(member: string): LoadedChoice {
    const inner: LoadedSideFile[][] = []
    for (let folder = folderOf(member); folder !== ''; folder = folderOf(folder.replace(/[/!]$/, '')))
      inner.push(this.folders.get(folder) ?? [])
    const { used, doubts } = nearestOf([...inner, this.outer.used])
    return { used, doubts: [...doubts, ...this.outer.doubts] }
  }

  private async add({ path, bytes }: OpenedCapture): Promise<void> {
    const use = sideUseOf(path.slice(folderOf(path).length))
    const content = use && (await contentOf(bytes))
    const data = use && content && readSideData(use, content)
    if (use === undefined || content === undefined || data === undefined) return
    const file = { use, path: shownName(path), file: path, sha256: sha256Of(content), data }
    const folder = folderOf(path)
    this.folders.set(folder, [...(this.folders.get(folder) ?? []), file])
  }
}

/** With its last character: `a.tar!b/c.txt` → `a.tar!b/`, `a.tar!b/` without that → `a.tar!`. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1)
}

/** Undefined where it is too long to be a side file, or damaged. */
async function contentOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of bytes) {
      length += chunk.length
      if (length > MOST_OF_SIDE_FILE) return undefined
      chunks.push(Buffer.from(chunk))
    }
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
  return Buffer.concat(chunks)
}
