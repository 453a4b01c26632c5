import { accessSync, type BigIntStats, constants, readdirSync, readlinkSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { codeOf, InputError } from '../errors.ts'
import { nameOf, pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import { attempt } from './fault.ts'
import { descriptorOutput, type StandardOutput, type StandardStreams } from './standard.ts'

/** Where a name leads. */
export type Destination = {
  /** As the user typed it. */
  readonly name: string
  /** No other file or pipe has the same; undefined where two outputs may share it: a terminal, /dev/null. */
  readonly identity: string | undefined
} & (
  | { readonly kind: 'open'; readonly output: StandardOutput }
  /** A device, a FIFO, whatever is in /dev or /proc. */
  | { readonly kind: 'in place'; readonly path: string }
  /** A regular file, or none yet; links are followed. */
  | { readonly kind: 'replaced'; readonly path: string; readonly old: BigIntStats | undefined }
  /** Numbered files in a folder, which may not be there yet; their names end so. */
  | { readonly kind: 'folder'; readonly path: string; readonly ending: string }
)

/** Undefined and `-` lead to stdout. Throws InputError. */
export function destinationOf(path: string | undefined, streams: StandardStreams): Destination {
  if (path === undefined || path === '-') return openAlready(streams.stdout, 'stdout')
  const target = attempt(path, () => followed(path))
  const output = openOutputOf(resolve(target), streams)
  if (output !== undefined) return openAlready(output, path)
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

/** A folder for numbered files. Throws InputError where it is not empty: old files would be taken for new ones. */
export function folderOf(path: string, ending: string): Destination {
  if (isFilled(path)) throw new InputError(`${shellWord(path)}: it is not empty`, 'name a new folder, or an empty one')
  return { kind: 'folder', name: path, path, ending, identity: undefined }
}

function isFilled(path: string): boolean {
  try {
    return readdirSync(pathOf(path)).length > 0
  } catch {
    return false
  }
}

export function stderrOf({ stderr }: StandardStreams): Destination {
  return openAlready(stderr, STDERR)
}

/**
 * The identity of an input; `-` is stdin. Undefined where it may be an output, too (a socket has two directions), or
 * where there is no such file.
 */
export function identityOfInput(path: string, { stdin }: StandardStreams): string | undefined {
  try {
    const stats = path === '-' ? stdin.stats : statSync(pathOf(path), { bigint: true })
    return stats?.isSocket() === false ? identityOf(stats) : undefined
  } catch {
    return undefined
  }
}

function openAlready(output: StandardOutput, name: string): Destination {
  const stats = output.stats(name)
  return { kind: 'open', name, output, identity: stats && identityOf(stats) }
}

function inPlace(path: string, stats: BigIntStats | undefined): Destination {
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

const STDERR = '/dev/stderr'

/**
 * The output that a path of /dev or /proc names. It is not opened anew: a file would be written from its beginning,
 * also where the shell appends to it.
 */
function openOutputOf(path: string, { stdout, stderr }: StandardStreams): StandardOutput | undefined {
  if (path === '/dev/stdout') return stdout
  if (path === STDERR) return stderr
  const [, number] = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d{1,7})$/.exec(path) ?? []
  if (number === undefined) return undefined
  const fd = Number(number)
  return fd === 1 ? stdout : fd === 2 ? stderr : descriptorOutput(fd)
}

/** Regular files in /dev/shm are like any other file. */
function isOfSystem(path: string): boolean {
  const absolute = resolve(path)
  return absolute.startsWith('/proc/') || (absolute.startsWith('/dev/') && !absolute.startsWith('/dev/shm/'))
}

const MOST_LINKS = 40

/** The file that a name leads to, whether it exists or not. Links in /dev and /proc are not followed. */
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
