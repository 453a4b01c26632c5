import type { StandardOutput } from '../output/standard.ts'

const EVERY_MS = 1000
/** To the beginning of the line, and the rest of it cleared. */
const CLEAR = '\r\x1b[K'

/** A line on a terminal that shows how far a run is. Sentences that come meanwhile take its place. */
export class StatusLine {
  /** Stderr, for all others. */
  readonly stderr: StandardOutput
  private readonly terminal: StandardOutput | undefined
  private timer: NodeJS.Timeout | undefined
  private isShown = false

  private constructor(stderr: StandardOutput, isTerminal: boolean) {
    this.terminal = isTerminal ? stderr : undefined
    this.stderr = isTerminal ? this.cleared(stderr) : stderr
  }

  /** It speaks only where stderr is a terminal. */
  static async on(stderr: StandardOutput, speaks: boolean): Promise<StatusLine> {
    return new StatusLine(stderr, speaks && (await stderr.terminal()) !== undefined)
  }

  show(text: () => string): void {
    if (this.terminal === undefined) return
    this.timer = setInterval(() => {
      this.terminal?.writeNow(Buffer.from(`${CLEAR}tracenorm: ${text()}`), 'stderr')
      this.isShown = true
    }, EVERY_MS)
    this.timer.unref()
  }

  end(): void {
    clearInterval(this.timer)
    this.clear()
  }

  private clear(): void {
    if (this.isShown) this.terminal?.writeNow(Buffer.from(CLEAR), 'stderr')
    this.isShown = false
  }

  /** The same output, which clears the line before anything is written. */
  private cleared(stderr: StandardOutput): StandardOutput {
    return {
      stats: (name) => stderr.stats(name),
      terminal: () => stderr.terminal(),
      writeNow: (bytes, name) => {
        this.clear()
        stderr.writeNow(bytes, name)
      },
      open: (name) => {
        const writer = stderr.open(name)
        return {
          write: (block) => {
            this.clear()
            writer.write(block)
          },
          room: () => writer.room(),
          end: () => writer.end(),
        }
      },
    }
  }
}
