// Servers that a test starts: none needs root, a port or a place outside its folder.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { root } from '../source-text.ts'

/** Undefined, with the reason printed, where the program is not there. */
export function found(program: string, folders: readonly string[], what: string): string | undefined {
  const places = [...folders, ...(process.env.PATH ?? '').split(':'), '/usr/sbin'].map((folder) =>
    join(folder, program),
  )
  const path = places.find((place) => existsSync(place))
  if (path === undefined) console.warn(`${program} is not installed: ${what} is not tested`)
  return path
}

/** The folders of PostgreSQL's programs on Debian, the newest first. */
export function postgresFolders(): readonly string[] {
  const base = '/usr/lib/postgresql'
  return existsSync(base)
    ? readdirSync(base)
        .toSorted()
        .toReversed()
        .map((version) => `${base}/${version}/bin`)
    : []
}

export interface Postgres {
  /** Runs statements, with what they read from stdin; gives what they print, unaligned. */
  psql(words: readonly string[], input?: string): string
  stop(): void
}

/** A server with a socket in `folder` and no port. As PostgreSQL refuses to be root, another user runs it then. */
export function startPostgres(initdb: string, folder: string): Postgres {
  const bin = join(initdb, '..')
  const user = process.getuid?.() === 0 ? ownerIds() : undefined
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const run = (program: string, words: readonly string[]): Buffer =>
    execFileSync(join(bin, program), words, {
      ...user,
      cwd: folder,
      env: { HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const data = join(folder, 'data')
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'])
  const options = `-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -k ${folder}`
  // Without a file for its log the server keeps the pipe of pg_ctl open.
  run('pg_ctl', ['-D', data, '-w', '-s', '-o', options, '-l', join(folder, 'log'), 'start'])
  return {
    psql(words, input = '') {
      const flags = ['-h', folder, '-U', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1']
      const { status, stdout, stderr } = spawnSync(join(bin, 'psql'), [...flags, ...words], {
        input,
        encoding: 'utf8',
        maxBuffer: 2 ** 30,
      })
      if (status !== 0) throw new Error(stderr)
      return stdout
    },
    stop: () => run('pg_ctl', ['-D', data, '-m', 'immediate', '-s', 'stop']),
  }
}

function ownerIds(): { readonly uid: number; readonly gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const line = ['postgres', 'nobody'].map((name) => users.find((user) => user.startsWith(`${name}:`))).find(Boolean)
  const [, , uid = '65534', gid = '65534'] = line?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

/** The first block of code under a heading of docs/platforms.md. */
export function configurationOf(heading: string): string {
  const page = readFileSync(join(root, 'docs/platforms.md'), 'utf8')
  const block = page.split(`\n## ${heading}\n`)[1]?.split(/^```\n/m)[1]
  if (block === undefined) throw new Error(`docs/platforms.md has no configuration of ${heading}`)
  return block
}

/** Runs a server until `isDone`, at most for so many seconds. */
export async function runUntil(
  program: string,
  words: readonly string[],
  isDone: () => boolean,
  { seconds, env = {}, cwd }: { readonly seconds: number; readonly env?: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<void> {
  const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  for (let waits = 0; waits < seconds * 10 && !isDone() && child.exitCode === null; waits++) await setTimeout(100)
  const done = isDone()
  child.kill('SIGTERM')
  await ended
  if (!done) throw new Error(`${program} did not do its work in ${seconds} s: ${said}`)
}
