import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { InputError } from '../../errors.ts'
import { isFiling, listedJobs } from './filed-jobs.ts'
import type { QueueJob } from './job.ts'
import type { Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'
import { forgetResult, keepResult, linesOfResult } from './results.ts'

/** What waits for all results. */
export interface Collector {
  readonly queue: Queue
  readonly leasing: Leasing
  /** Takes over the outputs of a result. False: they are not there, or are not what the result says. */
  readonly accept: (job: QueueJob, lines: string) => Promise<boolean>
  /** The manifest line of a file that could not be converted. */
  readonly failed: (job: QueueJob, why: string) => string
  /** Called now and then: so many of so many have a result. */
  readonly progress: (done: number, all: number) => void
  readonly stop: AbortSignal
}

/** The server is asked so often in the time of a lease, but not less often than each second. */
const LOOKS = 8
const LONGEST_PAUSE_MS = 1000
/** Nothing happens for so many leases: nothing will. */
const IDLE_LEASES = 2

/**
 * Waits until every job that was filed has a result, and returns their manifest lines. That the queue is empty means
 * nothing: a server that was killed keeps messages that it gives to nobody, and forgets others. So what has no result
 * when nothing happens any more is filed again. Undefined: it was stopped. Throws InputError.
 */
export async function collect(collector: Collector): Promise<readonly string[] | undefined> {
  const { queue, leasing, progress, stop } = collector
  const pauseMs = Math.min(LONGEST_PAUSE_MS, leasing.ackWaitMs / LOOKS)
  const calm = new Calm(queue, (IDLE_LEASES * leasing.ackWaitMs) / pauseMs)
  const found = new Results(collector)
  let unneeded = 0
  while (!stop.aborted) {
    const { filed, results, isIdle } = await calm.look()
    progress(results, filed)
    if (results >= filed + unneeded || isIdle) {
      const { lines, missing } = await found.look()
      if (missing.length > 0) unneeded = results + missing.length - filed
      else if (!(await isFiling(queue))) return lines
      else if (isIdle) throw unfinished(queue)
      if (isIdle) await found.fileAgain(missing)
    }
    await setTimeout(pauseMs)
  }
  return undefined
}

function unfinished({ shown }: Queue): InputError {
  return new InputError(
    `${shown}: an --enqueue was begun and did not end, so the list of files is not whole`,
    'run that --enqueue again, then --collect',
  )
}

interface Look {
  readonly filed: number
  readonly results: number
  /** Nothing was filed, given out or finished for long, nobody says that he works, and no worker is missing. */
  readonly isIdle: boolean
}

/** Looks at what happens in a queue. It has no clock: looks are counted. */
class Calm {
  private readonly queue: Queue
  private readonly most: number
  private quiet = 0
  private seen = ''
  private isWorkedOn = false

  /** `most`: after so many looks at which nothing happened the queue is idle. */
  constructor(queue: Queue, most: number) {
    this.queue = queue
    this.most = most
    queue.jobs.watchWork(() => {
      this.isWorkedOn = true
    })
  }

  async look(): Promise<Look> {
    const { filed, results, jobs } = this.queue
    const [listed, finished, { waiting, delivered, asking }] = await Promise.all([
      filed.changes(),
      results.changes(),
      jobs.state(),
    ])
    const seen = [listed.made, finished.made, delivered].join()
    // Messages that wait while no worker asks are not lost: the workers are not there yet.
    const isQuiet = seen === this.seen && !this.isWorkedOn && (waiting === 0 || asking > 0)
    this.seen = seen
    this.isWorkedOn = false
    this.quiet = isQuiet ? this.quiet + 1 : 0
    const isIdle = this.quiet >= this.most
    if (isIdle) this.quiet = 0
    return { filed: listed.keys, results: finished.keys, isIdle }
  }
}

/** The results that are there, and how often was filed what has none. */
class Results {
  private readonly collector: Collector
  private readonly accepted = new Map<string, string>()
  private readonly filings = new Map<string, number>()

  constructor(collector: Collector) {
    this.collector = collector
  }

  async look(): Promise<{ readonly lines: readonly string[]; readonly missing: readonly QueueJob[] }> {
    const { queue } = this.collector
    const jobs = await listedJobs(queue)
    const lines: string[] = []
    const missing: QueueJob[] = []
    const kept = await queue.results.entries()
    for (const job of jobs) {
      const result = await this.accept(job, kept.get(job.key))
      if (result === undefined) missing.push(job)
      else lines.push(result)
    }
    return { lines, missing }
  }

  /** Files jobs again, each under a new message id; a job for which that was done too often has failed. */
  async fileAgain(missing: readonly QueueJob[]): Promise<void> {
    const { queue, leasing, failed } = this.collector
    // What is left in the stream is what nobody is given any more.
    await queue.jobs.clear()
    for (const job of missing) {
      const filings = (this.filings.get(job.key) ?? 0) + 1
      if (filings > leasing.filings) await keepResult(queue, job.key, failed(job, 'worker lost'))
      else if ((await queue.jobs.file(job, `${job.key}-${randomUUID()}`)) === 'full') return
      this.filings.set(job.key, filings)
    }
  }

  private async accept(job: QueueJob, kept: string | undefined): Promise<string | undefined> {
    const { queue, accept } = this.collector
    const known = this.accepted.get(job.key)
    if (known !== undefined || kept === undefined) return known
    const lines = await linesOfResult(queue, job.key, kept)
    if (lines !== undefined && (await accept(job, lines))) {
      this.accepted.set(job.key, lines)
      return lines
    }
    await forgetResult(queue, job.key)
    return undefined
  }
}
