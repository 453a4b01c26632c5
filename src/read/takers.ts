import type { Adapter } from '../contract.ts'
import { promptEnd } from '../text/prompt.ts'
import type { Books } from './books.ts'
import { impliedSeam, LIKELY, SURE, surest } from './detect.ts'
import type { ImpliedBeside, Seam } from './seam.ts'

/** Who reads, and who may take over. */
interface Charge {
  readonly own: Seam | undefined
  readonly others: readonly Adapter[]
  /** Those of the others that have read in this input. */
  readonly heard: readonly Adapter[]
  readonly implied: ImpliedBeside | undefined
  /** Offset of the seam that made the reader in charge: no adapter is asked about that line again. */
  readonly since: number
}

/** Answers whether another adapter takes a line from the reader in charge. */
export class Takers {
  /** Set when another adapter takes the line at `claimed`: the core changes readers. */
  seam: Seam | undefined = undefined
  private charge: Charge = { own: undefined, others: [], heard: [], implied: undefined, since: -1 }
  private readonly books: Books

  constructor(books: Books) {
    this.books = books
  }

  /** The reader of `own` takes over; `others` may take over from it, of which `heard` have read in this input. */
  enter(
    others: readonly Adapter[],
    heard: readonly Adapter[] = [],
    implied: ImpliedBeside | undefined = undefined,
    own: Seam | undefined = undefined,
  ): void {
    const since = implied?.inCharge === 'by default' ? -1 : this.books.nextOffset
    this.charge = { own, others, heard, implied, since }
    this.seam = undefined
  }

  /** Runs `read`, in which other readers take over; then the reader in charge is the one that it was. */
  lend(read: () => void): void {
    const { charge } = this
    read()
    this.charge = charge
    this.seam = undefined
  }

  /** True when another adapter takes the next line. `isForeign`: the reader in charge does not know whose it is. */
  changesReader(isForeign: boolean): boolean {
    return !this.isDecided && this.changeTo(this.takerAt(this.books.claimed, isForeign))
  }

  /**
   * True when another adapter has a claim to data of the reader in charge. `isOpen`: also one that has not read here.
   */
  yields(isOpen: boolean): boolean {
    const { heard, others } = this.charge
    const asked = isOpen ? others : heard
    if (asked.length === 0 || this.isDecided) return false
    const line = this.books.lineAt(this.books.claimed)
    return this.changeTo(surest(line, heard, 1) ?? surest(line, asked, SURE))
  }

  /** Who takes the line at `start` of the window from the reader in charge. */
  takerAt(start: number, isForeign: boolean): Seam | undefined {
    const { others } = this.charge
    if (others.length === 0) return undefined
    const line = this.books.lineAt(start)
    return surest(line, others, SURE) ?? this.otherFormatOf(line) ?? (isForeign ? this.takerOf(line) : undefined)
  }

  /** The adapter in charge, where it is sure that the line is of another format of its own. */
  private otherFormatOf(line: string): Seam | undefined {
    const { own } = this.charge
    if (own?.adapter.changesFormat !== true) return undefined
    const found = surest(line, [own.adapter], SURE)
    return found?.verdict.format === own.verdict.format ? undefined : found
  }

  /**
   * `$ 3 drops at …`: the length of a prompt before the next line's text, where an adapter knows that text: the prompt
   * is a message then, and the seam is after it. 0: there is no such prompt.
   */
  promptBefore(): number {
    const line = this.books.lineAt(this.books.claimed)
    const end = promptEnd(line)
    if (end === 0 || end >= line.length) return 0
    const { own, others, heard } = this.charge
    const rest = line.slice(end)
    const here = own === undefined ? heard : [own.adapter, ...heard]
    return this.changeTo(surest(rest, here, LIKELY) ?? surest(rest, others, SURE)) ? end : 0
  }

  /**
   * Who takes a line that no adapter is sure of: one that finds it likely, and has read in this input; the implied
   * reader, if it knows the line; from the implied reader, one that finds it likely, or the reader before.
   */
  private takerOf(line: string): Seam | undefined {
    const { implied, others, heard } = this.charge
    const known = surest(line, heard, LIKELY)
    if (known !== undefined || implied === undefined) return known
    if (implied.inCharge !== undefined) return surest(line, others, LIKELY) ?? implied.before
    return implied.reads(line) ? impliedSeam(implied.adapter) : undefined
  }

  /**
   * True where no other adapter is asked: the reader in charge was just found, or given, or a document is within a
   * line.
   */
  private get isDecided(): boolean {
    const { others, since } = this.charge
    const { nextOffset, form, isAtLineStart } = this.books
    return others.length === 0 || nextOffset === since || (form === 'document' && !isAtLineStart)
  }

  private changeTo(seam: Seam | undefined): boolean {
    this.seam = seam
    return seam !== undefined
  }
}
