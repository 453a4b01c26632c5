import type { SeekableInput, UnitForm } from '../contract.ts'
import { markEnd, maybeMark } from '../text/mark.ts'
import type { Ledger, UnitClass } from './ledger.ts'
import { Unit } from './unit.ts'
import { ShownWindow } from './window.ts'

/** A reader claimed no bytes, or bytes that it was not shown: a bug of ours. The line is rejected. */
export class NoClaim extends Error {}

/** The bytes of an input, as their origin offers them. Known from the first of them on. */
export interface InputBytes {
  readonly seekable?: SeekableInput | undefined
  /** A file out of an archive, which may hold files of any kind: text that no reader knows is no message there. */
  readonly isMember?: boolean
}

/** What was taken without being shown. */
export interface Repeated {
  readonly units: number
  /** All lines, and all bytes: those that are blank, too. */
  readonly lines: number
  readonly bytes: number
  readonly blanks: number
  readonly blankBytes: number
}

/** The only pen of the ledger: closes units where they are claimed, and knows where in the input that is. */
export class Books {
  /** Whose bytes were claimed last. */
  unit = new Unit()
  /** Of the format at work. */
  form: UnitForm = 'line'
  /** The next byte begins a line. */
  isAtLineStart = true
  /** Offset in the window up to which all is claimed. */
  claimed = 0
  /** 1-based, of the first byte not yet claimed. Lines are not counted in a binary input. */
  nextLine = 1
  /** Bytes of the decompressed input before that byte. */
  nextOffset = 0
  /** Offset in the input of its first line. */
  begin = 0
  /** Set when nothing more is to be read: `limit`, too many rejects. */
  stopped = false
  /** Lines that begin in what is claimed, for `half of them were foreign`; `prompts` are a shell's. */
  readonly lines = { foreign: 0, prompts: 0, all: 0 }
  readonly ledger: Ledger
  private window = new ShownWindow(Buffer.alloc(0), false)
  private readonly source: InputBytes

  /** `source`: where the bytes of kept units can be read again, perhaps. */
  constructor(ledger: Ledger, source: InputBytes = {}) {
    this.ledger = ledger
    this.source = source
  }

  /** A new window, which begins at the first byte not yet claimed. */
  show(window: ShownWindow): void {
    this.window = window
    this.claimed = 0
  }

  /** Claims up to `end`; gives the number of lines that are not blank. */
  close(as: UnitClass, end: number): number {
    const { claimed: start, window } = this
    if (!(end > start) || end > window.length)
      throw new NoClaim(`a claim from ${start} to ${end} in a window of ${window.length}`)
    const isBinary = this.form === 'binary'
    if (this.unit.isKept) this.unit = new Unit()
    this.unit.set(isBinary ? undefined : this.nextLine, this.nextOffset, window, start, end)
    const tally = this.ledger.units[as]
    tally.units++
    tally.bytes += end - start
    this.claimed = end
    this.nextOffset += end - start
    if (isBinary) return 0
    const lines = this.countLines(window, start, end)
    if (as !== 'blank' && as !== 'unread') this.lines.all += lines
    return lines
  }

  /** The unit claimed last, which stays as it is from now on. */
  keep(): Unit {
    if (this.unit.length === 0) throw new NoClaim('a name for a claim where nothing is claimed')
    this.unit.keep(this.source.seekable)
    return this.unit
  }

  /** So many units of data, each with one record, and empty lines between them were taken without being shown. */
  repeat({ units, lines, bytes, blanks, blankBytes }: Repeated): void {
    const { data, blank } = this.ledger.units
    data.units += units
    data.bytes += bytes - blankBytes
    blank.units += blanks
    blank.bytes += blankBytes
    this.ledger.made += units
    this.nextOffset += bytes
    this.nextLine += lines
    this.lines.all += lines - blanks
    if (this.form === 'line') this.isAtLineStart = true
  }

  /** Others claimed all before this place, where a line begins. */
  moveTo(offset: number, line: number): void {
    this.nextOffset = offset
    this.nextLine = line
    this.isAtLineStart = true
  }

  /** What is shown and never claimed. */
  unread(): void {
    if (this.claimed < this.window.length) this.close('unread', this.window.length)
  }

  /** Claims a byte order mark, which is neither data nor a line. `more`: the bytes may be the beginning of one. */
  takeMark(): 'taken' | 'more' | 'none' {
    if (this.nextOffset > 0) return 'none'
    const { text, last } = this.window
    if (!last && maybeMark(text)) return 'more'
    this.begin = markEnd(text)
    if (this.begin === 0) return 'none'
    const lines = this.close('structure', this.begin)
    this.lines.all -= lines
    return 'taken'
  }

  /** What is not claimed of the window up to `end`. */
  restTo(end: number): ShownWindow {
    return this.window.part(this.claimed, end)
  }

  /** The line at `start` of the window, with its end. */
  lineAt(start: number): string {
    return this.window.text.slice(start, this.lineEnd(start))
  }

  /** Offset after the line at `start`. */
  lineEnd(start: number): number {
    const lf = this.window.lineEndFrom(start)
    return lf < 0 ? this.window.length : lf + 1
  }

  /**
   * Line ends within the claim, and one more for a last line without; keeps `nextLine` at the line of the next byte.
   */
  private countLines(window: ShownWindow, start: number, end: number): number {
    let count = 0
    let at = window.lineEndFrom(start)
    while (at >= 0 && at < end) {
      count++
      if (at === end - 1) break
      at = window.lineEndFrom(at + 1)
    }
    this.nextLine += count
    this.isAtLineStart = at === end - 1
    return this.isAtLineStart ? count : count + 1
  }
}
