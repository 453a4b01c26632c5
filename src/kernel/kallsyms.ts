// /proc/kallsyms: the addresses of the kernel's symbols (kernel/kallsyms.c, Linux 5.10 to 7.2), `ADDR TYPE NAME`, and
// `[MODULE]` after a TAB.
import { detached } from '../text/detached.ts'

/** A symbol, and how far after it an address is. */
export interface NearSymbol {
  /** latin1. */
  readonly name: string
  readonly offset: number
  /** latin1, without its brackets. */
  readonly module: string | undefined
}

/** Marks of the kernel's text that kallsyms names. */
export type TextMark = '_text' | '_stext' | '_etext'

export interface Kallsyms {
  /** Undefined: the file does not name it. */
  readonly marks: ReadonlyMap<TextMark, bigint>
  /** The function at the address. Undefined: none is near enough below it, or the file has a gap there. */
  nearest(address: bigint): NearSymbol | undefined
}

/** In a file with a choice of symbols: from this address on it has none, up to the next line. */
export const GAP = '?'

/** No function of Linux is longer. */
const LONGEST_FUNCTION = 2 ** 20
/** A kernel with all of its modules has some 250,000. */
const MOST_SYMBOLS = 2 ** 20
const TWO_32 = 2 ** 32
/** What a number holds exactly, as a distance of two symbols. */
const MOST_HIGH = 2 ** 20

/** `text` is latin1. The refusal is the end of a sentence that begins with the file's name. */
export function readKallsyms(text: string): Kallsyms | { readonly refused: string } {
  const lines = linesOf(text)
  if (lines.offsets.length === 0)
    return {
      refused: lines.isHidden
        ? 'its addresses are hidden; read /proc/kallsyms as root, with kernel.kptr_restrict below 2'
        : 'it has no lines as /proc/kallsyms has them',
    }
  return new SymbolTable(text, lines)
}

interface SymbolLines {
  /** Where the lines begin that are used. */
  readonly offsets: readonly number[]
  /** Their addresses, counted from `base` × 2^32. */
  readonly distances: readonly number[]
  readonly base: number
  readonly marks: ReadonlyMap<TextMark, bigint>
  /** All addresses are 0. */
  readonly isHidden: boolean
}

function linesOf(text: string): SymbolLines {
  const offsets: number[] = []
  const distances: number[] = []
  const marks = new Map<TextMark, bigint>()
  let base: number | undefined
  let isHidden = false
  for (let at = 0; at < text.length && offsets.length < MOST_SYMBOLS; ) {
    const end = text.indexOf('\n', at)
    const start = at
    at = end < 0 ? text.length : end + 1
    const digits = digitsOf(text, start)
    if (digits === 0 || !isFunction(text.charCodeAt(start + digits + 1))) continue
    const high = digits > 8 ? hexAt(text, start, start + digits - 8) : 0
    const low = hexAt(text, start + Math.max(0, digits - 8), start + digits)
    if (high === 0 && low === 0) {
      isHidden = true
      continue
    }
    base ??= high
    if (Math.abs(high - base) > MOST_HIGH) continue
    offsets.push(start)
    distances.push((high - base) * TWO_32 + low)
    if (text.charCodeAt(start + digits + 3) === UNDERSCORE) noteMark(text, start + digits + 3, at, high, low, marks)
  }
  return { offsets, distances, base: base ?? 0, marks, isHidden }
}

const UNDERSCORE = 95

function noteMark(
  text: string,
  start: number,
  end: number,
  high: number,
  low: number,
  marks: Map<TextMark, bigint>,
): void {
  if (end - start > 8) return
  const name = text.slice(start, end).trimEnd()
  if (name === '_text' || name === '_stext' || name === '_etext') marks.set(name, (BigInt(high) << 32n) | BigInt(low))
}

/** How many hexadecimal digits begin the line; 0 when no blank is after 8 to 16 of them. */
function digitsOf(text: string, start: number): number {
  const end = text.charCodeAt(start + 16) === BLANK ? start + 16 : text.indexOf(' ', start)
  const digits = end - start
  if (digits < 8 || digits > 16) return 0
  for (let at = start; at < end; at++) if (digitAt(text, at) < 0) return 0
  return digits
}

const BLANK = 32

function hexAt(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 16 + digitAt(text, at)
  return value
}

function digitAt(text: string, at: number): number {
  const c = text.charCodeAt(at)
  if (c >= 48 && c <= 57) return c - 48
  return c >= 97 && c <= 102 ? c - 87 : -1
}

/** `t T w W`, and the sign of a gap. */
function isFunction(type: number): boolean {
  return type === 116 || type === 84 || type === 119 || type === 87 || type === GAP.charCodeAt(0)
}

class SymbolTable implements Kallsyms {
  readonly marks: ReadonlyMap<TextMark, bigint>
  private readonly text: string
  private readonly base: bigint
  /** In ascending order, with the lines that they are of: the file as a whole is not in order. */
  private readonly distances: Float64Array
  private readonly offsets: Uint32Array

  constructor(text: string, { offsets, distances, base, marks }: SymbolLines) {
    const order = Uint32Array.from(offsets, (_, of) => of).sort(
      (a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b,
    )
    this.text = text
    this.marks = marks
    this.base = BigInt(base) << 32n
    this.distances = Float64Array.from(order, (of) => distances[of] ?? 0)
    this.offsets = Uint32Array.from(order, (of) => offsets[of] ?? 0)
  }

  nearest(address: bigint): NearSymbol | undefined {
    const distance = Number(address - this.base)
    if (!Number.isSafeInteger(distance)) return undefined
    const last = this.lastUpTo(distance)
    const found = this.distances[last]
    if (found === undefined || distance - found > LONGEST_FUNCTION) return undefined
    let best: SymbolLine | undefined
    for (let at = last; at >= 0 && this.distances[at] === found; at--) {
      const line = this.lineAt(at)
      if (best === undefined || isBetter(line, best)) best = line
    }
    if (best === undefined || best.type === GAP) return undefined
    return { name: detached(best.name), offset: distance - found, module: best.module }
  }

  /** The last symbol at or before the distance; -1: there is none. */
  private lastUpTo(distance: number): number {
    let low = 0
    let high = this.distances.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.distances[middle] ?? 0) <= distance) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  private lineAt(at: number): SymbolLine {
    const { text } = this
    const start = this.offsets[at] ?? 0
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end < 0 ? text.length : end)
    const blank = line.indexOf(' ')
    const tab = line.indexOf('\t', blank)
    const module = tab < 0 ? undefined : /\[([^\]]{1,64})\]/.exec(line.slice(tab))?.[1]
    return { type: line[blank + 1] ?? '', name: line.slice(blank + 3, tab < 0 ? line.length : tab).trimEnd(), module }
  }
}

interface SymbolLine {
  readonly type: string
  readonly name: string
  readonly module: string | undefined
}

/** Of two names of one address perf takes this one (choose_best_symbol of tools/perf/util/symbol.c, 6.1 to 7.2). */
function isBetter(one: SymbolLine, other: SymbolLine): boolean {
  if (one.type === GAP || other.type === GAP) return other.type === GAP
  const [oneWeak, otherWeak] = [/w/i.test(one.type), /w/i.test(other.type)]
  if (oneWeak !== otherWeak) return otherWeak
  const [oneGlobal, otherGlobal] = [one.type === 'T', other.type === 'T']
  if (oneGlobal !== otherGlobal) return oneGlobal
  const [oneLine, otherLine] = [underscores(one.name), underscores(other.name)]
  if (oneLine !== otherLine) return oneLine < otherLine
  return one.name.length > other.name.length
}

function underscores(name: string): number {
  return name.length - name.replace(/^_+/, '').length
}
