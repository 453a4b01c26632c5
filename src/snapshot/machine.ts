import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeSync } from 'node:fs'

/** A host as a snapshot sees it. What cannot be read is undefined: a snapshot holds what there is. */
export interface Machine {
  readonly clock: MachineClock
  readonly env: Readonly<Record<string, string | undefined>>
  /** The pid of the process that takes the snapshot. */
  readonly pid: number
  read(path: string): Uint8Array | undefined
  readText(path: string): string | undefined
  /** Where a symbolic link points to, as it is written. */
  readLink(path: string): string | undefined
  /** Names in a folder; empty when it cannot be read. */
  list(path: string): readonly string[]
  /** What a program prints, when it ends with status 0 and within seconds. */
  run(program: string, words: readonly string[]): string | undefined
  /** Writes each text by one system call; false when one fails. `after` is called after each. */
  write(path: string, texts: readonly string[], after?: () => void): boolean
  makeFolder(path: string): boolean
  removeFolder(path: string): void
}

/** Clocks and what the runtime knows of the zone, handed in from `commands/`. */
export interface MachineClock {
  /** CLOCK_MONOTONIC, as this process sees it. */
  readonly monotonicNs: () => bigint
  /** The wall clock, whole milliseconds: cut, not rounded. */
  readonly wallMs: () => number
  /** The zone that the runtime found, by its IANA name. */
  readonly zone: string | undefined
}

const PROGRAM_MS = 5000
const LONGEST_OUTPUT = 1024 * 1024

/** The host that this process runs on. */
export function thisMachine(clock: MachineClock, env: Machine['env']): Machine {
  return {
    clock,
    env,
    pid: process.pid,
    read: (path) => attempt(() => readFileSync(path)),
    readText: (path) => attempt(() => readFileSync(path, 'utf8')),
    readLink: (path) => attempt(() => readlinkSync(path)),
    list: (path) => attempt(() => readdirSync(path)) ?? [],
    run: (program, words) =>
      attempt(() =>
        execFileSync(program, [...words], {
          encoding: 'utf8',
          env: { ...env, LC_ALL: 'C' },
          maxBuffer: LONGEST_OUTPUT,
          stdio: ['ignore', 'pipe', 'ignore'],
          timeout: PROGRAM_MS,
        }),
      ),
    write: (path, texts, after) => attempt(() => writeEach(path, texts, after)) ?? false,
    makeFolder: (path) => attempt(() => mkdirSync(path) === undefined) ?? false,
    removeFolder: (path) => attempt(() => rmdirSync(path)),
  }
}

function writeEach(path: string, texts: readonly string[], after: (() => void) | undefined): boolean {
  const file = openSync(path, 'w')
  try {
    for (const text of texts) {
      writeSync(file, text)
      after?.()
    }
    return true
  } finally {
    closeSync(file)
  }
}

/** A snapshot treats absent files, forbidden ones and programs that fail alike. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
