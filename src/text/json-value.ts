// JSON as tools in C write it: numbers of 64 bits, repeated keys, bytes beyond ASCII as `\uffffffc3`, and values
// without their quotes.

/** A value as it is written. Texts are latin1 bytes. */
export type JsonValue =
  | { readonly kind: 'string'; readonly bytes: string }
  /** A number, `true`, `false`, `null`, or a text that old versions do not quote (`0xffff…`, `12:34`). */
  | { readonly kind: 'bare'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly JsonValue[] }
  /** All members in order: `"f": 2, "f": 3` are two. */
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: JsonValue])[] }

const BLANK = 32
const QUOTE = 34
const BACKSLASH = 92
const DEEPEST = 64

/** The value that is all of `[start, end)`. Undefined: the text is not a value. */
export function parseJson(text: string, start: number, end: number): JsonValue | undefined {
  const reader = new JsonReader(text, end)
  reader.at = start
  const value = reader.value(0)
  reader.skipBlanks()
  return value !== undefined && reader.at === end ? value : undefined
}

class JsonReader {
  at = 0
  private readonly text: string
  private readonly end: number

  constructor(text: string, end: number) {
    this.text = text
    this.end = end
  }

  skipBlanks(): void {
    while (this.at < this.end && isBlank(this.text.charCodeAt(this.at))) this.at++
  }

  value(depth: number): JsonValue | undefined {
    this.skipBlanks()
    if (depth > DEEPEST || this.at >= this.end) return undefined
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth)
      case '[':
        return this.list(depth)
      case '"':
        return this.string()
      default:
        return this.bare()
    }
  }

  private object(depth: number): JsonValue | undefined {
    this.at++
    const members: [string, JsonValue][] = []
    for (this.skipBlanks(); this.text[this.at] !== '}'; this.skipBlanks()) {
      if (members.length > 0 && !this.skip(',')) return undefined
      this.skipBlanks()
      const key = this.string()
      this.skipBlanks()
      if (key?.kind !== 'string' || !this.skip(':')) return undefined
      const value = this.value(depth + 1)
      if (value === undefined) return undefined
      members.push([key.bytes, value])
    }
    this.at++
    return { kind: 'object', members }
  }

  private list(depth: number): JsonValue | undefined {
    this.at++
    const items: JsonValue[] = []
    for (this.skipBlanks(); this.text[this.at] !== ']'; this.skipBlanks()) {
      if (items.length > 0 && !this.skip(',')) return undefined
      const value = this.value(depth + 1)
      if (value === undefined) return undefined
      items.push(value)
    }
    this.at++
    return { kind: 'list', items }
  }

  private skip(text: string): boolean {
    if (this.at >= this.end || this.text[this.at] !== text) return false
    this.at++
    return true
  }

  private string(): JsonValue | undefined {
    const end = stringEnd(this.text, this.at, this.end)
    if (end === undefined) return undefined
    const bytes = unescapeJson(this.text, this.at + 1, end - 1)
    this.at = end
    return bytes === undefined ? undefined : { kind: 'string', bytes }
  }

  /** A value without quotes, up to what may follow a value. */
  private bare(): JsonValue | undefined {
    const start = this.at
    while (this.at < this.end && !',}]'.includes(this.text[this.at] ?? '')) this.at++
    const text = this.text.slice(start, this.at).trimEnd()
    return text === '' || text.includes('"') ? undefined : { kind: 'bare', text }
  }
}

function isBlank(code: number): boolean {
  return code === BLANK || code === 9 || code === 10 || code === 13
}

/** The offset after the string at `start`. Undefined: there is no string, or no closing quote. */
function stringEnd(text: string, start: number, end: number): number | undefined {
  if (text.charCodeAt(start) !== QUOTE) return undefined
  for (let at = start + 1; at < end; at++) {
    const c = text.charCodeAt(at)
    if (c === QUOTE) return at + 1
    if (c === BACKSLASH) at++
  }
  return undefined
}

const SIMPLE: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * The bytes of the inside of a string. On x86, where char is signed, bpftrace 0.9.2 to 0.27 and perf up to 6.12 print
 * bytes from 0x80 on as `\u` with eight digits: `\uffffffc3`. On other machines they are raw. Undefined: an escape is
 * not valid.
 */
export function unescapeJson(text: string, start: number, end: number): string | undefined {
  let at = text.indexOf('\\', start)
  if (at < 0 || at >= end) return text.slice(start, end)
  let bytes = ''
  let from = start
  while (at >= 0 && at < end) {
    bytes += text.slice(from, at)
    const letter = text[at + 1] ?? ''
    const simple = SIMPLE[letter]
    if (simple !== undefined) {
      bytes += simple
      from = at + 2
    } else {
      const [, signed, code] = /^(?:ffffff([89a-f][0-9a-f])|([0-9a-fA-F]{4}))/.exec(text.slice(at + 2, at + 10)) ?? []
      if (letter !== 'u' || (signed ?? code) === undefined) return undefined
      bytes +=
        signed === undefined
          ? byteOrUtf8(Number.parseInt(code ?? '', 16))
          : String.fromCharCode(Number.parseInt(signed, 16))
      from = at + (signed === undefined ? 6 : 10)
    }
    if (from > end) return undefined
    at = text.indexOf('\\', from)
  }
  return bytes + text.slice(from, end)
}

function byteOrUtf8(code: number): string {
  return code < 0x80 ? String.fromCharCode(code) : Buffer.from(String.fromCharCode(code), 'utf8').toString('latin1')
}

/** The value of the first member of that name. */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return value?.kind === 'object' ? value.members.find(([name]) => name === key)?.[1] : undefined
}

/** The value as JSON text, without blanks. */
export function jsonText(value: JsonValue): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.bytes)
    case 'bare':
      return value.text
    case 'list':
      return `[${value.items.map(jsonText).join(',')}]`
    case 'object':
      return `{${value.members.map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`).join(',')}}`
  }
}
