import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { Damage } from './damage.ts'
import type { Pieces } from './pieces.ts'

/** The file of a program in the folders of `searchPath`, which are as PATH has them; undefined where there is none. */
export function programIn(searchPath: string, name: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/**
 * What a program makes of the bytes on its stdin. All that it writes comes before it is said that the bytes are
 * damaged: it ended with another status than 0, or complained. It is ended where its output is left.
 */
export async function* throughProgram(
  file: string,
  args: readonly string[],
  packed: Pieces,
  damage: Damage,
): AsyncGenerator<Uint8Array> {
  // Without an environment: variables such as BZIP2 would change what it does.
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {} })
  const end = ended(child)
  const fed = feed(packed, child.stdin)
  try {
    for await (const chunk of child.stdout) yield chunk
    const fault = await fed
    if (fault !== undefined) throw fault.error
    const complaint = await end
    if (complaint !== undefined) throw damage(complaint)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Writes all bytes to a program, which may end before it took them. Gives why there are no more of them. */
async function feed(packed: Pieces, stdin: Writable): Promise<{ readonly error: unknown } | undefined> {
  let isTaken = true
  stdin.on('error', () => {
    isTaken = false
  })
  try {
    for (let piece = await packed.some(PIECE_BYTES); piece !== undefined; piece = await packed.some(PIECE_BYTES)) {
      // The piece is good until it is written.
      await written(stdin, piece)
      if (!isTaken) return undefined
    }
    return undefined
  } catch (error) {
    return { error }
  } finally {
    stdin.end()
  }
}

const PIECE_BYTES = 64 * 1024

function written(stdin: Writable, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => stdin.write(piece, () => resolve()))
}

/** What is wrong when the program has ended; undefined where nothing is. */
function ended(child: Child): Promise<string | undefined> {
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, LONGEST_COMPLAINT)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status) => resolve(status === 0 && said === '' ? undefined : complaintOf(said, status)))
  })
}

const LONGEST_COMPLAINT = 1000

/** Its last line that says something, without the names of the program and of its stdin. */
function complaintOf(said: string, status: number | null): string {
  const lines = said.split('\n').map((line) => line.replace(/^[^:]{0,40}: /, '').replace(/[;.:\s]{1,5}$/, ''))
  return lines.find((line) => line !== '') ?? `the program that unpacks it ended with ${status}`
}
