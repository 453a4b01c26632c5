// Operators of other languages that people type, and what to type here.
import { lookUp } from '../../text/look-up.ts'

/** What is wrong at the place where the parser stopped, and what was probably meant. */
export interface Slip {
  readonly message: string
  readonly hint: string
}

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'use "==" for equal',
  '===': 'use "==" for equal',
  '!==': 'use "!=" for not equal',
  '<>': 'use "!=" for not equal',
  '=~': 'use .matches("…") for a pattern',
  '!~': 'use !….matches("…") for a pattern',
  '~': 'use .matches("…") for a pattern',
  '=>': 'use ">=" for greater or equal',
  '=<': 'use "<=" for less or equal',
  '&': 'use "&&" for and',
  '|': 'use "||" for or',
}

const WORDS: Readonly<Record<string, string>> = {
  and: 'use "&&" for and',
  or: 'use "||" for or',
  not: 'use "!" for not',
  is: 'use "==" for equal',
  eq: 'use "==" for equal',
  ne: 'use "!=" for not equal',
  like: 'use .contains("…") for a part of a text, .matches("…") for a pattern',
  contains: 'use .contains("…") for a part of a text',
  matches: 'use .matches("…") for a pattern',
}

/** The slip in the operator or word around `at`; undefined when it is not one of another language. */
export function slipAt(text: string, at: number): Slip | undefined {
  const operator = around(text, at, /[=!<>~&|]/)
  // The parser may have stopped within the word, or after it.
  const words = [around(text, at, /\w/), around(text, text.slice(0, at).trimEnd().length - 1, /\w/)]
  const hint = lookUp(OPERATORS, operator)
  if (hint !== undefined) return { message: `no operator "${operator}"`, hint }
  for (const word of words) {
    const hintOfWord = lookUp(WORDS, word.toLowerCase())
    if (hintOfWord !== undefined) return { message: `no operator "${word}"`, hint: hintOfWord }
  }
  return undefined
}

/** A text without quotes at `at`, in a place where something is compared; undefined when there is none. */
export function unquoted(text: string, at: number): Slip | undefined {
  if (!/(?:[=!]=|[<>]=?|\bin)\s*$|\[[^\]]*,\s*$|\bin\s*\[\s*$/.test(text.slice(0, at))) return undefined
  const [word = ''] = /^[\w*-]+(?:[.:/][\w*-]+)*/.exec(text.slice(at)) ?? []
  if (word === '' || /^\w+\./.test(word)) return undefined
  return {
    message: `no field ${word}`,
    hint: `a text needs quotes, "${word}", and the whole expression those of the shell: 'drop.reason == "NO_SOCKET"'`,
  }
}

/** The run of such characters around `at`; empty when there is none. */
function around(text: string, at: number, such: RegExp): string {
  if (!such.test(text.charAt(at))) return ''
  let start = at
  let end = at
  while (start > 0 && such.test(text.charAt(start - 1))) start--
  while (end < text.length && such.test(text.charAt(end))) end++
  return text.slice(start, end)
}
