// What people type who know other languages, and what it is here.
import { lookUp } from '../../text/look-up.ts'

/** What is wrong at a place where the parser stopped, and what was meant. */
export interface Slip {
  readonly message: string
  readonly hint: string
}

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'equal is "=="',
  '===': 'equal is "=="',
  '!==': 'not equal is "!="',
  '<>': 'not equal is "!="',
  '=~': 'for a pattern there is .matches("…")',
  '!~': 'for a pattern there is !….matches("…")',
  '~': 'for a pattern there is .matches("…")',
  '=>': 'greater or equal is ">="',
  '=<': 'less or equal is "<="',
  '&': 'and is "&&"',
  '|': 'or is "||"',
}

const WORDS: Readonly<Record<string, string>> = {
  and: 'and is "&&"',
  or: 'or is "||"',
  not: 'not is "!"',
  is: 'equal is "=="',
  eq: 'equal is "=="',
  ne: 'not equal is "!="',
  like: 'for a part of a text there is .contains("…"), for a pattern .matches("…")',
  contains: 'for a part of a text there is .contains("…")',
  matches: 'for a pattern there is .matches("…")',
}

/** Of the operator or word around `at`; undefined: it is none that we know of others. */
export function slipAt(text: string, at: number): Slip | undefined {
  const operator = around(text, at, /[=!<>~&|]/)
  // The parser may have stopped within the word, or behind it.
  const words = [around(text, at, /\w/), around(text, text.slice(0, at).trimEnd().length - 1, /\w/)]
  const hint = lookUp(OPERATORS, operator)
  if (hint !== undefined) return { message: `no operator "${operator}"`, hint }
  for (const word of words) {
    const hintOfWord = lookUp(WORDS, word.toLowerCase())
    if (hintOfWord !== undefined) return { message: `no operator "${word}"`, hint: hintOfWord }
  }
  return undefined
}

/** A name without quotes that is compared with something: it was meant as text. Undefined: `at` is no such place. */
export function unquoted(text: string, at: number): Slip | undefined {
  if (!/(?:[=!]=|[<>]=?|\bin)\s*$|\[[^\]]*,\s*$|\bin\s*\[\s*$/.test(text.slice(0, at))) return undefined
  const [word = ''] = /^[\w*-]+(?:[.:/][\w*-]+)*/.exec(text.slice(at)) ?? []
  if (word === '' || /^\w+\./.test(word)) return undefined
  return {
    message: `no field ${word}`,
    hint: `a text stands in quotes, "${word}", and all of the expression in those of the shell: 'drop.reason == "NO_SOCKET"'`,
  }
}

/** The run of such characters that `at` is in; empty where it is in none. */
function around(text: string, at: number, such: RegExp): string {
  if (!such.test(text.charAt(at))) return ''
  let start = at
  let end = at
  while (start > 0 && such.test(text.charAt(start - 1))) start--
  while (end < text.length && such.test(text.charAt(end))) end++
  return text.slice(start, end)
}
