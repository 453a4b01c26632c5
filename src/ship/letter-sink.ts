import { lineOf } from '../event/line.ts'
import type { EventRecord } from '../event/record.ts'
import type { Sink } from '../sinks/sink.ts'
import type { Chunk } from './backlog.ts'
import type { Undelivered } from './dead-letters.ts'
import { Letter } from './letter.ts'
import type { Packer } from './packer.ts'
import type { Parcel, Parcels } from './parcel.ts'

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
  /** Where the line of the next one begins. */
  at: number
}

const LF = 10

/** So many bytes of lines that have no place are refused at once. */
const MOST_UNFIT_BYTES = 1024 * 1024

/** Makes letters of records that are read from the backlog, chunk by chunk. */
export class LetterSink implements Sink {
  private readonly packer: Packer
  private readonly parcels: Parcels
  private readonly posting: Posting
  private readonly unread: UnreadChunk[] = []
  private letters: Letter[] = []
  private unfit: Undelivered[] = []
  private unfitOf: Parcel[] = []
  private unfitBytes = 0

  constructor(packer: Packer, parcels: Parcels, posting: Posting) {
    this.packer = packer
    this.parcels = parcels
    this.posting = posting
  }

  /** The records that come now are those of this chunk, after those of the last one. */
  begin(chunk: Chunk): void {
    const [before] = this.unread
    if (before !== undefined) throw new RangeError(`${before.records} records of a chunk were not read back`)
    this.unread.push({ parcel: this.parcels.of(chunk), records: chunk.records, at: 0 })
  }

  write(record: EventRecord): undefined {
    const line = lineOf(record)
    const packed = this.packer.pack(record, line)
    if ('unfit' in packed) {
      this.refuse(line, packed.unfit)
      return
    }
    const unread = this.nextUnread()
    const { parcel, at: lineStart } = unread
    const { text, group, ns, id } = packed
    const start = parcel.end
    parcel.pack(text)
    const place = { lineStart, lineEnd: this.passLine(unread), start, end: parcel.end }
    this.letters.push(new Letter(parcel, place, group, ns, id))
  }

  /** A line that has no letter. */
  refuse(line: string, reason: string): void {
    this.unfit.push({ line, refusal: { reason } })
    const unread = this.nextUnread()
    this.unfitOf.push(unread.parcel)
    this.passLine(unread)
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
    const unread = this.unread.flatMap(({ parcel, at }) => linesOf(parcel.chunk.lines.subarray(at)))
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

  private nextUnread(): UnreadChunk {
    const [first] = this.unread
    if (first === undefined) throw new RangeError('a record of no chunk')
    return first
  }

  /** The record of the next line came; gives the end of the line. */
  private passLine(unread: UnreadChunk): number {
    const end = unread.parcel.chunk.lines.indexOf(LF, unread.at)
    unread.at = end + 1
    unread.records--
    if (unread.records === 0) this.unread.shift()
    return end
  }
}

/** Whole lines, without their ends, in latin1. */
export function linesOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').split('\n').slice(0, -1)
}
