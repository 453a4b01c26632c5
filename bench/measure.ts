import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A command that is measured. Its stdout goes to /dev/null. */
export interface Contender {
  readonly name: string
  /** How many events it handles: rates and ratios are by event. */
  readonly events: number
  readonly command: readonly [string, ...string[]]
}

/** One run of a command. */
interface Sample {
  readonly wallSeconds: number
  /** User and system time of all its processes and threads; NaN without GNU time. */
  readonly cpuSeconds: number
  /** Resident memory of its largest process; NaN without GNU time. */
  readonly peakMiB: number
}

/** A contender with its samples, one a round. */
export interface Figure {
  readonly name: string
  readonly events: number
  readonly samples: readonly Sample[]
}

export type Quantity = keyof Sample

const GNU_TIME = '/usr/bin/time'

/**
 * Runs contenders in turn, `rounds` times each after one round that does not count. So a drift of the machine meets
 * all of them.
 *
 * @throws when a command ends with another status than 0
 */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<readonly Figure[]> {
  const all = contenders.map(({ name, events }) => ({ name, events, samples: [] as Sample[] }))
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const sample = await once(contender)
      if (round > 0) all[index]?.samples.push(sample)
    }
  }
  return all
}

/** The median of a quantity over all rounds. */
export function medianOf({ samples }: Figure, quantity: Quantity): number {
  return median(samples.map((sample) => sample[quantity]))
}

/**
 * A quantity by event as a part of the peer's: the median of the ratios of each round, since a round's two figures
 * share what else the machine did.
 */
export function ratioOf(figure: Figure, peer: Figure, quantity: Quantity): number {
  const ratios = figure.samples.map((sample, round) => {
    const beside = peer.samples[round]?.[quantity] ?? Number.NaN
    return sample[quantity] / figure.events / (beside / peer.events)
  })
  return median(ratios)
}

/** NaN of no values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function once({ name, command }: Contender): Promise<Sample> {
  const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-bench-'))
  const file = join(scratch, 'time')
  const isTimed = existsSync(GNU_TIME)
  const words = [...(isTimed ? [GNU_TIME, '-o', file, '-f', '%U %S %M'] : []), ...command].map(quoted).join(' ')
  const start = process.hrtime.bigint()
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('sh', ['-c', `exec ${words} < /dev/null > /dev/null 2>&1`])
    child.on('error', reject)
    child.on('exit', resolve)
  })
  const wallSeconds = Number(process.hrtime.bigint() - start) / 1e9
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${command.join(' ')}`)
  const [user = Number.NaN, system = Number.NaN, kib = Number.NaN] = isTimed
    ? readFileSync(file, 'utf8').trim().split(' ').map(Number)
    : []
  rmSync(scratch, { recursive: true })
  return { wallSeconds, cpuSeconds: user + system, peakMiB: kib / 1024 }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
