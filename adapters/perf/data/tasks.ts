// The names of threads, as COMM, FORK and EXIT say them in the order of time.
import type { Part } from '../../../src/event/part.ts'
import { taskPart } from '../../../src/kernel/task-parts.ts'

interface Task {
  /** latin1. Undefined: the recording does not say it. */
  readonly comm: string | undefined
  hasExited: boolean
  /** Of its samples so far. */
  pid: number
  process: Part | undefined
}

/** Threads whose names are remembered. */
const MOST_TASKS = 1 << 18
const IDLE = 'swapper'

export class Tasks {
  private readonly byTid = new Map<number, Task>([[0, taskOf(IDLE)]])

  named(tid: number, comm: string): void {
    this.put(tid, taskOf(comm))
  }

  /** A new thread has the name of the one that it was forked from. */
  forked(tid: number, parent: number): void {
    this.put(tid, taskOf(this.byTid.get(parent)?.comm))
  }

  /** It keeps its name: it drops packets until it is gone. */
  exited(tid: number): void {
    const task = this.byTid.get(tid)
    if (task !== undefined) task.hasExited = true
  }

  commOf(tid: number): string | undefined {
    return this.byTid.get(tid)?.comm
  }

  /** The `process` of a sample; undefined where no kernel gives such ids. */
  processOf(pid: number, tid: number): Part | undefined {
    let task = this.byTid.get(tid)
    if (task === undefined) {
      task = taskOf(undefined)
      this.put(tid, task)
    }
    if (task.process === undefined || task.pid !== pid) {
      task.pid = pid
      task.process = taskPart(task.comm, pid, tid)
    }
    return task.process
  }

  private put(tid: number, task: Task): void {
    if (this.byTid.size >= MOST_TASKS && !this.byTid.has(tid)) this.forgetSome()
    this.byTid.set(tid, task)
  }

  /** Threads that have exited, or else the oldest half. */
  private forgetSome(): void {
    for (const [tid, { hasExited }] of this.byTid) if (hasExited) this.byTid.delete(tid)
    let over = this.byTid.size - MOST_TASKS / 2
    for (const tid of this.byTid.keys()) if (over-- > 0) this.byTid.delete(tid)
  }
}

function taskOf(comm: string | undefined): Task {
  return { comm, hasExited: false, pid: -1, process: undefined }
}
