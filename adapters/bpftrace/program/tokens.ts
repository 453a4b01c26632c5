import { isDigit, isHex, isWord } from '../../../src/text/scan.ts'
import { type Literal, readString } from './string-literal.ts'

export type TokenKind = 'word' | 'number' | 'string' | 'variable' | 'map' | 'positional' | 'operator' | 'end'

export interface ProgramToken {
  readonly kind: TokenKind
  /** As in the source, a string with its quotes. */
  readonly text: string
  /** Latin1 bytes of a string, escapes resolved; else the text. */
  readonly value: string
  /** Offset in the source. */
  readonly start: number
  readonly end: number
}

/** bpftrace would refuse a part of the program, or it is not understood here. */
export class ProgramError extends Error {
  /** Offset in the source. */
  readonly at: number
  /** The offset where reading can go on. */
  readonly resume: number

  constructor(text: string, at: number, resume = at) {
    super(text)
    this.at = at
    this.resume = resume
  }
}

/** The operators of more than one byte, longest first: those of C, and `..` and `::`. */
const OPERATORS = [
  '<<=',
  '>>=',
  '...',
  '->',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '..',
  '?:',
  '::',
] as const

/** A define may expand to so many tokens, with the defines in it. */
const MOST_EXPANDED = 10_000

/**
 * The tokens of a program in order. Blanks, comments and preprocessor lines are skipped, and object-like defines are
 * replaced by their tokens. Parts that do not consist of tokens (probes) are read from `source` at `offset`.
 */
export class Tokens {
  readonly source: string
  private readonly limit: number
  private readonly defines: ReadonlyMap<string, string>
  private at: number
  private waiting: ProgramToken[] = []
  private readonly taken: ProgramToken[] = []

  constructor(source: string, defines: ReadonlyMap<string, string>, start = 0, limit = source.length) {
    this.source = source
    this.defines = defines
    this.at = start
    this.limit = limit
  }

  /** Where the next token begins, after blanks and comments. */
  get offset(): number {
    return this.waiting[0]?.start ?? skipBlanks(this.source, this.at, this.limit)
  }

  /** The number of tokens that were taken. */
  get count(): number {
    return this.taken.length
  }

  /** Goes on at another offset of the source. */
  seek(offset: number): void {
    this.at = offset
    this.waiting = []
  }

  /** The next token, or the one `ahead` tokens after it. */
  peek(ahead = 0): ProgramToken {
    for (;;) {
      const token = this.waiting[ahead]
      if (token !== undefined) return token
      this.read()
    }
  }

  take(): ProgramToken {
    const token = this.peek()
    this.waiting.shift()
    this.taken.push(token)
    return token
  }

  /** Takes the next token if it is this operator or word. */
  accept(text: string): boolean {
    const token = this.peek()
    if (token.text !== text || token.kind === 'string') return false
    this.take()
    return true
  }

  expect(text: string): ProgramToken {
    const token = this.peek()
    if (!this.accept(text)) throw this.unexpected(token, `"${text}"`)
    return token
  }

  unexpected(token: ProgramToken, wanted: string): ProgramError {
    const found = token.kind === 'end' ? 'the end' : `"${token.text}"`
    return new ProgramError(`${wanted} expected, ${found} found`, token.start)
  }

  /** The text of the tokens from number `first` to the one taken last, with blanks only between two words. */
  textSince(first: number): string {
    let text = ''
    for (let index = first; index < this.taken.length; index++) {
      const next = this.taken[index]?.text ?? ''
      if (isWord(text.charCodeAt(text.length - 1)) && isWord(next.charCodeAt(0))) text += ' '
      text += next
    }
    return text
  }

  private read(): void {
    const token = tokenAt(this.source, skipBlanks(this.source, this.at, this.limit), this.limit)
    this.at = token.end
    if (token.kind === 'word' && this.defines.has(token.text)) this.expand(token, new Set())
    else this.waiting.push(token)
  }

  /** Puts the tokens of a define in place of its name. A name within its own text stays, as in C. */
  private expand(name: ProgramToken, within: ReadonlySet<string>): void {
    const text = this.defines.get(name.text)
    if (text === undefined || within.has(name.text)) {
      this.waiting.push(name)
      return
    }
    const inner = new Set([...within, name.text])
    for (let at = skipBlanks(text, 0, text.length); at < text.length; ) {
      const token = tokenAt(text, at, text.length)
      if (this.waiting.length > MOST_EXPANDED) throw new ProgramError(`"${name.text}" grows too long`, name.start)
      const placed = { ...token, start: name.start, end: name.end }
      if (token.kind === 'word') this.expand(placed, inner)
      else this.waiting.push(placed)
      at = skipBlanks(text, token.end, text.length)
    }
  }
}

/** The token at an offset that is not in a blank or comment. Throws ProgramError. */
function tokenAt(source: string, start: number, limit: number): ProgramToken {
  const make = (kind: TokenKind, end: number): ProgramToken => {
    const text = source.slice(start, end)
    return { kind, text, value: text, start, end }
  }
  if (start >= limit) return make('end', start)
  const c = source.charCodeAt(start)
  if (c === QUOTE) {
    const literal: Literal = readString(source, start)
    if (literal.problem !== undefined) throw new ProgramError(literal.problem.text, literal.problem.at, literal.end)
    return { ...make('string', literal.end), value: literal.value }
  }
  if (isDigit(c)) return make('number', numberEnd(source, start))
  if (isWord(c)) return make('word', wordEnd(source, start))
  if (c === DOLLAR) {
    const next = source.charCodeAt(start + 1)
    if (next === HASH) return make('positional', start + 2)
    const end = wordEnd(source, start + 1)
    return isDigit(next) ? make('positional', end) : make('variable', end)
  }
  if (c === AT) return make('map', wordEnd(source, start + 1))
  const operator = OPERATORS.find((text) => source.startsWith(text, start))
  return make('operator', start + (operator?.length ?? 1))
}

const QUOTE = 34
const HASH = 35
const DOLLAR = 36
const SLASH = 47
const AT = 64
const LF = 10

/** The first offset at or after `start` that is not in a blank, comment or preprocessor line. */
export function skipBlanks(source: string, start: number, limit: number): number {
  let at = start
  while (at < limit) {
    const c = source.charCodeAt(at)
    if (c === 32 || (c >= 9 && c <= 13)) at++
    else if (c === SLASH && source.charCodeAt(at + 1) === SLASH) at = lineEnd(source, at, limit)
    else if (c === SLASH && source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2)
      if (end < 0 || end + 2 > limit) throw new ProgramError('unterminated comment', at, limit)
      at = end + 2
    } else if (c === HASH && isFirstOfLine(source, at)) at = lineEnd(source, at, limit)
    else break
  }
  return Math.min(at, limit)
}

function lineEnd(source: string, start: number, limit: number): number {
  const lf = source.indexOf('\n', start)
  return lf < 0 || lf > limit ? limit : lf
}

function isFirstOfLine(source: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const c = source.charCodeAt(before)
    if (c === LF) return true
    if (c !== 32 && c !== 9) return false
  }
  return true
}

function wordEnd(source: string, start: number): number {
  let at = start
  while (isWord(source.charCodeAt(at))) at++
  return at
}

/** `0x1F`, `1_000`, `1e6`, `10ull`; `0..10` ends before the dots. */
function numberEnd(source: string, start: number): number {
  let at = start
  if (/^0[xX]/.test(source.slice(start, start + 2))) {
    at += 2
    while (isHex(source.charCodeAt(at)) || source[at] === '_') at++
  }
  while (isWord(source.charCodeAt(at))) at++
  return at
}

/** The value of a number token. Undefined: it is not a number (`12abc`). */
export function numberValue(text: string): bigint | undefined {
  const match =
    /^(0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)(?:[eE]([0-9]{1,2}))?(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU]?|ns|us|ms|[smhd])$/.exec(
      text,
    )
  if (match?.[1] === undefined) return undefined
  const digits = match[1].replaceAll('_', '')
  if (match[2] !== undefined && digits.startsWith('0x')) return undefined
  return BigInt(digits) * 10n ** BigInt(match[2] ?? 0)
}
