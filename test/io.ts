// What a program in a test has in the place of a process.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Io } from '../src/commands/io.ts'
import { memoryStdin, type Stdin } from '../src/input/stdin.ts'
import { MemoryOutput } from '../src/output/standard.ts'

/** The folder of the package. */
export const HOME = new URL('../', import.meta.url)

/** As the package says it. */
const { version: VERSION }: { readonly version: string } = JSON.parse(
  readFileSync(new URL('package.json', HOME), 'utf8'),
)

/** A stdin with nothing on it. */
export const NO_STDIN: Stdin = memoryStdin([])

export interface MemoryIo extends Io {
  readonly stdout: MemoryOutput
  readonly stderr: MemoryOutput
  /** `emit('SIGTERM', 'SIGTERM')` sends a signal. */
  readonly signals: EventEmitter
}

/** Pieces on stdin, outputs in memory, an environment; signals come only from the test. */
export function memoryIo(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array> = [],
  env: Readonly<Record<string, string | undefined>> = process.env,
): MemoryIo {
  return {
    stdin: memoryStdin(pieces),
    stdout: new MemoryOutput(),
    stderr: new MemoryOutput(),
    signals: new EventEmitter(),
    env,
    version: VERSION,
    home: HOME,
  }
}
