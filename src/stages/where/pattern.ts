// The patterns of `matches`: RE2 syntax without nested quantifiers.
import { lookUp } from '../../text/look-up.ts'
import { type Matcher, matcherOf, type Neighbour, type PatternTree } from './automaton.ts'
import { CLASSES, classSource, codeSource, NAMED_CLASSES, rangeSource } from './characters.ts'

/** What is wrong with a pattern, and at which of its characters, from 0. */
export class PatternFault extends Error {
  readonly at: number
  readonly why: string

  constructor(at: number, why: string) {
    super(why)
    this.at = at
    this.why = why
  }
}

const LONGEST_PATTERN = 1000
/** The bound of RE2. */
const MOST_REPEATS = 1000

/** The matcher of a pattern; a `PatternFault` when the pattern is broken, or asks for more than is offered. */
export function compilePattern(pattern: string): Matcher | PatternFault {
  try {
    return new PatternReader(pattern).read()
  } catch (fault) {
    if (fault instanceof PatternFault) return fault
    throw fault
  }
}

/** A piece of a pattern, and the offset of the first quantifier in it. */
interface PatternPiece {
  readonly pattern: PatternTree
  readonly quantifier: number | undefined
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 }

const AT_BEGIN = assertion((before) => before === 'edge')
const AT_END = assertion((_, after) => after === 'edge')
const AT_LINE_BEGIN = assertion((before) => before === 'edge' || before === 'newline')
const AT_LINE_END = assertion((_, after) => after === 'edge' || after === 'newline')
const ASSERTIONS: Readonly<Record<string, PatternPiece>> = {
  A: AT_BEGIN,
  z: AT_END,
  b: assertion((before, after) => (before === 'word') !== (after === 'word')),
  B: assertion((before, after) => (before === 'word') === (after === 'word')),
}

class PatternReader {
  private readonly text: string
  private at = 0
  private flags = ''

  constructor(text: string) {
    this.text = text
  }

  read(): Matcher {
    if (this.text.length > LONGEST_PATTERN)
      throw new PatternFault(LONGEST_PATTERN, `a pattern has at most ${LONGEST_PATTERN} characters`)
    const flags = /^\(\?([a-z]+)\)/.exec(this.text)
    if (flags !== null) {
      this.flags = flags[1] ?? ''
      if (!/^[ims]+$/.test(this.flags)) throw new PatternFault(2, 'the flags of a pattern are i, m and s')
      this.at = flags[0].length
    }
    const { pattern } = this.alternatives()
    if (this.at < this.text.length) throw new PatternFault(this.at, 'a ")" without its "("')
    const matcher = matcherOf(pattern, this.flags.includes('i'))
    if (matcher === undefined) throw new PatternFault(0, 'the pattern is too large: its groups are repeated too often')
    return matcher
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
  private alternatives(): PatternPiece {
    const all = [this.sequence()]
    while (this.take('|')) all.push(this.sequence())
    return joined('choice', all)
  }

  private sequence(): PatternPiece {
    const all: PatternPiece[] = []
    while (this.at < this.text.length && this.next !== '|' && this.next !== ')') all.push(this.quantified())
    return joined('sequence', all)
  }

  private quantified(): PatternPiece {
    const piece = this.atom()
    const start = this.at
    const bounds = this.bounds()
    if (bounds === undefined) return piece
    if (bounds.most > 1 && piece.quantifier !== undefined)
      throw new PatternFault(start, 'a quantifier of a group that has one: nested quantifiers are not offered')
    // A lazy quantifier finds a match whenever a greedy one does.
    this.take('?')
    if (/^[*+?{]/.test(this.next) && this.isQuantifier())
      throw new PatternFault(this.at, 'a quantifier of a quantifier: nested quantifiers are not offered')
    return { pattern: { op: 'repeat', of: piece.pattern, ...bounds }, quantifier: start }
  }

  private isQuantifier(): boolean {
    return this.next !== '{' || BRACES.test(this.text.slice(this.at))
  }

  private bounds(): { readonly least: number; readonly most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Number.POSITIVE_INFINITY }
    if (this.take('+')) return { least: 1, most: Number.POSITIVE_INFINITY }
    if (this.take('?')) return { least: 0, most: 1 }
    const braces = BRACES.exec(this.text.slice(this.at))
    if (braces === null) return undefined
    const [source, from = '', comma, to = ''] = braces
    const least = Number(from)
    const most = comma === undefined ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to)
    if (least > MOST_REPEATS || (most > MOST_REPEATS && to !== '') || most < least)
      throw new PatternFault(this.at, `a repeat count is 0 to ${MOST_REPEATS}, the smaller first`)
    this.at += source.length
    return { least, most }
  }

  private atom(): PatternPiece {
    const start = this.at
    if (this.take('(')) return this.group(start)
    if (this.take('[')) return this.characterClass(start)
    if (this.take('.')) return this.flags.includes('s') ? characters('[^]') : characters('[^\\n]')
    if (this.take('^')) return this.flags.includes('m') ? AT_LINE_BEGIN : AT_BEGIN
    if (this.take('$')) return this.flags.includes('m') ? AT_LINE_END : AT_END
    if (this.take('\\')) return this.escape(start)
    if (/^[*+?]/.test(this.next)) throw new PatternFault(start, `nothing before "${this.next}" to repeat`)
    return literal(this.codePoint())
  }

  private group(start: number): PatternPiece {
    if (this.take('?')) {
      const name = /^P?<[A-Za-z_]\w*>/.exec(this.text.slice(this.at))
      if (name !== null) this.at += name[0].length
      else if (!this.take(':'))
        throw new PatternFault(
          start,
          'only the groups (…), (?:…) and (?P<name>…), and flags at the beginning, are offered',
        )
    }
    const inner = this.alternatives()
    if (!this.take(')')) throw new PatternFault(start, 'a "(" without its ")"')
    return inner
  }

  /** An escape outside a class, after its backslash. */
  private escape(start: number): PatternPiece {
    const letter = this.next
    const asserted = ASSERTIONS[letter]
    if (asserted !== undefined) {
      this.at++
      return asserted
    }
    const set = this.classEscape()
    return set === undefined ? literal(this.escaped(start)) : characters(set)
  }

  /** The class of an escape such as `\d`, after its backslash. */
  private classEscape(): string | undefined {
    const ranges = CLASSES[this.next.toLowerCase()]
    if (ranges === undefined) return undefined
    const isNegated = this.next !== this.next.toLowerCase()
    this.at++
    return classSource(ranges, isNegated)
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
      if (code > 0x10ffff) throw new PatternFault(start, 'no character has this number')
      this.at += hex[0].length
      return code
    }
    if (/^[1-9]/.test(letter)) throw new PatternFault(start, 'back-references are not offered')
    if (letter === '' || /^[\dA-Za-z]/.test(letter)) throw new PatternFault(start, `no escape "\\${letter}" is offered`)
    return this.codePoint()
  }

  private characterClass(start: number): PatternPiece {
    const isNegated = this.take('^')
    const sets: string[] = []
    let isFirst = true
    while (isFirst || this.next !== ']') {
      isFirst = false
      if (this.at >= this.text.length) throw new PatternFault(start, 'a "[" without its "]"')
      const named = /^\[:(\^?)([a-z]+):\]/.exec(this.text.slice(this.at))
      const namedRanges = lookUp(NAMED_CLASSES, named?.[2] ?? '')
      if (named !== null && namedRanges === undefined)
        throw new PatternFault(this.at, `no class ${named[0]} is offered`)
      if (named !== null && namedRanges !== undefined) {
        this.at += named[0].length
        sets.push(classSource(namedRanges, named[1] === '^'))
        continue
      }
      const first = this.classMember(start)
      if (typeof first !== 'number') {
        sets.push(first)
        continue
      }
      const dash = this.at
      const isRange = this.next === '-' && this.text.charAt(this.at + 1) !== ']' && this.take('-')
      const last = isRange ? this.classMember(start) : first
      if (typeof last !== 'number' || last < first) throw new PatternFault(dash, 'a range of characters goes upwards')
      sets.push(rangeSource([first, last]))
    }
    this.at++
    return characters(`[${isNegated ? '^' : ''}${sets.join('')}]`)
  }

  private classMember(start: number): number | string {
    if (this.at >= this.text.length) throw new PatternFault(start, 'a "[" without its "]"')
    const escapeStart = this.at
    if (!this.take('\\')) return this.codePoint()
    return this.classEscape() ?? this.escaped(escapeStart)
  }

  private codePoint(): number {
    const code = this.text.codePointAt(this.at) ?? 0
    this.at += code > 0xffff ? 2 : 1
    return code
  }
}

const BRACES = /^\{(\d{1,9})(,(\d{0,9}))?\}/

function joined(op: 'sequence' | 'choice', pieces: readonly PatternPiece[]): PatternPiece {
  return {
    pattern: { op, of: pieces.map(({ pattern }) => pattern) },
    quantifier: pieces.find(({ quantifier }) => quantifier !== undefined)?.quantifier,
  }
}

function assertion(holds: (before: Neighbour, after: Neighbour) => boolean): PatternPiece {
  return { pattern: { op: 'assertion', holds }, quantifier: undefined }
}

/** One character of a class; `source` is the class. */
function characters(source: string): PatternPiece {
  return { pattern: { op: 'characters', source }, quantifier: undefined }
}

function literal(code: number): PatternPiece {
  return characters(codeSource(code))
}
