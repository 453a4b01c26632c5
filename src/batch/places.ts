// Where results are: the path of a capture, below the folder of results.
import { createHash } from 'node:crypto'
import { nameOf, pathOf } from '../text/file-name.ts'

/** The most that Linux takes for a name, less what a file has at its end while it is written, and a number. */
const LONGEST_NAME = 255 - '.partial-0123456789abcdef'.length - '~1000000'.length
/** Linux takes 4,096 for a path, the folder of results included. */
const LONGEST_PATH = 3000
/** For `..`, which would lead out of the folder of results. */
const UP = '__'

/**
 * The names of results, each given once. A file and a folder cannot have one name, and neither can two files: the
 * later one gets a number, `drops~2.ndjson`.
 */
export class ResultNames {
  private readonly files = new Set<string>()
  private readonly folders = new Set<string>()

  /** `reserved`: files that are no results. */
  constructor(reserved: Iterable<string> = []) {
    for (const file of reserved) this.files.add(file)
  }

  /** A place for a file; `ending` comes after its number. */
  file(place: string, ending: string): string {
    for (let number = 1; ; number++) {
      const name = `${numbered(place, number)}${ending}`
      if (this.files.has(name) || this.folders.has(name) || this.isBelowFile(name)) continue
      this.files.add(name)
      this.enter(name)
      return name
    }
  }

  /** A place for a folder of its own. */
  folder(place: string): string {
    for (let number = 1; ; number++) {
      const name = numbered(place, number)
      if (this.files.has(name) || this.folders.has(name) || this.isBelowFile(name)) continue
      this.folders.add(name)
      this.enter(name)
      return name
    }
  }

  /** Folders that are there before any file gets a name. */
  enter(place: string): void {
    for (const above of foldersAbove(place)) this.folders.add(above)
  }

  private isBelowFile(place: string): boolean {
    return foldersAbove(place).some((above) => this.files.has(above))
  }
}

function numbered(place: string, number: number): string {
  return number === 1 ? place : `${place}~${number}`
}

function foldersAbove(place: string): readonly string[] {
  const folders: string[] = []
  for (let slash = place.indexOf('/'); slash >= 0; slash = place.indexOf('/', slash + 1))
    folders.push(place.slice(0, slash))
  return folders
}

/**
 * The path of a capture as a path below a folder: `/data/../a//b.txt` → `data/__/a/b.txt`. Names that would be too
 * long with `ending` are cut, and get a piece of their SHA-256.
 */
export function placeOf(path: string, ending: string): string {
  const words = path.split('/').filter((word) => word !== '' && word !== '.')
  const names = words.map((word) =>
    word === '..' ? UP : fitting(word.replaceAll('\0', '_'), LONGEST_NAME - ending.length),
  )
  const place = names.length === 0 ? UP : names.join('/')
  return bytesOf(place) > LONGEST_PATH ? `__long/${digest(path)}` : place
}

/** The same of a member of an archive, in the folder of the archive's results. */
export function placeWithin(folder: string, member: string, ending: string): string {
  const place = `${folder}/${placeOf(member, ending)}`
  return bytesOf(place) > LONGEST_PATH + LONGEST_NAME ? `${folder}/__long/${digest(member)}` : place
}

function fitting(name: string, most: number): string {
  if (bytesOf(name) <= most) return name
  const mark = `~${digest(name).slice(0, 16)}`
  const bytes = Buffer.from(pathOf(name)).subarray(0, most - mark.length)
  // A character that was cut in two is left out.
  return `${nameOf(bytes).replace(/[\udc80-\udcff]+$/, '')}${mark}`
}

function bytesOf(name: string): number {
  return Buffer.byteLength(pathOf(name))
}

function digest(text: string): string {
  return createHash('sha256').update(pathOf(text)).digest('hex')
}
