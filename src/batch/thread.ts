// What a thread of a batch does: tasks come in, outcomes go out.
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { Adapter } from '../contract.ts'
import { TracenormError } from '../errors.ts'
import { Interrupted, type Patience } from '../input/patience.ts'
import { doTask, type FileTask, type TaskOutcome } from './task.ts'
import { type BatchPlan, Workbench } from './workbench.ts'

/** What a thread is given at its start. */
interface FileWork {
  readonly work: 'files'
  readonly batch: BatchPlan
  /** The address of the folder of the package. */
  readonly home: string
  /** One number; not 0: the batch ends. */
  readonly ends: SharedArrayBuffer
}

/** What a thread says of a task. `interrupted`: nothing is left of it. `fatal`: no other task can be done, either. */
export interface TaskReport {
  readonly task: FileTask
  readonly outcome: TaskOutcome | 'interrupted' | { readonly fatal: string; readonly hint: string | undefined }
}

/** Starts a thread that does tasks, by this script of the program, which is to call `workOnFiles`. */
export function startThread(script: URL, work: Omit<FileWork, 'work'>): Worker {
  const task: FileWork = { work: 'files', ...work }
  return new Worker(script, { workerData: task })
}

/** Does the tasks that come in, until the batch ends this thread. `clock`: milliseconds since 1970. */
export function workOnFiles(adapters: readonly Adapter[], clock: () => number): void {
  const { batch, home, ends }: FileWork = workerData
  const bench = new Workbench(batch, {
    adapters,
    clock,
    home: new URL(home),
    patience: patienceUntil(new Int32Array(ends)),
  })
  parentPort?.on('message', async (task: FileTask) => {
    const report: TaskReport = { task, outcome: await outcomeOf(task, bench) }
    parentPort?.postMessage(report)
  })
}

async function outcomeOf(task: FileTask, bench: Workbench): Promise<TaskReport['outcome']> {
  try {
    return await doTask(task, bench)
  } catch (error) {
    if (error instanceof Interrupted) return 'interrupted'
    if (error instanceof TracenormError) return { fatal: error.message, hint: error.hint }
    throw error
  }
}

/** A thread that works hears no message: it looks at shared memory. */
function patienceUntil(ends: Int32Array): Patience {
  const check = (): void => {
    if (Atomics.load(ends, 0) !== 0) throw new Interrupted(false)
  }
  return {
    begins: check,
    async wait(work) {
      check()
      return work
    },
    pause: check,
  }
}
