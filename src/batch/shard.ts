// A part of a batch for one of several machines that share nothing but the folder of results.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import { attempt } from '../output/fault.ts'
import { pathOf } from '../text/file-name.ts'

/** The files of a tree that this run converts. */
export interface Shard {
  /** From 1 to `of`. */
  readonly index: number
  readonly of: number
}

/** What is read of the environment. */
export type ShardEnvironment = Readonly<Record<string, string | undefined>>

const MOST = 100_000
const FORM = 'it is I/N, with I from 1 to N, or auto, or auto/N'

/**
 * Reads `3/8`. `auto` is the task of a Slurm array; `auto/8` is also the index of a Kubernetes Indexed Job, which does
 * not say how many there are. Throws UsageError.
 */
export function shardIn(text: string, env: ShardEnvironment): Shard {
  const [, given, count] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? []
  if (given === undefined) throw new UsageError(`--shard ${text}: no part of a whole`, FORM)
  const of = count === undefined ? undefined : Number(count)
  const shard = given === 'auto' ? shardOfEnvironment(of, env) : { index: Number(given), of: of ?? 0 }
  if (shard.index < 1 || shard.index > shard.of || shard.of > MOST)
    throw new UsageError(`--shard ${text}: there is no part ${shard.index} of ${shard.of}`, FORM)
  return shard
}

/**
 * sbatch(1), "OUTPUT ENVIRONMENT VARIABLES": an array may begin with any number. Kubernetes, "Indexed Job": the index
 * begins with 0.
 */
function shardOfEnvironment(of: number | undefined, env: ShardEnvironment): Shard {
  const task = numberIn(env.SLURM_ARRAY_TASK_ID)
  const tasks = of ?? numberIn(env.SLURM_ARRAY_TASK_COUNT)
  if (task !== undefined && tasks !== undefined) {
    const step = numberIn(env.SLURM_ARRAY_TASK_STEP) ?? 1
    return { index: (task - (numberIn(env.SLURM_ARRAY_TASK_MIN) ?? 0)) / step + 1, of: tasks }
  }
  const completion = numberIn(env.JOB_COMPLETION_INDEX)
  if (completion !== undefined && of !== undefined) return { index: completion + 1, of }
  throw new UsageError(
    '--shard auto: the environment does not say which part this is',
    completion === undefined
      ? 'SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT would, or JOB_COMPLETION_INDEX'
      : 'say how many completions the job has: --shard auto/N',
  )
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/**
 * True where a file belongs to a shard: the first six bytes of the SHA-256 of its path, modulo the number of shards. So
 * it is the same on every machine, whatever else is in the tree.
 */
export function isInShard(path: string, { index, of }: Shard): boolean {
  const digest = createHash('sha256').update(pathOf(path)).digest()
  return digest.readUIntBE(0, 6) % of === index - 1
}

/** Marks a shard as begun. Returns what marks it as finished. Throws InputError. */
export function beginShard(folder: string, manifest: string): () => void {
  const mark = join(folder, manifest + UNFINISHED)
  attempt(folder, () => mkdirSync(pathOf(folder), { recursive: true }))
  attempt(mark, () => writeFileSync(pathOf(mark), ''))
  return () => attempt(mark, () => rmSync(pathOf(mark), { force: true }))
}

/** The name of a shard's manifest with this at its end is that of a file which is there until the shard is finished. */
export const UNFINISHED = '.unfinished'

const NAME = /^manifest\.(\d{1,6})-of-(\d{1,6})\.ndjson$/

/** The manifest of a shard, below the folder of results. */
export function shardManifest({ index, of }: Shard): string {
  return `manifest.${index}-of-${of}.ndjson`
}

/** Of which shard a file of this name is the manifest. */
export function shardOfManifest(name: string): Shard | undefined {
  const [, index, of] = NAME.exec(name) ?? []
  return index === undefined || of === undefined ? undefined : { index: Number(index), of: Number(of) }
}

/** All manifests of a batch in so many shards. */
export function shardManifests(of: number): readonly string[] {
  return Array.from({ length: of }, (_, before) => shardManifest({ index: before + 1, of }))
}
