import { setTimeout } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { InputError } from '../errors.ts'
import type { Patience } from '../input/patience.ts'
import { withoutResult } from './convert-file.ts'
import { ABREAST, type FileTask, type Hands, type TaskEars, type TaskOutcome } from './task.ts'
import { startThread, type TaskReport } from './thread.ts'
import type { BatchPlan } from './workbench.ts'

/** A thread has so many files more than it works on, so that it never waits for the next one. */
const AHEAD = 4
/** Of files that are handed over ahead: no thread keeps another one's large files. */
const AHEAD_BYTES = 8 * 2 ** 20
/** After a signal, threads have so long to leave nothing half done. */
const LAST_MS = 1500

export interface ThreadWish {
  /** How many. */
  readonly jobs: number
  /** Of the program. */
  readonly script: URL
  /** The folder of the package. */
  readonly home: URL
  readonly batch: BatchPlan
  readonly patience: Patience
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Threads of this process. They start with the first task, and end with the last one. */
export function threadHands(wish: ThreadWish): Hands {
  return {
    work: (tasks, to) => new ThreadCrew(wish, tasks, to).work(),
  }
}

/** A thread, and what it was given. */
interface Hand {
  readonly worker: Worker
  readonly given: Map<string, FileTask>
}

class ThreadCrew {
  private readonly wish: ThreadWish
  private readonly to: TaskEars
  private readonly waiting: FileTask[]
  /** Those that a thread had when it died. Each is given to a thread that has no other. */
  private readonly suspects: FileTask[] = []
  private readonly hands = new Set<Hand>()
  private readonly ends = new SharedArrayBuffer(4)
  private settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined
  private isEnding = false

  constructor(wish: ThreadWish, tasks: readonly FileTask[], to: TaskEars) {
    this.wish = wish
    this.to = to
    this.waiting = tasks.toReversed()
  }

  async work(): Promise<void> {
    const { wish } = this
    const all = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject }
    })
    const count = Math.min(wish.jobs, this.waiting.length)
    for (let number = 0; number < count; number++) this.hire()
    this.settleWhereDone()
    try {
      await wish.patience.wait(all)
    } catch (error) {
      this.isEnding = true
      Atomics.store(new Int32Array(this.ends), 0, 1)
      const empty = new Promise<void>((resolve, reject) => {
        this.settle = { resolve, reject }
      })
      this.settleWhereDone()
      await Promise.race([empty.catch(nothing), setTimeout(LAST_MS)])
      throw error
    } finally {
      this.isEnding = true
      await Promise.all([...this.hands].map(({ worker }) => worker.terminate()))
    }
  }

  private hire(): void {
    const { script, home, batch } = this.wish
    const worker = startThread(script, { batch, home: home.href, ends: this.ends })
    const hand: Hand = { worker, given: new Map() }
    this.hands.add(hand)
    worker.on('message', (report: TaskReport) => this.hear(hand, report))
    worker.on('error', (error) => this.lose(hand, String(error)))
    worker.on('exit', (code) => this.lose(hand, `status ${code}`))
    this.give(hand)
  }

  /** Small files are handed over several at once. */
  private give({ worker, given }: Hand): void {
    if (this.isEnding) return
    const hasSuspect = [...given.values()].some((task) => this.suspects.includes(task))
    let bytes = [...given.values()].reduce((sum, { file }) => sum + file.size, 0)
    while (!hasSuspect && given.size < ABREAST + AHEAD && (given.size === 0 || bytes < AHEAD_BYTES)) {
      const task = this.waiting.pop() ?? (given.size === 0 ? this.suspectLeft() : undefined)
      if (task === undefined) return
      given.set(task.file.path, task)
      bytes += task.file.size
      this.to.begun(task)
      worker.postMessage(task)
      if (this.suspects.includes(task)) return
    }
  }

  private suspectLeft(): FileTask | undefined {
    const taken = new Set([...this.hands].flatMap(({ given }) => [...given.values()]))
    return this.suspects.find((task) => !taken.has(task))
  }

  private hear(hand: Hand, { task: { file }, outcome }: TaskReport): void {
    const task = hand.given.get(file.path)
    if (task === undefined) return
    if (typeof outcome === 'object' && 'fatal' in outcome) {
      hand.given.delete(file.path)
      this.settle?.reject(new InputError(outcome.fatal, outcome.hint))
      return
    }
    this.finish(hand, task, outcome === 'interrupted' ? undefined : outcome)
    this.give(hand)
    this.settleWhereDone()
  }

  private finish({ given }: Hand, task: FileTask, outcome: TaskOutcome | undefined): void {
    given.delete(task.file.path)
    const suspect = this.suspects.indexOf(task)
    if (suspect >= 0) this.suspects.splice(suspect, 1)
    try {
      if (outcome !== undefined) this.to.done(task, outcome)
    } catch (error) {
      this.settle?.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** A thread has died. The file that kills a thread that has no other is given up. */
  private lose(hand: Hand, why: string): void {
    if (!this.hands.delete(hand) || this.isEnding) return
    const tasks = [...hand.given.values()]
    const [only] = tasks
    if (only !== undefined && (tasks.length === 1 || this.suspects.includes(only))) {
      const { batch, clock } = this.wish
      const now = clock()
      const failure = `${only.file.path}: the thread that converted it died of it: ${why}`
      this.finish(hand, only, { entries: withoutResult(only.file, batch, { status: 'failed', failure }, now, now) })
    } else this.suspects.push(...tasks.filter((task) => !this.suspects.includes(task)))
    if (this.waiting.length + this.suspects.length > 0) this.hire()
    this.settleWhereDone()
  }

  private settleWhereDone(): void {
    const isIdle = [...this.hands].every(({ given }) => given.size === 0)
    if (isIdle && (this.isEnding || this.waiting.length + this.suspects.length === 0)) this.settle?.resolve()
  }
}

function nothing(): void {}
