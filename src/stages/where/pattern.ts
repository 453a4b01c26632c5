// The pattern of `matches`: RE2 syntax, less what a backtracking engine could be made to run for hours with. Read here, and written
// again for JavaScript, where `.`, `\s` and the letters of a class mean something else.
import {
  ANY,
  bothCases,
  CLASSES,
  classSource,
  codeSource,
  NAMED_CLASSES,
  overlap,
  type Range,
  rangeSource,
} from './characters.ts'

/** What is wrong with a pattern, and at which of its characters. */
export interface PatternFault {
  readonly at: number
  readonly why: string
}

const LONGEST_PATTERN = 1000
/** RE2's own bound. */
const MOST_REPEATS = 1000

/** The pattern as JavaScript's; `PatternFault` where it is none, or more than is offered. */
export function compilePattern(pattern: string): RegExp | PatternFault {
  const reader = new PatternReader(pattern)
  try {
    return reader.read()
  } catch (fault) {
    if (fault instanceof Refusal) return { at: fault.at, why: fault.why }
    throw fault
  }
}

class Refusal extends Error {
  readonly at: number
  readonly why: string

  constructor(at: number, why: string) {
    super(why)
    this.at = at
    this.why = why
  }
}

/** A piece of a pattern that was read. */
interface Piece {
  /** For a RegExp with the flag `v`. */
  readonly source: string
  /** What it may begin with; of an empty one what comes next. */
  readonly first: readonly Range[]
  readonly mayBeEmpty: boolean
  /** Where the first quantifier within it is. */
  readonly quantifier: number | undefined
  /** Where two alternatives within it may begin with the same character. */
  readonly ambiguity: number | undefined
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 }

const ASSERTIONS: Readonly<Record<string, string>> = { A: '(?<![\\s\\S])', z: '(?![\\s\\S])', b: '\\b', B: '\\B' }

class PatternReader {
  private readonly text: string
  private at = 0
  private flags = ''

  constructor(text: string) {
    this.text = text
  }

  read(): RegExp {
    if (this.text.length > LONGEST_PATTERN)
      throw new Refusal(LONGEST_PATTERN, `a pattern has at most ${LONGEST_PATTERN} characters`)
    const flags = /^\(\?([a-z]+)\)/.exec(this.text)
    if (flags !== null) {
      this.flags = flags[1] ?? ''
      if (!/^[ims]+$/.test(this.flags)) throw new Refusal(2, 'the flags of a pattern are i, m and s')
      this.at = flags[0].length
    }
    const { source } = this.alternatives()
    if (this.at < this.text.length) throw new Refusal(this.at, 'a ")" without its "("')
    return new RegExp(source, this.flags.includes('i') ? 'vi' : 'v')
  }

  private get next(): string {
    return this.text.charAt(this.at)
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  /** `a|b|c`, to the end or a `)`. */
  private alternatives(): Piece {
    const start = this.at
    let whole = this.sequence()
    while (this.take('|')) {
      const other = this.sequence()
      const isAmbiguous = whole.mayBeEmpty || other.mayBeEmpty || overlap(whole.first, other.first)
      whole = {
        source: `${whole.source}|${other.source}`,
        first: [...whole.first, ...other.first],
        mayBeEmpty: whole.mayBeEmpty || other.mayBeEmpty,
        quantifier: whole.quantifier ?? other.quantifier,
        ambiguity: whole.ambiguity ?? (isAmbiguous ? start : other.ambiguity),
      }
    }
    return whole
  }

  private sequence(): Piece {
    let whole: Piece = EMPTY
    while (this.at < this.text.length && this.next !== '|' && this.next !== ')') {
      const piece = this.quantified()
      whole = {
        source: whole.source + piece.source,
        first: whole.mayBeEmpty ? [...whole.first, ...piece.first] : whole.first,
        mayBeEmpty: whole.mayBeEmpty && piece.mayBeEmpty,
        quantifier: whole.quantifier ?? piece.quantifier,
        ambiguity: whole.ambiguity ?? piece.ambiguity,
      }
    }
    return whole
  }

  private quantified(): Piece {
    const piece = this.atom()
    const start = this.at
    const bounds = this.bounds()
    if (bounds === undefined) return piece
    const { source, most, least } = bounds
    if (most > 1) {
      if (piece.quantifier !== undefined)
        throw new Refusal(start, 'a quantifier of a group that holds one: nested quantifiers are not offered')
      if (piece.ambiguity !== undefined)
        throw new Refusal(
          piece.ambiguity,
          'alternatives of a repeated group must begin with different characters, and none may be empty',
        )
    }
    const lazy = this.take('?') ? '?' : ''
    if (/^[*+?{]/.test(this.next) && this.isQuantifier())
      throw new Refusal(this.at, 'a quantifier of a quantifier: nested quantifiers are not offered')
    return {
      ...piece,
      source: `${piece.mayBeEmpty ? `(?:${piece.source})` : piece.source}${source}${lazy}`,
      mayBeEmpty: piece.mayBeEmpty || least === 0,
      quantifier: start,
    }
  }

  private isQuantifier(): boolean {
    return this.next !== '{' || BRACES.test(this.text.slice(this.at))
  }

  private bounds(): { readonly source: string; readonly least: number; readonly most: number } | undefined {
    if (this.take('*')) return { source: '*', least: 0, most: Number.POSITIVE_INFINITY }
    if (this.take('+')) return { source: '+', least: 1, most: Number.POSITIVE_INFINITY }
    if (this.take('?')) return { source: '?', least: 0, most: 1 }
    const braces = BRACES.exec(this.text.slice(this.at))
    if (braces === null) return undefined
    const [source, from = '', comma, to = ''] = braces
    const least = Number(from)
    const most = comma === undefined ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to)
    if (least > MOST_REPEATS || (most > MOST_REPEATS && to !== '') || most < least)
      throw new Refusal(this.at, `a repeat count is 0 to ${MOST_REPEATS}, the smaller first`)
    this.at += source.length
    return { source, least, most }
  }

  private atom(): Piece {
    const start = this.at
    if (this.take('(')) return this.group(start)
    if (this.take('[')) return this.characterClass(start)
    if (this.take('.')) return this.flags.includes('s') ? characters('[\\s\\S]', ANY) : characters('[^\\n]', ANY)
    if (this.take('^')) return assertion(this.flags.includes('m') ? '(?<![^\\n])' : '^')
    if (this.take('$')) return assertion(this.flags.includes('m') ? '(?![^\\n])' : '$')
    if (this.take('\\')) return this.escape(start)
    if (/^[*+?]/.test(this.next)) throw new Refusal(start, `nothing before "${this.next}" to repeat`)
    return this.literal(this.codePoint())
  }

  private group(start: number): Piece {
    if (this.take('?')) {
      const name = /^P?<[A-Za-z_]\w*>/.exec(this.text.slice(this.at))
      if (name !== null) this.at += name[0].length
      else if (!this.take(':'))
        throw new Refusal(start, 'of groups (…), (?:…), (?P<name>…), and flags at the begin, are offered')
    }
    const inner = this.alternatives()
    if (!this.take(')')) throw new Refusal(start, 'a "(" without its ")"')
    return { ...inner, source: `(?:${inner.source})` }
  }

  /** After a backslash, outside of a class. */
  private escape(start: number): Piece {
    const letter = this.next
    const assertionSource = ASSERTIONS[letter]
    if (assertionSource !== undefined) {
      this.at++
      return assertion(assertionSource)
    }
    const set = this.classEscape()
    if (set !== undefined) return characters(set.source, set.first)
    return this.literal(this.escaped(start))
  }

  /** `\d` and its like, after the backslash. */
  private classEscape(): { readonly source: string; readonly first: readonly Range[] } | undefined {
    const ranges = CLASSES[this.next.toLowerCase()]
    if (ranges === undefined) return undefined
    const isNegated = this.next !== this.next.toLowerCase()
    this.at++
    return { source: classSource(ranges, isNegated), first: isNegated ? ANY : ranges }
  }

  /** The character that an escape stands for, after the backslash. */
  private escaped(start: number): number {
    const letter = this.next
    const control = CONTROL[letter]
    if (control !== undefined) {
      this.at++
      return control
    }
    const hex = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.text.slice(this.at))
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16)
      if (code > 0x10ffff) throw new Refusal(start, 'no character has this number')
      this.at += hex[0].length
      return code
    }
    if (/^[1-9]/.test(letter)) throw new Refusal(start, 'back-references are not offered')
    if (letter === '' || /^[\dA-Za-z]/.test(letter)) throw new Refusal(start, `no escape "\\${letter}" is offered`)
    return this.codePoint()
  }

  private characterClass(start: number): Piece {
    const isNegated = this.take('^')
    const ranges: Range[] = []
    const sets: string[] = []
    let isFirst = true
    while (isFirst || this.next !== ']') {
      isFirst = false
      if (this.at >= this.text.length) throw new Refusal(start, 'a "[" without its "]"')
      const named = /^\[:(\^?)([a-z]+):\]/.exec(this.text.slice(this.at))
      const namedRanges = NAMED_CLASSES[named?.[2] ?? '']
      if (named !== null && namedRanges === undefined) throw new Refusal(this.at, `no class ${named[0]} is offered`)
      if (named !== null && namedRanges !== undefined) {
        this.at += named[0].length
        sets.push(classSource(namedRanges, named[1] === '^'))
        ranges.push(...(named[1] === '^' ? ANY : namedRanges))
        continue
      }
      const first = this.classMember(start)
      if (typeof first !== 'number') {
        sets.push(first.source)
        ranges.push(...first.first)
        continue
      }
      const dash = this.at
      const isRange = this.next === '-' && this.text.charAt(this.at + 1) !== ']' && this.take('-')
      const last = isRange ? this.classMember(start) : first
      if (typeof last !== 'number' || last < first) throw new Refusal(dash, 'a range of characters goes upwards')
      sets.push(rangeSource([first, last]))
      ranges.push([first, last])
    }
    this.at++
    const first = isNegated ? ANY : ranges
    return characters(`[${isNegated ? '^' : ''}${sets.join('')}]`, this.flags.includes('i') ? bothCases(first) : first)
  }

  private classMember(start: number): number | { readonly source: string; readonly first: readonly Range[] } {
    if (this.at >= this.text.length) throw new Refusal(start, 'a "[" without its "]"')
    const escapeStart = this.at
    if (!this.take('\\')) return this.codePoint()
    return this.classEscape() ?? this.escaped(escapeStart)
  }

  private codePoint(): number {
    const code = this.text.codePointAt(this.at) ?? 0
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  private literal(code: number): Piece {
    const first: readonly Range[] = [[code, code]]
    return characters(codeSource(code), this.flags.includes('i') ? bothCases(first) : first)
  }
}

const BRACES = /^\{(\d{1,9})(,(\d{0,9}))?\}/

const EMPTY: Piece = { source: '', first: [], mayBeEmpty: true, quantifier: undefined, ambiguity: undefined }

function assertion(source: string): Piece {
  return { ...EMPTY, source }
}

function characters(source: string, first: readonly Range[]): Piece {
  return { source, first, mayBeEmpty: false, quantifier: undefined, ambiguity: undefined }
}
