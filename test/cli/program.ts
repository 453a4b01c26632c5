// The built program as a child process, as a shell would run it. `npm run build` first.
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const MAIN = join(root, 'dist/src/main.js')

export interface Run {
  /** Null: killed by `signal`. */
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
  /** Beside that of the tests; undefined: without this one. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A path that stdout is opened on. */
  readonly stdout?: string
  readonly main?: string
}

/** Runs `tracenorm WORDS` to its end. */
export async function tracenorm(words: readonly string[], conditions: Conditions = {}): Promise<Run> {
  const { input = '', cwd, env, main = MAIN } = conditions
  const target = conditions.stdout === undefined ? 'pipe' : openSync(conditions.stdout, 'w')
  const child = spawn(process.execPath, [main, ...words], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['pipe', target, 'pipe'],
  })
  if (typeof target === 'number') closeSync(target)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  // The program may end before it has read all of it.
  child.stdin?.on('error', () => {})
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (status, signal) => resolve([status, signal])),
  )
  for (const piece of typeof input === 'string' || input instanceof Uint8Array ? [input] : input) {
    if (child.stdin?.write(piece) === false && child.exitCode === null)
      await Promise.race([new Promise((resolve) => child.stdin?.once('drain', resolve)), ended])
  }
  child.stdin?.end()
  const [status, signal] = await ended
  const bytes = Buffer.concat(stdout)
  return {
    status,
    signal,
    stdout: bytes,
    stderr: Buffer.concat(stderr).toString('utf8'),
    get records() {
      return recordsIn(bytes)
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

/**
 * Environment that makes a Node program write its peak resident memory to a file when it ends. By /proc where there is one: what getrusage()
 * says begins with that of the process that started it.
 */
export function measuring(file: string): Readonly<Record<string, string>> {
  const hook = `import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const peak = () => existsSync('/proc/self/status') ? /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS
process.on('exit', () => writeFileSync(${JSON.stringify(file)}, String(peak())))`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
}

export function peakMiB(file: string): number {
  return Number(readFileSync(file, 'utf8')) / 1024
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
