import { crc32 } from 'node:zlib'
import { InputError } from '../../errors.ts'
import { shellWord } from '../../text/printable.ts'
import { countLines, endOfLines } from '../backlog.ts'
import type { InputTaken } from './frame.ts'

/** What is new of the lines of an input. */
export interface NewLines {
  readonly lines: Buffer
  readonly records: number
  /** How many lines before them an earlier run took. */
  readonly known: number
}

/**
 * An input that is read again from its beginning after a run that did not end: the lines that the earlier run took are
 * counted and left out. The same bytes give the same lines, and the checksum shows where they do not.
 */
export class InputInSpool {
  private readonly path: string
  private readonly before: InputTaken | undefined
  private records = 0
  private sum = 0

  /** `before`: what an earlier run took of it. */
  constructor(path: string, before: InputTaken | undefined) {
    this.path = path
    this.before = before
  }

  /** Throws InputError where the lines that were taken before are not these. */
  take(lines: Buffer): NewLines {
    const all = countLines(lines)
    const known = Math.min(all, Math.max(0, this.taken - this.records))
    const end = known === all ? lines.length : endOfLines(lines, known)
    this.add(lines.subarray(0, end), known)
    if (known > 0 && this.records === this.taken && this.sum !== this.before?.crc32) throw this.isOther()
    const rest = lines.subarray(end)
    this.add(rest, all - known)
    return { lines: rest, records: all - known, known }
  }

  /** Its state after the lines that came. Throws InputError where an earlier run took more. */
  state(ended: boolean): InputTaken {
    if (ended && this.records < this.taken) throw this.isOther()
    return { path: this.path, records: this.records, crc32: this.sum, ended }
  }

  /** An earlier run took more of it than came until now. */
  get isBehind(): boolean {
    return this.records < this.taken
  }

  private get taken(): number {
    return this.before?.records ?? 0
  }

  private add(lines: Buffer, records: number): void {
    this.records += records
    this.sum = crc32(lines, this.sum)
  }

  private isOther(): InputError {
    return new InputError(
      `${shellWord(this.path)}: its first records are not the ${this.taken} that an earlier run took into the spool`,
      'with the same spool, ship /dev/null first: it sends what the spool holds',
    )
  }
}
