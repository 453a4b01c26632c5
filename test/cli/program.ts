// The program as a function: the command line goes in, with what a process would have; what it wrote comes out.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { Io } from '../../src/commands/io.ts'
import { descriptorStdin } from '../../src/input/stdin.ts'
import { descriptorOutput } from '../../src/output/standard.ts'
import { main } from '../../src/program.ts'
import { HOME, memoryIo } from '../io.ts'

export const root = fileURLToPath(HOME)

export interface Run {
  /** Null: ended by `signal`. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
  /** The records on stdout. */
  readonly records: readonly Event[]
}

/** A record as these tests look at it. */
export interface Event {
  readonly kind: string
  readonly ts?: string
  readonly host?: { readonly name?: string; readonly kernel?: string }
  readonly labels?: Readonly<Record<string, string>>
  readonly process?: { readonly comm?: string; readonly tid?: number }
  readonly payload?: string
  readonly args?: Readonly<Record<string, string | number | boolean>>
  readonly flags?: readonly string[]
  readonly capture: {
    readonly tool?: string
    readonly path: string
    readonly line: number
    readonly offset?: number
    readonly length?: number
    readonly raw?: string
  }
  readonly id?: string
}

export interface Conditions {
  /** What is on stdin; pieces are written one by one. Default: nothing. */
  readonly input?: Uint8Array | string | Iterable<Uint8Array>
  readonly cwd?: string
  /** Beside that of the tests; undefined: without this one. The clock and the locale of the process stay. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Files that the standard streams are opened on, as a shell's `<`, `>` and `>>` do; names begin in `cwd`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly onto?: string | undefined
}

/** Runs `tracenorm WORDS` to its end, in this process. Runs with a `cwd` go one after the other. */
export async function tracenorm(words: readonly string[], conditions: Conditions = {}): Promise<Run> {
  const { input = '', cwd, env } = conditions
  const memory = memoryIo(piecesOf(input), { ...process.env, ...env })
  const here = process.cwd()
  if (cwd !== undefined) process.chdir(cwd)
  const { io, close } = redirected(memory, conditions)
  try {
    const ending = await main(words, io)
    const [status, signal] = typeof ending === 'number' ? [ending, null] : [null, ending]
    return runOf(status, signal, memory.stdout.bytes, memory.stderr.bytes)
  } finally {
    close()
    if (cwd !== undefined) process.chdir(here)
  }
}

export function piecesOf(input: Uint8Array | string | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof input === 'string') return [Buffer.from(input, 'utf8')]
  return input instanceof Uint8Array ? [input] : input
}

export function runOf(status: number | null, signal: NodeJS.Signals | null, stdout: Buffer, stderr: Buffer): Run {
  return {
    status,
    signal,
    stdout,
    stderr: stderr.toString('utf8'),
    get records() {
      return recordsIn(stdout)
    },
  }
}

function redirected(io: Io, { from, to, onto }: Conditions): { readonly io: Io; readonly close: () => void } {
  const stdin = from === undefined ? undefined : openSync(from, 'r')
  const target = to ?? onto
  const stdout = target === undefined ? undefined : openSync(target, to === undefined ? 'a' : 'w')
  return {
    io: {
      ...io,
      ...(stdin !== undefined && { stdin: descriptorStdin(stdin) }),
      ...(stdout !== undefined && { stdout: descriptorOutput(stdout) }),
    },
    close() {
      for (const fd of [stdin, stdout]) if (fd !== undefined) closeSync(fd)
    },
  }
}

export function recordsIn(ndjson: Buffer): readonly Event[] {
  return ndjson
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** A folder of a test file's own; gone at its end. */
export function scratchFolder(): { readonly path: string; in(name: string): string } {
  const scratch = { path: '', in: (name: string): string => join(scratch.path, name) }
  beforeAll(() => {
    scratch.path = mkdtempSync(join(tmpdir(), 'tracenorm-cli-'))
  })
  afterAll(() => rmSync(scratch.path, { recursive: true }))
  return scratch
}

const TEXT = readFileSync(join(root, 'fixtures/perf/script/seed-curl/input.txt'), 'latin1')

/** What perf script prints: two drops of curl's. */
export const TWO_DROPS = TEXT

/** A drop of perf script text with line end; those of other numbers differ in time and addresses. */
export function dropLine(index: number): string {
  const micros = String(index % 1_000_000).padStart(6, '0')
  const seconds = 3466 + Math.floor(index / 1_000_000)
  const address = (0xff00_0000 + index * 64).toString(16).padStart(12, '0')
  return `            curl ${String(10_000 + (index % 9000))} [001]  ${seconds}.${micros}: skb:kfree_skb: skbaddr=0xffff${address} rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET\n`
}

/** An event of our own format that its reader rejects: a drop without the section. */
export const NO_EVENT = '{"v":1,"kind":"drop"}\n'
export const EVENT = '{"v":1,"kind":"trace","event_name":"a:b","capture":{"path":"x","line":1}}\n'
