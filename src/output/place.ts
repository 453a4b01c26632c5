import { accessSync, type BigIntStats, constants, fstatSync, readlinkSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { nameOf, pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import { attempt, codeOf } from './fault.ts'

/** Where a name leads. */
export type Place = {
  /** As people typed it. */
  readonly name: string
  /** What tells it from all others; undefined where two may share it: a terminal, /dev/null. */
  readonly identity: string | undefined
} & (
  | { readonly kind: 'descriptor'; readonly fd: number; readonly isFile: boolean }
  /** A device, a FIFO, whatever is in /dev or /proc. */
  | { readonly kind: 'in place'; readonly path: string }
  /** A regular file, or none yet; links are followed. */
  | { readonly kind: 'replaced'; readonly path: string; readonly old: BigIntStats | undefined }
)

const STDOUT = 1
export const STDERR = '/dev/stderr'

/** Undefined, or `-`: stdout. Throws InputError. */
export function placeOf(path: string | undefined): Place {
  if (path === undefined || path === '-') return descriptor(STDOUT, 'stdout')
  const target = attempt(path, () => followed(path))
  const fd = descriptorOf(resolve(target))
  if (fd !== undefined) return descriptor(fd, path)
  const stats = attempt(path, () => statOf(path))
  if (isOfSystem(target) || (stats !== undefined && !stats.isFile())) return inPlace(path, stats)
  if (stats !== undefined) {
    attempt(path, () => accessSync(pathOf(target), constants.W_OK))
    return { kind: 'replaced', name: path, path: target, old: stats, identity: idOf(stats) }
  }
  if (path.endsWith('/')) throw isFolder(path)
  const folder = attempt(path, () => statSync(pathOf(dirname(target)), { bigint: true }))
  const identity = `${idOf(folder)}/${basename(target)}`
  return { kind: 'replaced', name: path, path: target, old: undefined, identity }
}

/** What tells an input from all others; `-` is stdin. Undefined where it may be an output, too (a socket has two directions), or is not there. */
export function identityOfInput(path: string): string | undefined {
  try {
    const stats = path === '-' ? fstatSync(0, { bigint: true }) : statSync(pathOf(path), { bigint: true })
    return stats.isSocket() ? undefined : identityOf(stats)
  } catch {
    return undefined
  }
}

function descriptor(fd: number, name: string): Place {
  const stats = attempt(name, () => fstatSync(fd, { bigint: true }))
  return { kind: 'descriptor', name, fd, isFile: stats.isFile(), identity: identityOf(stats) }
}

function inPlace(path: string, stats: BigIntStats | undefined): Place {
  if (stats === undefined) throw new InputError(`${shellWord(path)}: cannot write: there is no such device`)
  if (stats.isDirectory()) throw isFolder(path)
  return { kind: 'in place', name: path, path, identity: identityOf(stats) }
}

function isFolder(path: string): InputError {
  return new InputError(`${shellWord(path)}: cannot write: it is a directory`, 'name a file in it')
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(pathOf(path), { bigint: true, throwIfNoEntry: false })
}

function identityOf(stats: BigIntStats): string | undefined {
  return stats.isCharacterDevice() ? undefined : idOf(stats)
}

function idOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}

/** To write to a descriptor by its name: opened anew, a file would be written from its beginning, also where the shell appends to it. */
function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdout') return STDOUT
  if (path === STDERR) return 2
  const [, number] = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d{1,7})$/.exec(path) ?? []
  return number === undefined ? undefined : Number(number)
}

/** A regular file in /dev/shm is one as any other. */
function isOfSystem(path: string): boolean {
  const absolute = resolve(path)
  return absolute.startsWith('/proc/') || (absolute.startsWith('/dev/') && !absolute.startsWith('/dev/shm/'))
}

const MOST_LINKS = 40

/** The file that a name leads to, whether there is one or not; what is in /dev or /proc is not looked behind. */
function followed(path: string): string {
  let at = path
  for (let links = 0; links < MOST_LINKS; links++) {
    if (isOfSystem(at)) return at
    let target: string
    try {
      target = nameOf(readlinkSync(pathOf(at), 'buffer'))
    } catch (error) {
      if (codeOf(error) === 'EINVAL' || codeOf(error) === 'ENOENT') return at
      throw error
    }
    at = target.startsWith('/') ? target : `${dirname(at)}/${target}`
  }
  throw new InputError(`${shellWord(path)}: cannot write: its links lead in a circle`)
}
