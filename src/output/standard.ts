import { type BigIntStats, fstatSync } from 'node:fs'
import { attempt } from './fault.ts'
import { fileWriter, PipeWriter, type Writer } from './writer.ts'

/** Stdout, stderr, or another output that is open from the start. */
export interface StandardOutput {
  /**
   * What the system knows of it; undefined where it is in memory. Throws InputError, by that name, where it is not
   * open.
   */
  stats(name: string): BigIntStats | undefined
  /** Takes blocks. Its errors call it by that name. Throws InputError where it is not open. */
  open(name: string): Writer
  /** All bytes are written when it returns. Throws InputError, by that name, and BrokenPipe. */
  writeNow(bytes: Buffer, name: string): void
  /** Undefined where it is no terminal. */
  terminal(): Promise<{ readonly columns: number } | undefined>
}

/** What a run has without naming it. */
export interface StandardStreams {
  readonly stdin: { readonly stats: BigIntStats | undefined }
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
}

/** An open descriptor. Node's own streams report a full disk and a closed pipe too late. */
export function descriptorOutput(fd: number): StandardOutput {
  const stats = (name: string): BigIntStats => attempt(name, () => fstatSync(fd, { bigint: true }))
  return {
    stats,
    open: (name) => (takesAtOnce(stats(name)) ? fileWriter(fd, name) : new PipeWriter(fd, name)),
    writeNow(bytes, name) {
      const writer = fileWriter(fd, name)
      writer.write(bytes)
      writer.room()
    },
    async terminal() {
      // On demand: `node:tty` takes some milliseconds of every run.
      const { isatty, WriteStream } = await import('node:tty')
      return isatty(fd) ? { columns: new WriteStream(fd).columns } : undefined
    },
  }
}

/** /dev/null by its number, which is that of Linux. */
function takesAtOnce(stats: BigIntStats): boolean {
  return stats.isFile() || (stats.isCharacterDevice() && stats.rdev === LINUX_NULL)
}

const LINUX_NULL = 0x103n

/** Keeps what is written. */
export class MemoryOutput implements StandardOutput {
  private readonly blocks: Buffer[] = []

  /** All that was written. */
  get bytes(): Buffer {
    return Buffer.concat(this.blocks)
  }

  stats(): undefined {}

  open(): Writer {
    return { write: (block) => this.writeNow(block), room() {}, async end() {} }
  }

  writeNow(bytes: Buffer): void {
    this.blocks.push(Buffer.from(bytes))
  }

  async terminal(): Promise<undefined> {}
}
