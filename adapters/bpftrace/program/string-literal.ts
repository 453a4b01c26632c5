/** A string literal, as far as it could be read. */
export interface Literal {
  /** Latin1 bytes, escapes resolved. */
  readonly value: string
  /** The offset after the closing quote, or that of the line end if the quote is missing. */
  readonly end: number
  readonly problem: { readonly text: string; readonly at: number } | undefined
}

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' }

/**
 * Reads the string literal whose quote is at `start`. Escapes are `\n \t \r \" \\`, octal with 1 to 3 digits up to
 * 255, and `\x` with 1 or 2 digits; the longest one counts (lexer.l of bpftrace 0.9.4 to 0.27). Any other escape, and
 * a line end, is refused as bpftrace does.
 */
export function readString(source: string, start: number): Literal {
  let value = ''
  let problem: Literal['problem']
  let at = start + 1
  for (;;) {
    const c = source[at]
    if (c === undefined || c === '\n') return { value, end: at, problem: { text: 'unterminated string', at } }
    if (c === '"') return { value, end: at + 1, problem }
    const found = c === '\\' ? escapeAt(source, at + 1) : { byte: c, end: at + 1 }
    if (found === undefined) problem ??= { text: 'invalid escape character', at }
    value += found?.byte ?? ''
    at = found?.end ?? at + 2
  }
}

function escapeAt(source: string, at: number): { readonly byte: string; readonly end: number } | undefined {
  const simple = SIMPLE[source[at] ?? '']
  if (simple !== undefined) return { byte: simple, end: at + 1 }
  const [, octal, hex] = /^(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2}))/.exec(source.slice(at, at + 3)) ?? []
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8)
    return code > 255 ? undefined : { byte: String.fromCharCode(code), end: at + octal.length }
  }
  return hex === undefined
    ? undefined
    : { byte: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 1 + hex.length }
}
