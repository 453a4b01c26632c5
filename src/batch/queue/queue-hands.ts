// A batch whose files are converted by whoever takes the jobs of a queue. The rest is as on one machine.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Interrupted, type Patience } from '../../input/patience.ts'
import { withoutResult } from '../convert-file.ts'
import { factsOf } from '../file-facts.ts'
import { alteredOutputs } from '../kept-outputs.ts'
import { manifestLines } from '../manifest.ts'
import { entriesIn } from '../manifest-file.ts'
import type { FileTask, Hands, TaskEars } from '../task.ts'
import type { BatchPlan } from '../workbench.ts'
import { collect } from './collect.ts'
import { enqueue } from './enqueue.ts'
import { contentOf, type FiledJob, jobOf } from './job.ts'
import type { Leasing } from './leasing.ts'
import type { Queue } from './queue.ts'
import { convertSent, fetchResults, forgetSent, scratchFolder, sendInput } from './sent-files.ts'
import { leaveSettings, type QueueSettings } from './settings.ts'
import type { WorkSlot } from './slot.ts'
import { type JobSlot, work } from './work.ts'

/** What this process does for the jobs of a queue. */
export interface QueuePart {
  readonly queue: Queue
  readonly leasing: Leasing
  readonly batch: BatchPlan
  readonly patience: Patience
  readonly files: QueueSettings['files']
  /** Names what is filed here: the same after an interruption. */
  readonly filing: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** After a signal, slots have so long to leave nothing half done, and to give their jobs back. */
const LAST_MS = 1500

/** Files the tasks of a batch, and leaves them to others. */
export function filingHands(part: QueuePart): Hands {
  return {
    work: (tasks, to) => untilInterrupted(part, (stop) => fileTasks(part, tasks, to, stop, () => {})),
  }
}

/** Collects the results of jobs that were filed. */
export function collectingHands(part: QueuePart, filed: readonly FiledJob[]): Hands {
  return {
    async work(tasks, to) {
      const jobs = new WaitingJobs()
      const byPath = new Map(filed.map((one) => [one.job.path, one]))
      for (const task of tasks) {
        const one = byPath.get(task.file.path)
        if (one === undefined) continue
        if (isUnchanged(one, task)) to.done(task, 'unchanged')
        else jobs.add(one, task)
      }
      await untilInterrupted(part, (stop) => collectJobs(part, jobs, to, stop))
    },
  }
}

/** Files, works and collects. */
export function allHands(part: QueuePart, slots: readonly WorkSlot[]): Hands {
  return {
    work: (tasks, to) =>
      untilInterrupted(part, async (stop) => {
        const jobs = new WaitingJobs()
        jobs.isFiled = false
        const filing = fileTasks(part, tasks, to, stop, (one, task) => jobs.add(one, task)).then(() => {
          jobs.isFiled = true
        })
        const worked = new AbortController()
        const working = workOn(part, slots, AbortSignal.any([stop, worked.signal]))
        const collecting = collectJobs(part, jobs, to, stop).finally(() => worked.abort())
        await Promise.all([filing, working, collecting])
      }),
  }
}

/** Takes jobs until there is no queue any more, or a signal ends it. Throws Interrupted, InputError. */
export function workForQueue(part: QueuePart, slots: readonly WorkSlot[]): Promise<void> {
  return untilInterrupted(part, (stop) => workOn(part, slots, stop))
}

/** Jobs that have no result yet. */
class WaitingJobs {
  readonly byKey = new Map<string, FiledJob>()
  readonly tasks = new Map<string, FileTask>()
  isFiled = true

  add(one: FiledJob, task: FileTask): void {
    this.byKey.set(one.job.key, one)
    this.tasks.set(one.job.key, task)
  }
}

function isUnchanged({ job }: FiledJob, { unlessSha256 }: FileTask): boolean {
  return unlessSha256 !== undefined && contentOf(job) === unlessSha256
}

/** Ends the work when a signal comes, or when some of it fails. */
async function untilInterrupted({ patience }: QueuePart, begin: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const all = begin(stop.signal)
  try {
    await patience.wait(all)
  } catch (error) {
    stop.abort()
    if (error instanceof Interrupted) await Promise.race([all.catch(() => {}), setTimeout(LAST_MS)])
    throw error
  }
}

async function fileTasks(
  part: QueuePart,
  tasks: readonly FileTask[],
  to: TaskEars,
  stop: AbortSignal,
  filed: (one: FiledJob, task: FileTask) => void,
): Promise<void> {
  const { queue, batch, filing, files } = part
  await leaveSettings(queue, { batch, files })
  async function* jobs(): AsyncGenerator<FiledJob> {
    for (const task of tasks) {
      const one = await jobOfTask(part, task)
      if (isUnchanged(one, task)) to.done(task, 'unchanged')
      else {
        filed(one, task)
        if (files === 'sent' && contentOf(one.job) !== undefined) await sendInput(queue, one)
        yield one
      }
    }
  }
  await enqueue(queue, filing, jobs(), stop)
}

async function jobOfTask({ batch, patience }: QueuePart, { file }: FileTask): Promise<FiledJob> {
  const facts = await factsOf(file, patience)
  return jobOf(file, 'failure' in facts ? undefined : facts.sha256, batch)
}

async function workOn(part: QueuePart, slots: readonly WorkSlot[], stop: AbortSignal): Promise<void> {
  const { queue, leasing, batch, files } = part
  const scratch = files === 'sent' ? scratchFolder(batch) : undefined
  stop.addEventListener('abort', () => {
    for (const slot of slots) slot.interrupt()
  })
  try {
    await work({
      queue,
      leasing,
      slots: slots.map((slot, number) => jobSlot(part, slot, scratch && join(scratch, String(number)))),
      failed: (one, why) => failedLines(part, one, why),
      stop,
    })
  } finally {
    await Promise.all(slots.map((slot) => slot.end()))
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  }
}

/** `scratch`: a folder that is made for each file that was sent. */
function jobSlot({ queue, batch }: QueuePart, slot: WorkSlot, scratch: string | undefined): JobSlot {
  if (scratch === undefined) return async ({ file }) => manifestLines(await slot.convert(file, batch))
  return async (one) => manifestLines(await convertSent(queue, slot, one, batch, scratch))
}

function collectJobs(part: QueuePart, jobs: WaitingJobs, to: TaskEars, stop: AbortSignal): Promise<void> {
  const { queue, leasing, batch, patience, files } = part
  queue.jobs.watchWork((key) => {
    const task = jobs.tasks.get(key)
    if (task !== undefined) to.begun(task)
  })
  return collect({
    queue,
    leasing,
    jobs: jobs.byKey,
    isFiled: () => jobs.isFiled,
    async accept(one, lines) {
      const { key } = one.job
      const entries = entriesIn(lines)
      const task = jobs.tasks.get(key)
      if (entries === undefined || task === undefined) return false
      if (files === 'sent' && !(await fetchResults(queue, key, entries, batch))) return false
      if ((await alteredOutputs(batch.folder, entries, patience)).length > 0) return false
      to.done(task, { entries })
      jobs.tasks.delete(key)
      if (files === 'sent') await forgetSent(queue, one, entries, batch)
      return true
    },
    failed: (one, why) => failedLines(part, one, why),
    stop,
  })
}

/** The line of a file that was given up. */
function failedLines({ batch, clock }: QueuePart, { job, file }: FiledJob, why: string): string {
  const now = clock()
  const failure = why.startsWith(`${file.path}: `) ? why : `${file.path}: ${why}`
  const [entry] = withoutResult(file, batch, { status: 'failed', failure }, now, now)
  const content = contentOf(job)
  return manifestLines([content === undefined ? entry : { ...entry, content_sha256: content }])
}
