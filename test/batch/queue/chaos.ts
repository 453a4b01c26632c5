// The processes of a batch over a queue, which begin again when they are killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('one-process.mjs', import.meta.url))
export const THREAD = '../../../dist/coworker.cjs'
export const POISONED_THREAD = './poisoned-thread.mjs'

export interface Part {
  readonly words: readonly string[]
  readonly leaseMs: number
  readonly deliveries: number
  readonly filings: number
  readonly thread: string
  readonly cwd: string
}

/** A process that is started again until it ends with one of these statuses, or `stop`. */
export class Persistent {
  /** How often it was started. */
  starts = 0
  /** What it said last. */
  stderr = ''
  readonly ended: Promise<number>
  private child: ChildProcess | undefined
  private isStopped = false

  constructor(part: Part, enough: readonly number[]) {
    this.ended = this.run(part, enough)
  }

  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal)
  }

  stop(): void {
    this.isStopped = true
    this.kill('SIGKILL')
  }

  private async run(
    { words, leaseMs, deliveries, filings, thread, cwd }: Part,
    enough: readonly number[],
  ): Promise<number> {
    for (;;) {
      this.starts++
      const child = spawn(process.execPath, [SCRIPT, ...[leaseMs, deliveries, filings].map(String), thread, ...words], {
        cwd,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      this.child = child
      let said = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
      const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)))
      this.stderr = said
      if (this.isStopped || enough.includes(status)) return status
    }
  }
}
