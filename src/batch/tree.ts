// The inputs of a batch: files, folders, globs and lists, as a sorted list of files.
import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { codeOf, InputError, UsageError } from '../errors.ts'
import type { FilesOfFolder } from '../input/folder.ts'
import { NO_SIDE_FILES, type SideChoice, SideFolders } from '../run/side-files.ts'
import { nameOf, pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import { placeOf, ResultNames } from './places.ts'

/** A file of the tree. It is plain data. */
export interface TreeFile {
  /**
   * As it will be in `capture.path`: the INPUT as given, and what is below it. A byte that is not UTF-8 is a lone
   * surrogate (text/file-name.ts).
   */
  readonly path: string
  /** The folder above which no side file is looked for: the INPUT, or the folder of an INPUT that is a file. */
  readonly root: string
  /** In bytes, when the tree was looked at. */
  readonly size: number
  /** The name of its result below the folder of results, where it is one capture. */
  readonly place: string
  /** The folder of the results of its members, where it is an archive. */
  readonly folder: string
  /** Beside it, or above it. */
  readonly side: SideChoice
  /** Where its bytes are. Absent: at its path. */
  readonly at?: string
  /** Of a folder that is one recording: the names of its files, in the order of their bytes. */
  readonly parts?: readonly string[]
}

/** What is not converted. */
export interface LeftOutFile {
  readonly path: string
  /** `a symbolic link` */
  readonly why: string
  /** It should have been read. */
  readonly hasFailed: boolean
}

export interface Tree {
  /** By path. */
  readonly files: readonly TreeFile[]
  readonly leftOut: readonly LeftOutFile[]
}

/** What a tree is made with. */
export interface TreeWish {
  /** Files, folders and globs, as the user gave them. */
  readonly inputs: readonly string[]
  /** What the run writes: files and folders that are never inputs. */
  readonly outputs: readonly string[]
  /** Names below the folder of results that no result may have. */
  readonly reserved: readonly string[]
  /** Of results: `.ndjson`, `.csv.gz`. */
  readonly ending: string
  readonly usesSideFiles: boolean
  readonly filesOfFolder: FilesOfFolder
}

/**
 * Finds all files of the inputs; each once, also where two inputs have it. Throws InputError for an input that is not
 * there, and UsageError for a folder that is also an output. A folder that cannot be read is left out.
 */
export async function treeOf(wish: TreeWish): Promise<Tree> {
  const { reserved, ending } = wish
  const search = new TreeSearch(wish)
  for (const input of wish.inputs) await search.add(input)
  const found = search.found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const places = new ResultNames(reserved)
  const wanted = found.map((file) => ({ ...file, wanted: placeOf(file.path, ending) }))
  for (const { wanted: place } of wanted) places.enter(place)
  const files = wanted.map(({ wanted: place, ...file }) => ({
    ...file,
    place: places.file(place, ending),
    folder: place,
  }))
  return {
    files: files.map((file) => ({ ...file, folder: places.folder(file.folder) })),
    leftOut: search.leftOut,
  }
}

type FoundFile = Omit<TreeFile, 'place' | 'folder'>

class TreeSearch {
  readonly found: FoundFile[] = []
  readonly leftOut: LeftOutFile[] = []
  private readonly seen = new Set<string>()
  private readonly outputs: ReadonlySet<string>
  private readonly sides: SideFolders | undefined
  private readonly filesOfFolder: FilesOfFolder

  constructor({ outputs, usesSideFiles, filesOfFolder }: TreeWish) {
    this.sides = usesSideFiles ? new SideFolders() : undefined
    this.outputs = new Set(outputs.map((path) => resolve(path)))
    this.filesOfFolder = filesOfFolder
  }

  async add(input: string): Promise<void> {
    const stats = statSync(pathOf(input), { throwIfNoEntry: false })
    if (stats?.isDirectory() === true && this.outputs.has(resolve(input)))
      throw new UsageError(`${shellWord(input)} would be read and written to`, 'write results to another folder')
    if (stats !== undefined) return this.addNamed(input, stats)
    const { glob } = await import('tinyglobby')
    const matches = await glob(input, { dot: true, expandDirectories: false, onlyFiles: false })
    if (matches.length === 0)
      throw new InputError(`${shellWord(input)}: there is no such file, and no file that fits it`, 'name what is there')
    for (const match of matches.toSorted()) this.addNamed(match, lstatSync(pathOf(match)))
  }

  /** A link that the user names is followed. */
  private addNamed(path: string, stats: Stats): void {
    if (stats.isDirectory()) this.walk(path, path)
    else this.take(path, dirname(path), stats)
  }

  private walk(folder: string, root: string): void {
    if (this.outputs.has(resolve(folder))) {
      this.leaveOut(folder, 'a folder that this run writes to')
      return
    }
    const entries = this.entriesOf(folder)
    const parts = this.filesOfFolder(entries.flatMap((entry) => (entry.isFile() ? [nameOf(entry.name)] : [])))
    if (parts !== undefined) this.takeFolder(folder, folder === root ? dirname(root) : root, parts)
    for (const entry of entries) {
      if (parts?.includes(nameOf(entry.name)) === true) continue
      const path = `${folder.endsWith('/') ? folder : `${folder}/`}${nameOf(entry.name)}`
      if (entry.isDirectory()) this.walk(path, root)
      else if (entry.isFile()) this.take(path, root, lstatSync(pathOf(path)))
      else this.leaveOut(path, kindOf(entry))
    }
  }

  private take(path: string, root: string, stats: Stats): void {
    const place = resolve(path)
    if (this.seen.has(place)) return
    this.seen.add(place)
    if (!stats.isFile()) this.leaveOut(path, kindOf(stats))
    else if (this.outputs.has(place)) this.leaveOut(path, 'a file that this run writes')
    else if (this.sides?.has(path) !== true)
      this.found.push({ path, root, size: stats.size, side: this.sides?.of(path, root) ?? NO_SIDE_FILES })
  }

  /** A folder that is one recording. */
  private takeFolder(path: string, root: string, parts: readonly string[]): void {
    const place = resolve(path)
    if (this.seen.has(place)) return
    this.seen.add(place)
    const sizes = parts.map((part) => lstatSync(pathOf(join(path, part))).size)
    const size = sizes.reduce((sum, bytes) => sum + bytes, 0)
    this.found.push({ path, root, size, side: this.sides?.of(path, root) ?? NO_SIDE_FILES, parts })
  }

  private leaveOut(path: string, why: string, hasFailed = false): void {
    this.leftOut.push({ path, why, hasFailed })
  }

  private entriesOf(folder: string): readonly Dirent<Buffer>[] {
    try {
      return readdirSync(pathOf(folder), { encoding: 'buffer', withFileTypes: true })
    } catch (error) {
      this.leaveOut(folder, `a folder that cannot be read: ${codeOf(error)}`, true)
      return []
    }
  }
}

function kindOf(entry: Pick<Stats, 'isSymbolicLink' | 'isFIFO' | 'isSocket'>): string {
  if (entry.isSymbolicLink()) return 'a symbolic link'
  if (entry.isFIFO()) return 'a FIFO'
  return entry.isSocket() ? 'a socket' : 'a device'
}
