import { TracenormError } from '../errors.ts'
import { Interrupted } from '../input/patience.ts'
import { convertFile, withoutResult } from './convert-file.ts'
import { factsOf } from './file-facts.ts'
import type { FileEntries } from './manifest.ts'
import type { TreeFile } from './tree.ts'
import type { Workbench } from './workbench.ts'

/** A file that may have to be converted. It is plain data. */
export interface FileTask {
  readonly file: TreeFile
  /** The results that are there are of bytes with this SHA-256: a file with the same is not converted. */
  readonly unlessSha256?: string | undefined
}

/** What became of it: its entries, or the results that are there are of this file. */
export type TaskOutcome = { readonly entries: FileEntries } | 'unchanged'

/** Does a task in this thread. A bug of ours is an entry. Throws Interrupted, and what the outputs throw. */
export async function doTask({ file, unlessSha256 }: FileTask, bench: Workbench): Promise<TaskOutcome> {
  const { batch, surroundings } = bench
  const { clock, patience } = surroundings
  const started = clock()
  try {
    if (unlessSha256 === undefined) return { entries: await convertFile(file, bench) }
    const facts = await factsOf(file, patience)
    if ('sha256' in facts && facts.sha256 === unlessSha256) return 'unchanged'
    return { entries: await convertFile(file, bench, 'sha256' in facts ? facts : undefined) }
  } catch (error) {
    if (error instanceof TracenormError || error instanceof Interrupted) throw error
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { entries: withoutResult(file, batch, { status: 'bug', failure }, started, clock()) }
  }
}

/** Who does the tasks of a batch. */
export interface Hands {
  /** Does them all, in any order. Throws Interrupted, and what the outputs throw. */
  work(tasks: readonly FileTask[], to: TaskEars): Promise<void>
}

/** What is heard of the tasks at work. */
export interface TaskEars {
  begun(task: FileTask): void
  done(task: FileTask, outcome: TaskOutcome): void
}

/** So many files are under way at once: while one is synced to the disk, another is converted. */
export const ABREAST = 4

/** This thread alone, on so many files at once. */
export function ownHands(bench: Workbench, abreast = ABREAST): Hands {
  return {
    async work(tasks, to) {
      const waiting = tasks[Symbol.iterator]()
      const line = async (): Promise<void> => {
        for (const task of waiting) {
          to.begun(task)
          to.done(task, await doTask(task, bench))
        }
      }
      await Promise.all(Array.from({ length: abreast }, line))
    },
  }
}
