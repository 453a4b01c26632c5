// The built program as a child process, as a shell would run it. `npm run build` first.
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Conditions, piecesOf, type Run, root, runOf } from './program.ts'

export const MAIN = join(root, 'dist/tracenorm.cjs')

// The compiler alone does not make it.
if (statSync(MAIN).mtimeMs < statSync(join(root, 'dist/src/main.js')).mtimeMs)
  throw new Error('dist/tracenorm.cjs is older than dist/src/: run "npm run build"')

interface ProcessConditions extends Pick<Conditions, 'input' | 'cwd' | 'env'> {
  /** A path that stdout is opened on. */
  readonly to?: string
  readonly main?: string
}

/** Runs `tracenorm WORDS` to its end, in a process of its own. */
export async function spawned(words: readonly string[], conditions: ProcessConditions = {}): Promise<Run> {
  const { input = '', cwd, env, main = MAIN } = conditions
  const target = conditions.to === undefined ? 'pipe' : openSync(conditions.to, 'w')
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
  for (const piece of piecesOf(input)) {
    if (child.stdin?.write(piece) === false && child.exitCode === null)
      await Promise.race([new Promise((resolve) => child.stdin?.once('drain', resolve)), ended])
  }
  child.stdin?.end()
  const [status, signal] = await ended
  return runOf(status, signal, Buffer.concat(stdout), Buffer.concat(stderr))
}

/**
 * Environment that makes a Node program write its peak resident memory to a file when it ends. It takes /proc where
 * there is one: the number of getrusage() begins with that of the parent process.
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

/** Comes back when it is so. The limit is the test's. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(10)
}
