// Files beside a capture that say more of it: by one rule, which docs/batch.md has, too.
import { createHash } from 'node:crypto'
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Adapter } from '../contract.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import { readReasons } from '../kernel/reasons/read.ts'
import { readSnapshot } from '../kernel/snapshot.ts'
import { nameOf, pathOf, shownName } from '../text/file-name.ts'
import { inputName } from '../text/printable.ts'
import type { GivenReasons, Plan } from './plan.ts'

/** What a side file is used for: as `--program`, `--reasons` or `--snapshot`. */
type SideUse = 'program' | 'reasons' | 'snapshot'

/** A side file. It is plain data, and does not hold the file's bytes. */
export interface SideFile {
  readonly use: SideUse
  /** As records would have it. */
  readonly path: string
  /** Its path with the bytes that are not UTF-8, as text/file-name.ts has them. */
  readonly file: string
  readonly sha256: string
}

/** What a side file says. */
export type SideData =
  | { readonly use: 'program'; readonly text: string }
  | { readonly use: 'reasons'; readonly reasons: GivenReasons }
  | { readonly use: 'snapshot'; readonly snapshot: Snapshot }

/** The side files of a capture. */
export interface SideChoice {
  readonly used: readonly SideFile[]
  /** Sentences: several files could be meant, so none is used. */
  readonly doubts: readonly string[]
}

export const NO_SIDE_FILES: SideChoice = { used: [], doubts: [] }

/** No side file is longer: tables of all drop reasons, which a snapshot has, are some 10 KiB. */
export const MOST_OF_SIDE_FILE = 2 ** 20

/** What a file of this name may be used for; its content decides. */
export function sideUseOf(name: string): SideUse | undefined {
  if (name.endsWith('.bt')) return 'program'
  if (name === 'format' || name.endsWith('.format')) return 'reasons'
  return name === 'snapshot.json' || name.endsWith('.snapshot.json') ? 'snapshot' : undefined
}

/** What a side file says; undefined where it only has the name of one. */
export function readSideData(use: SideUse, bytes: Buffer): SideData | undefined {
  switch (use) {
    case 'program':
      return { use, text: bytes.toString('latin1') }
    case 'reasons': {
      const read = readReasons(bytes)
      return 'refused' in read || read.by !== 'format'
        ? undefined
        : { use, reasons: { table: read.table, by: read.by } }
    }
    case 'snapshot': {
      const read = readSnapshot(bytes.toString('utf8'))
      return 'refused' in read ? undefined : { use, snapshot: read.snapshot }
    }
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Of each use, the file in the nearest folder that has one; where a folder has two, none is used. `folders`: from the
 * nearest on, what they have.
 */
export function nearestOf<T extends SideFile>(
  folders: readonly (readonly T[])[],
): { readonly used: readonly T[]; readonly doubts: readonly string[] } {
  const used: T[] = []
  const doubts: string[] = []
  for (const use of ['program', 'reasons', 'snapshot'] as const) {
    const candidates = folders
      .map((files) => files.filter((file) => file.use === use))
      .find((found) => found.length > 0)
    const [only, other] = candidates ?? []
    if (only !== undefined && other === undefined) used.push(only)
    else if (only !== undefined && other !== undefined)
      doubts.push(`${inputName(only.path)} and ${inputName(other.path)} could both be the ${WORDS[use]}: none is used`)
  }
  return { used, doubts }
}

const WORDS: Readonly<Record<SideUse, string>> = {
  program: 'program',
  reasons: 'table of drop reasons',
  snapshot: 'snapshot',
}

/** The side files in folders of a tree. Each folder is looked at once. */
export class SideFolders {
  private readonly folders = new Map<string, readonly SideFile[]>()

  /** Of a capture; `root` is the uppermost folder that is looked at. */
  of(path: string, root: string): SideChoice {
    const folders: (readonly SideFile[])[] = []
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      folders.push(this.in(folder))
      if (folder === root || folder.length <= root.length || folder === dirname(folder)) break
    }
    return nearestOf(folders)
  }

  /** True where the file is one. */
  has(path: string): boolean {
    return sideUseOf(path.slice(path.lastIndexOf('/') + 1)) !== undefined && this.in(dirname(path)).some(named(path))
  }

  private in(folder: string): readonly SideFile[] {
    let files = this.folders.get(folder)
    if (files === undefined) {
      files = sideFilesIn(folder)
      this.folders.set(folder, files)
    }
    return files
  }
}

function named(path: string): (side: SideFile) => boolean {
  const normal = join(path)
  return ({ file }) => file === normal
}

function sideFilesIn(folder: string): readonly SideFile[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = nameOf(entry.name)
    const use = sideUseOf(name)
    if (use === undefined || !entry.isFile()) return []
    const path = join(folder, name)
    const bytes = bytesOf(path)
    if (bytes === undefined || readSideData(use, bytes) === undefined) return []
    return [{ use, path: shownName(path), file: path, sha256: sha256Of(bytes) }]
  })
}

function entriesOf(folder: string): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(pathOf(folder), { encoding: 'buffer', withFileTypes: true })
  } catch {
    return []
  }
}

/** Undefined where it cannot be read, or is too long to be a side file. */
function bytesOf(path: string): Buffer | undefined {
  try {
    const name = pathOf(path)
    return statSync(name).size > MOST_OF_SIDE_FILE ? undefined : readFileSync(name)
  } catch {
    return undefined
  }
}

/** A side file with what it says. */
export interface LoadedSideFile extends SideFile {
  readonly data: SideData
}

/** What a side file of a tree says now; undefined where it says nothing any more. */
export function loadSideFile({ use, path, file }: SideFile): LoadedSideFile | undefined {
  const bytes = bytesOf(file)
  const data = bytes && readSideData(use, bytes)
  return bytes && data && { use, path, file, sha256: sha256Of(bytes), data }
}

/** The plan of a run that was given these files. What the user gave is preferred. */
export function withSideData(plan: Plan, adapters: readonly Adapter[], data: readonly SideData[]): Plan {
  return data.reduce((before, one) => withOne(before, adapters, one), plan)
}

function withOne(plan: Plan, adapters: readonly Adapter[], data: SideData): Plan {
  const { given } = plan
  switch (data.use) {
    case 'program': {
      const flag = adapters.flatMap(({ flags }) => flags).find(({ auto }) => auto === '.bt')
      const name = flag?.gives
      if (name === undefined || name in given.flags || name in given.beside) return plan
      const others = [plan.from?.adapter, plan.implied].filter((reader) => reader !== undefined)
      if (others.some((reader) => reader !== flag?.implies)) return plan
      return { ...plan, implied: flag?.implies, given: { ...given, flags: { ...given.flags, [name]: data.text } } }
    }
    case 'reasons':
      if (given.reasons !== undefined || given.snapshot?.snapshot.reasons !== undefined) return plan
      return { ...plan, given: { ...given, reasons: data.reasons } }
    case 'snapshot':
      if (given.snapshot !== undefined) return plan
      return { ...plan, given: { ...given, snapshot: { snapshot: data.snapshot, isSelf: false } } }
  }
}
