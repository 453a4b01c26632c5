import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import type { Sink } from '../sinks/sink.ts'
import { type Chunk, countLines, endOfLines } from './backlog.ts'
import type { Undelivered } from './dead-letters.ts'
import type { Letter, Parcel } from './letter.ts'
import type { Packer } from './packer.ts'

/** Where letters go. */
export interface Posting {
  /** Takes a letter; false: there is no room for it now. */
  post(letter: Letter): boolean
  /** Waits until there may be room. Nothing is posted any more when it gives false. */
  room(): Promise<boolean>
  /** These have no place in the platform's form. */
  refuse(letters: readonly Undelivered[], parcels: readonly Parcel[]): Promise<void>
}

/** A chunk that is being read. */
interface UnreadChunk {
  readonly parcel: Parcel
  /** So many of its records did not come yet. */
  records: number
}

/** So many bytes of lines that have no place are refused at once. */
const MOST_UNFIT_BYTES = 1024 * 1024

/** Makes letters of records that are read from the backlog, chunk by chunk. */
export class LetterSink implements Sink {
  private readonly packer: Packer
  private readonly posting: Posting
  private readonly unread: UnreadChunk[] = []
  private letters: Letter[] = []
  private unfit: Undelivered[] = []
  private unfitOf: Parcel[] = []
  private unfitBytes = 0

  constructor(packer: Packer, posting: Posting) {
    this.packer = packer
    this.posting = posting
  }

  /** The records that come now are those of this chunk, after those of the last one. */
  begin(chunk: Chunk): void {
    const [before] = this.unread
    if (before !== undefined) throw new RangeError(`${before.records} records of a chunk were not read back`)
    this.unread.push({ parcel: { chunk, unsettled: chunk.records }, records: chunk.records })
  }

  write(record: EventRecord): undefined {
    const line = lineOf(record)
    const packed = this.packer.pack(record, line)
    if ('unfit' in packed) this.refuse(line, packed.unfit)
    else this.letters.push({ line, ...packed, parcel: this.nextParcel() })
  }

  /** A line that has no letter. */
  refuse(line: string, reason: string): void {
    this.unfit.push({ line, refusal: { reason } })
    this.unfitOf.push(this.nextParcel())
    this.unfitBytes += line.length
  }

  flush(): Promise<void> | void {
    return this.postAll() && this.unfitBytes < MOST_UNFIT_BYTES ? undefined : this.settleDown()
  }

  /** Refuses what has no place; false: there was nothing. */
  async refuseUnfit(): Promise<boolean> {
    const { unfit, unfitOf } = this
    if (unfit.length === 0) return false
    this.unfit = []
    this.unfitOf = []
    this.unfitBytes = 0
    await this.posting.refuse(unfit, unfitOf)
    return true
  }

  /** Lines that came and that no lane has, in their order. */
  unposted(): readonly string[] {
    const unread = this.unread.flatMap(({ parcel: { chunk }, records }) => {
      const { lines } = chunk
      const rest = lines.subarray(endOfLines(lines, countLines(lines) - records))
      return linesOf(rest)
    })
    return [...this.letters.map(({ line }) => line), ...unread]
  }

  private async settleDown(): Promise<void> {
    await this.refuseUnfit()
    while (!this.postAll()) if (!(await this.posting.room())) return
  }

  /** False: there is no room for all letters. */
  private postAll(): boolean {
    const { letters, posting } = this
    let at = 0
    for (const letter of letters) {
      if (!posting.post(letter)) break
      at++
    }
    this.letters = at === letters.length ? [] : letters.slice(at)
    return this.letters.length === 0
  }

  private nextParcel(): Parcel {
    const [first] = this.unread
    if (first === undefined) throw new RangeError('a record of no chunk')
    first.records--
    if (first.records === 0) this.unread.shift()
    return first.parcel
  }
}

/** Whole lines, without their ends, in latin1. */
export function linesOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').split('\n').slice(0, -1)
}
