// Where a part of a program ends that could not be read.
import { ProgramError, type ProgramToken, Tokens } from './tokens.ts'

/**
 * Where a predicate ends whose first `/` is before `start`: at the first `/` outside of strings and parentheses whose
 * next token is `{`. Throws ProgramError where there is none.
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

/** The next token. What is not a token (a string without an end) is skipped. */
function takeAny(tokens: Tokens): ProgramToken {
  for (;;) {
    try {
      return tokens.take()
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error
      tokens.seek(Math.max(error.resume, error.at + 1))
    }
  }
}
