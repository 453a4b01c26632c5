import { describe, expect, it } from 'vitest'
import { isInShard, shardIn, shardManifest, shardManifests, shardOfManifest } from '../../src/batch/shard.ts'

describe('a shard', () => {
  it('is read of the command line', () => {
    expect(shardIn('3/8', {})).toEqual({ index: 3, of: 8 })
  })

  it.each([
    ['the first task of an array from 0', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '4' }, 1],
    [
      'the last of an array from 1',
      { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '1' },
      4,
    ],
    [
      'one of an array of each second number',
      {
        SLURM_ARRAY_TASK_ID: '14',
        SLURM_ARRAY_TASK_COUNT: '4',
        SLURM_ARRAY_TASK_MIN: '10',
        SLURM_ARRAY_TASK_STEP: '2',
      },
      3,
    ],
  ])('is read of what Slurm says: %s', (_, env, index) => {
    expect(shardIn('auto', env)).toEqual({ index, of: 4 })
  })

  it('is read of what Kubernetes says, with the number of completions', () => {
    expect(shardIn('auto/5', { JOB_COMPLETION_INDEX: '4' })).toEqual({ index: 5, of: 5 })
    expect(() => shardIn('auto', { JOB_COMPLETION_INDEX: '4' })).toThrow('does not say which part')
  })

  it.each(['0/4', '5/4', '1', '1/0', 'x/2', '1/2/3', '-1/2', '1/1000000'])('is not %s', (text) => {
    expect(() => shardIn(text, {})).toThrow(`--shard ${text}: `)
  })

  it('is not guessed at where the environment says nothing, or what cannot be', () => {
    expect(() => shardIn('auto', {})).toThrow('does not say which part')
    expect(() => shardIn('auto', { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_COUNT: '4' })).toThrow('no part 10 of 4')
  })

  it('has each file of a tree once, and about as many as the others', () => {
    const paths = Array.from({ length: 3000 }, (_, index) => `night/host-${index % 40}/perf-${index}.txt`)
    const counts = [1, 2, 3].map((index) => paths.filter((path) => isInShard(path, { index, of: 3 })).length)
    expect(counts.reduce((sum, count) => sum + count)).toBe(paths.length)
    expect(Math.min(...counts)).toBeGreaterThan(900)
  })

  it('has the same files on every machine', () => {
    const paths = ['a', 'night/web-7.txt', 'caf\u00e9', 'not-utf8-\udcff']
    expect(paths.map((path) => [1, 2, 3, 4, 5].find((index) => isInShard(path, { index, of: 5 })))).toEqual(ANCHORED)
  })

  it('has a manifest of its own name', () => {
    expect(shardOfManifest(shardManifest({ index: 2, of: 8 }))).toEqual({ index: 2, of: 8 })
    expect(shardOfManifest('manifest.ndjson')).toBeUndefined()
    expect(shardManifests(2)).toEqual(['manifest.1-of-2.ndjson', 'manifest.2-of-2.ndjson'])
  })
})

/** Changing these would have the shards of two versions overlap. */
const ANCHORED = [5, 2, 3, 3]
