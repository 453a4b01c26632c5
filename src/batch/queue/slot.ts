// Where a worker of a queue converts its files: one at a time in each slot.
import type { Worker } from 'node:worker_threads'
import { InputError } from '../../errors.ts'
import type { FileEntries } from '../manifest.ts'
import { doTask } from '../task.ts'
import { startThread, type TaskReport } from '../thread.ts'
import type { TreeFile } from '../tree.ts'
import { type BatchPlan, type Surroundings, Workbench } from '../workbench.ts'

export interface WorkSlot {
  /** Throws InputError where a result cannot be written, or the thread died of the file. */
  convert(file: TreeFile, batch: BatchPlan): Promise<FileEntries>
  /** A file that is converted is left, and its promise rejects. */
  interrupt(): void
  end(): Promise<void>
}

/** A thread of the program. It begins with its first file, and anew after one that killed it. */
export class ThreadSlot implements WorkSlot {
  private readonly script: URL
  private readonly home: URL
  private readonly ends = new SharedArrayBuffer(4)
  private hired: { readonly thread: Worker; readonly batch: string } | undefined

  /** `script` is that of the threads of the program, `home` the folder of the package. */
  constructor(script: URL, home: URL) {
    this.script = script
    this.home = home
  }

  async convert(file: TreeFile, batch: BatchPlan): Promise<FileEntries> {
    const thread = await this.threadFor(batch)
    const { outcome } = await new Promise<TaskReport>((resolve, reject) => {
      const died = (why: string): void => {
        this.hired = undefined
        reject(new InputError(`${file.path}: the thread that converted it died of it: ${why}`))
      }
      thread.removeAllListeners()
      thread.on('message', resolve)
      thread.on('error', (error) => died(String(error)))
      thread.on('exit', (code) => died(`status ${code}`))
      thread.postMessage({ file })
    })
    if (outcome === 'interrupted' || outcome === 'unchanged') throw new InputError(`${file.path}: ${outcome}`)
    if ('fatal' in outcome) throw new InputError(outcome.fatal, outcome.hint)
    return outcome.entries
  }

  interrupt(): void {
    Atomics.store(new Int32Array(this.ends), 0, 1)
  }

  async end(): Promise<void> {
    await this.dismiss()
  }

  private async threadFor(batch: BatchPlan): Promise<Worker> {
    const wanted = batchName(batch)
    if (this.hired?.batch === wanted) return this.hired.thread
    await this.dismiss()
    const thread = startThread(this.script, { batch, home: this.home.href, ends: this.ends })
    this.hired = { thread, batch: wanted }
    return thread
  }

  private async dismiss(): Promise<void> {
    const { hired } = this
    this.hired = undefined
    if (hired === undefined) return
    hired.thread.removeAllListeners()
    await hired.thread.terminate()
  }
}

/** This thread, where the program has no others. Its files must be small: while it reads, it keeps no lease. */
export class OwnSlot implements WorkSlot {
  private readonly surroundings: Surroundings
  private bench: Workbench | undefined

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings
  }

  async convert(file: TreeFile, batch: BatchPlan): Promise<FileEntries> {
    if (this.bench === undefined || batchName(this.bench.batch) !== batchName(batch))
      this.bench = new Workbench(batch, this.surroundings)
    const outcome = await doTask({ file }, this.bench)
    if (outcome === 'unchanged') throw new InputError(`${file.path}: ${outcome}`)
    return outcome.entries
  }

  interrupt(): void {}

  async end(): Promise<void> {}
}

/** Two batches of this name convert alike, and to the same place. */
function batchName({ optionsSha256, folder }: BatchPlan): string {
  return `${optionsSha256} ${folder}`
}
