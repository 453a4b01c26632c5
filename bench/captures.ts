import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file with the number of its events. */
export interface Input {
  readonly path: string
  readonly events: number
}

const root = process.env.TRACENORM_CORPUS ?? '../shared'
/** Where inputs are unpacked and made; kept for the next run. */
const place = join(tmpdir(), 'tracenorm-bench')

/** A file of the place, made at its first use: it has its name only when it is whole. */
export function kept(name: string, make: (path: string) => void): string {
  const path = join(place, name)
  if (existsSync(path)) return path
  mkdirSync(place, { recursive: true })
  make(`${path}.part`)
  renameSync(`${path}.part`, path)
  return path
}

/** A capture of the corpus, unpacked; undefined, with a note on stdout, where the corpus is not there. */
export function capture(folder: 'corpus' | 'corpus-big', path: string): string | undefined {
  const packed = join(root, folder, path)
  if (!existsSync(packed)) {
    console.log(`${packed} is not there: left out (TRACENORM_CORPUS names the folder of corpus/ and corpus-big/)\n`)
    return undefined
  }
  return kept(path.replaceAll('/', '-').replace(/\.zst$/, ''), (file) => {
    if (packed.endsWith('.zst')) execFileSync('zstd', ['-dqf', packed, '-o', file])
    else copyFileSync(packed, file)
  })
}

/** The 1,160,012 drops of the big capture of perf 6.12; the first 100,000 of its lines for a quick run. */
export function million(isQuick: boolean): Input | undefined {
  const whole = capture('corpus-big', 'perf6.12-million/perf-script.txt.zst')
  if (whole === undefined) return undefined
  return drops(isQuick ? kept('million-head.txt', (file) => fill(file, ['head', '-n', '100000', whole])) : whole)
}

/** perf text with the number of its drops. */
export function drops(path: string): Input {
  return { path, events: Number(execFileSync('grep', ['-c', 'skb:kfree_skb:', path], { encoding: 'utf8' })) }
}

/** A text, `times` over, as one file. */
export function repeated({ path, events }: Input, times: number): Input {
  const name = `${path.slice(path.lastIndexOf('/') + 1)}.x${times}`
  const copies = new Array<string>(times).fill(path)
  return { path: kept(name, (file) => fill(file, ['cat', ...copies])), events: times * events }
}

/** Writes what a command prints into a file. */
export function fill(file: string, [program, ...words]: readonly [string, ...string[]]): void {
  const output = openSync(file, 'w')
  const { status, error } = spawnSync(program, words, { stdio: ['ignore', output, 'ignore'] })
  closeSync(output)
  if (status !== 0) throw new Error(`${program} ended with ${status}`, { cause: error })
}

/** True when a program can be run. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0
}
