// A batch from its files to its results: what is done already is kept, the rest is given to hands.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Interrupted } from '../input/patience.ts'
import { attempt } from '../output/fault.ts'
import { pathOf } from '../text/file-name.ts'
import { type DecisionWish, taskOf } from './decide.ts'
import type { FileEntries, ManifestEntry } from './manifest.ts'
import { ManifestFile } from './manifest-file.ts'
import { removePartials } from './partials.ts'
import { BatchProgress, type ProgressPlace } from './progress.ts'
import { addFile, type BatchTally, emptyTally } from './tally.ts'
import type { FileTask, Hands, TaskOutcome } from './task.ts'
import type { TreeFile } from './tree.ts'
import type { BatchPlan } from './workbench.ts'

export interface BatchRun {
  readonly batch: BatchPlan
  readonly files: readonly TreeFile[]
  /** Name of the manifest in the folder of results. */
  readonly manifest: string
  /** Others write results to the folder, too: what they have half written is left to them until all is done. */
  readonly isShared: boolean
  readonly wish: DecisionWish
  /** Those that do tasks, one after the other; each is given what it takes of the tasks that are left. */
  readonly hands: readonly SomeHands[]
  readonly place: ProgressPlace
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

export interface SomeHands {
  takes(task: FileTask, all: readonly FileTask[]): boolean
  readonly hands: Hands
}

export interface BatchOutcome {
  readonly tally: BatchTally
  /** Files whose results were there. */
  readonly kept: number
  /** A signal ended it. What is whole is in the manifest. */
  readonly isInterrupted: boolean
  readonly manifest: ManifestFile
}

/** Each is in the manifest, too. */
const MOST_FAILURES_SAID = 10

/** Converts what is not converted yet. Throws what the outputs throw. */
export async function runBatch(run: BatchRun): Promise<BatchOutcome> {
  const { batch, files, hands } = run
  attempt(batch.folder, () => mkdirSync(pathOf(batch.folder), { recursive: true }))
  const { quarantine } = batch
  if (quarantine !== undefined) attempt(quarantine, () => mkdirSync(pathOf(quarantine), { recursive: true }))
  const tidy = (): void => {
    for (const folder of [batch.folder, quarantine])
      if (folder !== undefined) removePartials(folder, files, run.manifest)
  }
  if (!run.isShared) tidy()
  const manifest = new ManifestFile(join(batch.folder, run.manifest))
  const work = new BatchWork(run, manifest)
  try {
    let left = work.tasks
    for (const { takes, hands: own } of hands) {
      const taken = left.filter((task) => takes(task, left))
      left = left.filter((task) => !taken.includes(task))
      await own.work(taken, work)
    }
    await manifest.sort()
    if (run.isShared) tidy()
    return work.outcome(false)
  } catch (error) {
    // A full disk needs the room of what is half written.
    if (!run.isShared) tidy()
    if (!(error instanceof Interrupted)) throw error
    return work.outcome(true)
  } finally {
    work.progress.end()
  }
}

/** Tasks of a batch, and what is heard of them. */
class BatchWork {
  readonly tasks: readonly FileTask[]
  readonly progress: BatchProgress
  private readonly run: BatchRun
  private readonly manifest: ManifestFile
  private readonly tally = emptyTally()
  /** Results that were made in this run. */
  private readonly made = new Set<string>()
  private kept = 0
  private failures = 0

  constructor(run: BatchRun, manifest: ManifestFile) {
    this.run = run
    this.manifest = manifest
    const tasks: FileTask[] = []
    for (const file of run.files) {
      const known = manifest.entriesOf(file.path)
      const task = taskOf(file, known, run.batch, run.wish)
      if (task === undefined && known !== undefined) this.keep(known)
      else tasks.push(task ?? { file })
    }
    this.tasks = tasks
    this.progress = new BatchProgress(tasks, run.place, run.clock)
  }

  begun(task: FileTask): void {
    this.progress.begun(task)
  }

  done(task: FileTask, outcome: TaskOutcome): void {
    this.progress.done(task, outcome)
    const known = this.manifest.entriesOf(task.file.path)
    if (outcome === 'unchanged') {
      if (known !== undefined) this.keep(known)
      return
    }
    const { entries } = outcome
    this.removeStale(known ?? [], entries)
    this.manifest.append(entries)
    addFile(this.tally, entries)
    for (const entry of entries) this.sayFailure(entry)
  }

  outcome(isInterrupted: boolean): BatchOutcome {
    const { tally, kept, manifest } = this
    return { tally, kept, isInterrupted, manifest }
  }

  private keep(entries: FileEntries): void {
    this.kept++
    addFile(this.tally, entries)
  }

  /**
   * Before the manifest forgets them: a run that is killed in between finds them missing, and makes them again.
   */
  private removeStale(known: readonly ManifestEntry[], entries: FileEntries): void {
    const { folder, quarantine } = this.run.batch
    for (const { output } of entries) if (output !== undefined) this.made.add(output)
    const rejects = new Set(entries.map((entry) => entry.quarantine))
    for (const old of known) {
      if (old.output !== undefined && !this.made.has(old.output)) remove(join(folder, old.output))
      if (quarantine !== undefined && old.quarantine !== undefined && !rejects.has(old.quarantine))
        remove(join(quarantine, old.quarantine))
    }
  }

  private sayFailure(entry: ManifestEntry): void {
    const why = entry.failure ?? entry.report?.failure ?? entry.report?.bugs[0]
    if (why === undefined || entry.status === 'not-recognised') return
    this.failures++
    if (this.failures <= MOST_FAILURES_SAID) this.progress.say(why)
    if (this.failures === MOST_FAILURES_SAID) this.progress.say('further failures are in the manifest alone')
  }
}

function remove(path: string): void {
  rmSync(pathOf(path), { force: true })
}
