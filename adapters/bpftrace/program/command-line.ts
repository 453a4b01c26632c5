import { promptEnd } from '../../../src/text/prompt.ts'
import { plainLines } from '../../../src/text/terminal.ts'

/** A command line that ran bpftrace, as far as it says what its output means. */
export interface CommandLine {
  /** Of `-e`, latin1. */
  readonly program: string | undefined
  readonly isJson: boolean
  /** A child (`-c`) writes to the same descriptors. */
  readonly hasChild: boolean
  /** The words after the program: `$1` first. */
  readonly parameters: readonly string[]
}

/** Options of bpftrace with a value (0.9 to 0.27), in one word or two. */
const VALUED = [
  '-B',
  '-f',
  '-o',
  '-e',
  '-I',
  '-p',
  '-c',
  '--include',
  '--mode',
  '--no-feature',
  '--traceable-functions',
]

/** A quote of the shell that is not closed. */
export type OpenQuote = "'" | '"'

/**
 * A line of a shell that runs bpftrace, or the quote that is still open in it. Undefined: the line does not run it.
 */
export function commandLineOf(raw: string): CommandLine | OpenQuote | undefined {
  if (!raw.includes('bpftrace')) return undefined
  const line = plainLines(raw)
  if (promptEnd(line) === 0 && !/^(?:sudo +)?(?:\S*\/)?bpftrace +-/.test(line)) return undefined
  const words = shellWords(line)
  const at = words.texts.findIndex((word) => /^(?:\S*\/)?bpftrace$/.test(word))
  if (at < 0) return undefined
  const command = readWords(words.texts.slice(at + 1))
  if (words.open !== undefined) return command.program === undefined ? undefined : words.open
  return command
}

function readWords(words: readonly string[]): CommandLine {
  let program: string | undefined
  let isJson = false
  let hasChild = false
  const rest: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const option = VALUED.find(
      (one) => word === one || (one.length === 2 ? word.startsWith(one) : word.startsWith(`${one}=`)),
    )
    if (option === undefined) {
      if (!word.startsWith('-') || word === '-') rest.push(word)
      continue
    }
    const glued = word.slice(option.length).replace(/^=/, '')
    const value = word === option ? (words[++index] ?? '') : glued
    if (option === '-e') program ??= value
    else if (option === '-f') isJson = value === 'json'
    else if (option === '-c') hasChild = true
  }
  // Without `-e` the first word is the file of the program.
  return { program, isJson, hasChild, parameters: program === undefined ? rest.slice(1) : rest }
}

/**
 * The words of a line of a shell, without quotes, up to the first pipe, redirection or other command. `open`: the
 * quote that is not closed.
 */
function shellWords(line: string): { readonly texts: readonly string[]; readonly open: OpenQuote | undefined } {
  const texts: string[] = []
  let word: string | undefined
  let at = 0
  while (at < line.length) {
    const c = line[at] ?? ''
    if (c === "'" || c === '"' || (c === '$' && line[at + 1] === "'")) {
      const quoted =
        c === "'" ? singleQuoted(line, at + 1) : c === '"' ? doubleQuoted(line, at + 1) : ansiQuoted(line, at + 2)
      word = (word ?? '') + quoted.text
      if (quoted.end > line.length) return { texts: [...texts, word], open: c === '"' ? '"' : "'" }
      at = quoted.end
    } else if (/\s/.test(c)) {
      if (word !== undefined) texts.push(word)
      word = undefined
      at++
    } else if (c === '\\' && at + 1 < line.length) {
      word = (word ?? '') + (line[at + 1] === '\n' ? '' : line[at + 1])
      at += 2
    } else if ('|;&<>'.includes(c) && texts.length + (word === undefined ? 0 : 1) > 1) break
    else {
      word = (word ?? '') + c
      at++
    }
  }
  if (word !== undefined) texts.push(word)
  return { texts, open: undefined }
}

interface Quoted {
  readonly text: string
  /** The offset after the closing quote. Beyond the line: there is no closing quote. */
  readonly end: number
}

function singleQuoted(line: string, start: number): Quoted {
  const end = line.indexOf("'", start)
  return end < 0 ? { text: line.slice(start), end: line.length + 1 } : { text: line.slice(start, end), end: end + 1 }
}

function doubleQuoted(line: string, start: number): Quoted {
  let text = ''
  for (let at = start; at < line.length; at++) {
    const c = line[at] ?? ''
    if (c === '"') return { text, end: at + 1 }
    const next = line[at + 1] ?? ''
    if (c !== '\\' || !'$`"\\\n'.includes(next) || next === '') text += c
    else {
      if (next !== '\n') text += next
      at++
    }
  }
  return { text, end: line.length + 1 }
}

const ANSI: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  "'": "'",
  '"': '"',
  '\\': '\\',
  a: '\x07',
  e: '\x1b',
}

function ansiQuoted(line: string, start: number): Quoted {
  let text = ''
  for (let at = start; at < line.length; at++) {
    const c = line[at] ?? ''
    if (c === "'") return { text, end: at + 1 }
    if (c !== '\\') {
      text += c
      continue
    }
    const [code, octal, hex] = /^(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/.exec(line.slice(at + 1, at + 4)) ?? []
    if (code === undefined) {
      text += ANSI[line[at + 1] ?? ''] ?? `\\${line[at + 1] ?? ''}`
      at++
    } else {
      text += String.fromCharCode(
        octal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(octal, 8) & 255,
      )
      at += code.length
    }
  }
  return { text, end: line.length + 1 }
}
