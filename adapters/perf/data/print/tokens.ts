// The words of a print format: C, as the kernel's macros leave it.

export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign'
  /** A text without its quotes and escapes. */
  readonly text: string
}

/** A format that this compiler does not know. The event's fields are given by their names then. */
export class UnknownFormat extends Error {}

const TOKEN =
  /\s*(?:(\d\w*)|([A-Za-z_]\w*)|"((?:[^"\\]|\\.)*)"|'([^'\\]|\\.)'|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!?:<>()[\]{},.]))/y

/** Throws UnknownFormat at a character of no word. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  const source = text.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const [, number, name, quoted, character, sign] = TOKEN.exec(source) ?? []
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: unescaped(quoted) })
    else if (character !== undefined) tokens.push({ kind: 'number', text: String(unescaped(character).charCodeAt(0)) })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else throw new UnknownFormat('no word of C')
  }
  return tokens
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['0', '\0'],
])

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, (_, letter: string) => ESCAPES.get(letter) ?? letter) : text
}
