import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One command, run several times; medians. */
export interface Figure {
  readonly name: string
  readonly wallSeconds: number
  /** User and system time; undefined without GNU time. */
  readonly cpuSeconds: number | undefined
  readonly peakMiB: number | undefined
}

export interface Contender {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  /** A file for its stdin. */
  readonly stdin?: string
}

const GNU_TIME = '/usr/bin/time'

/**
 * Runs contenders in turn, `runs` times each after one that is not counted: so a drift of the machine meets all of
 * them.
 */
export async function compare(contenders: readonly Contender[], runs = 5): Promise<readonly Figure[]> {
  const samples = new Map<string, Sample[]>()
  for (let run = 0; run <= runs; run++) {
    for (const contender of contenders) {
      const sample = await once(contender)
      if (run > 0) samples.set(contender.name, [...(samples.get(contender.name) ?? []), sample])
    }
  }
  return contenders.map(({ name }) => {
    const own = samples.get(name) ?? []
    return {
      name,
      wallSeconds: median(own.map((sample) => sample.wall)) ?? Number.NaN,
      cpuSeconds: median(own.flatMap((sample) => sample.cpu ?? [])),
      peakMiB: median(own.flatMap((sample) => sample.peakMiB ?? [])),
    }
  })
}

interface Sample {
  readonly wall: number
  readonly cpu: number | undefined
  readonly peakMiB: number | undefined
}

async function once({ name, command, stdin }: Contender): Promise<Sample> {
  const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-bench-'))
  const file = join(scratch, 'time')
  const timed = existsSync(GNU_TIME)
  const shell = [...(timed ? [GNU_TIME, '-o', file, '-f', '%U %S %M'] : []), ...command].map(quoted).join(' ')
  const start = process.hrtime.bigint()
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('sh', ['-c', `exec ${shell} < ${quoted(stdin ?? '/dev/null')} > /dev/null 2>&1`])
    child.on('error', reject)
    child.on('exit', resolve)
  })
  const wall = Number(process.hrtime.bigint() - start) / 1e9
  if (code !== 0) throw new Error(`${name} ended with ${code}`)
  const [user, system, kib] = timed ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : []
  rmSync(scratch, { recursive: true })
  return {
    wall,
    cpu: user === undefined || system === undefined ? undefined : user + system,
    peakMiB: kib === undefined ? undefined : kib / 1024,
  }
}

/** A table for the terminal and for docs/performance.md; ratios to the figure called `base`. */
export function table(figures: readonly Figure[], events: number, base: string): string {
  const unit = figures.find(({ name }) => name === base)?.wallSeconds ?? Number.NaN
  const rows = figures.map(({ name, wallSeconds, cpuSeconds, peakMiB }) =>
    [
      name,
      `${(events / wallSeconds / 1e6).toFixed(3)} M/s`,
      `${wallSeconds.toFixed(2)} s`,
      cpuSeconds === undefined ? '' : `${cpuSeconds.toFixed(2)} s`,
      peakMiB === undefined ? '' : `${peakMiB.toFixed(0)} MiB`,
      (wallSeconds / unit).toFixed(2),
    ].join(' | '),
  )
  return [
    `| who | events | wall | cpu | peak memory | time to ${base} |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
