// Who converts the files of a batch: all threads on one large file, then each thread its own files.
import { closeSync, openSync, readSync } from 'node:fs'
import type { Adapter } from '../contract.ts'
import { packedForm } from '../input/known-forms.ts'
import { layerOf } from '../input/layer.ts'
import type { Patience } from '../input/patience.ts'
import { isShareable, openCores } from '../run/cores/cores.ts'
import { pathOf } from '../text/file-name.ts'
import type { SomeHands } from './run.ts'
import { type FileTask, ownHands } from './task.ts'
import { threadHands } from './threads.ts'
import { type BatchPlan, Workbench } from './workbench.ts'

export interface HandsWish {
  readonly batch: BatchPlan
  /** Threads. */
  readonly jobs: number
  /** Of the threads. Undefined: the program has none, and this thread works alone. */
  readonly script: URL | undefined
  readonly adapters: readonly Adapter[]
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly patience: Patience
  /** The folder of the package. */
  readonly home: URL
}

/** A smaller file is converted in less time than threads need to start and to share it. */
const LEAST_SHARED = 32 * 2 ** 20

export function handsFor({ batch, jobs, script, ...surroundings }: HandsWish): readonly SomeHands[] {
  const { clock, patience, home } = surroundings
  if (jobs === 1 || script === undefined)
    return [{ takes: () => true, hands: ownHands(new Workbench(batch, surroundings)) }]
  const { plan } = batch
  const together = new Workbench(batch, {
    ...surroundings,
    cores: (wired, output) => openCores({ jobs, plan, script, wired, output, patience }),
  })
  return [
    {
      takes: (task, all) => isShareable(plan) && isLargest(task, all, jobs) && isPlain(task.file.path),
      hands: ownHands(together, 1),
    },
    { takes: () => true, hands: threadHands({ jobs, script, home, batch, patience, clock }) },
  ]
}

/** One thread would still work on it when the others have nothing left to do. */
function isLargest({ file }: FileTask, all: readonly FileTask[], jobs: number): boolean {
  return file.size >= LEAST_SHARED && file.size * jobs > all.reduce((sum, task) => sum + task.file.size, 0)
}

function isPlain(path: string): boolean {
  try {
    const fd = openSync(pathOf(path), 'r')
    const head = Buffer.alloc(512)
    const length = readSync(fd, head)
    closeSync(fd)
    return layerOf(head.subarray(0, length)) === undefined && packedForm(head.subarray(0, length)) === undefined
  } catch {
    return false
  }
}
