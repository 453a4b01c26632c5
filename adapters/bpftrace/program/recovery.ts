// Where a part of a program ends that is passed over.
import { ProgramError, type Token, Tokens } from './tokens.ts'

/**
 * Where the predicate that began before `start` ends: at the first `/` outside of strings and parentheses whose next token is `{` (or, in old
 * programs, another `/`).
 */
export function predicateEnd(source: string, start: number): number {
  let depth = 0
  const tokens = new Tokens(source, new Map(), start)
  for (;;) {
    const token = tokens.take()
    if (token.kind === 'end') throw new ProgramError('unterminated predicate', start)
    if (token.text === '(' || token.text === '[') depth++
    else if (token.text === ')' || token.text === ']') depth--
    else if (token.text === '/' && depth === 0 && tokens.peek().text === '{') return token.start
  }
}

/** The end of a statement that could not be read: its `;`, or the `}` of the block around it. */
export function statementEnd(source: string, start: number): number {
  let depth = 0
  const tokens = new Tokens(source, new Map(), start)
  for (let token = takeAny(tokens); token.kind !== 'end'; token = takeAny(tokens)) {
    if (OPENING.includes(token.text)) depth++
    else if (CLOSING.includes(token.text)) {
      depth--
      if (depth < 0 && token.text === '}') return token.start
    } else if (token.text === ';' && depth <= 0) return token.end
  }
  return source.length
}

/** The end of a clause that could not be read: the `}` of its block. */
export function itemEnd(source: string, start: number): number {
  let depth = 0
  const tokens = new Tokens(source, new Map(), start)
  for (let token = takeAny(tokens); token.kind !== 'end'; token = takeAny(tokens)) {
    if (token.text === '{') depth++
    else if (token.text === '}' && --depth <= 0) return token.end
  }
  return source.length
}

const OPENING = ['(', '[', '{']
const CLOSING = [')', ']', '}']

/** The next token; what is none (a string that ends nowhere) is passed over. */
function takeAny(tokens: Tokens): Token {
  for (;;) {
    try {
      return tokens.take()
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
      tokens.seek(Math.max(error.resume, error.at + 1))
    }
  }
}
