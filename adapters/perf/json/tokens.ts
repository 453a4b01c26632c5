// Any value of JSON, read by stream-json: strictly, with all members in their order, and no digit of a number lost.
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import type { JsonValue } from '../../../src/text/json-value.ts'

const DEEPEST = 64

/** A value, or the offset in the text at which it is not JSON, or where it is nested too deep. */
export type JsonReading = { readonly value: JsonValue } | { readonly faultAt: number }

/** The value that is all of the text (latin1). Texts of the value are latin1 bytes. */
export function readJson(text: string): JsonReading {
  const tokens = tokensOf(text)
  if (tokens === undefined) return { faultAt: faultIn(text) }
  const value = new Assembly().valueOf(tokens)
  return value === undefined ? { faultAt: 0 } : { value }
}

/** Keys, texts and numbers come whole; a number as its digits. */
const PACKED = { packValues: true, streamValues: false }

/**
 * Undefined: it is not JSON. stream-json throws an error without an offset for that. A number ends only where something
 * follows it.
 */
function tokensOf(text: string): readonly Token[] | undefined {
  try {
    const tokens = jsonParser(PACKED)(`${bytesInPlaceOfEscapes(text)}\n`)
    return typeof tokens === 'symbol' ? [] : tokens.values
  } catch {
    return undefined
  }
}

/** Where the tokenizer stops, when it gets one char at a time. */
function faultIn(text: string): number {
  const tokenize = jsonParser(PACKED)
  for (let at = 0; at < text.length; at++) {
    try {
      tokenize(text[at] ?? '')
    } catch {
      return at
    }
  }
  return text.length
}

const ESCAPE =
  /\\(?:uffffff([89a-f][0-9a-f])|u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|.)/g

/**
 * The text with raw bytes for what is not ASCII. perf up to 6.12 writes a byte from 0x80 on as `\uffffffc3` where char
 * is signed (tools/perf/util/data-convert-json.c), others write UTF-16 as `\u00e9`, and perf 7.2 the byte itself.
 */
function bytesInPlaceOfEscapes(text: string): string {
  if (!text.includes('\\u')) return text
  return text.replace(ESCAPE, (whole, byte?: string, high?: string, low?: string, unit?: string) => {
    if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16))
    if (high !== undefined && low !== undefined) return utf8Bytes(Number.parseInt(high, 16), Number.parseInt(low, 16))
    const code = unit === undefined ? 0 : Number.parseInt(unit, 16)
    return code < 0x80 ? whole : utf8Bytes(code)
  })
}

function utf8Bytes(...units: readonly number[]): string {
  return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1')
}

type Open =
  | { readonly kind: 'list'; readonly items: JsonValue[] }
  | { readonly kind: 'object'; readonly members: [key: string, value: JsonValue][] }

/** Puts tokens together. */
class Assembly {
  private readonly open: Open[] = []
  private readonly keys: string[] = []
  private whole: JsonValue | undefined

  /** Undefined: the value is nested too deep, or not all there. */
  valueOf(tokens: readonly Token[]): JsonValue | undefined {
    for (const token of tokens) {
      this.take(token)
      if (this.open.length > DEEPEST) return undefined
    }
    return this.open.length === 0 ? this.whole : undefined
  }

  private take(token: Token): void {
    switch (token.name) {
      case 'startObject':
        this.open.push({ kind: 'object', members: [] })
        break
      case 'startArray':
        this.open.push({ kind: 'list', items: [] })
        break
      case 'endObject':
      case 'endArray': {
        const closed = this.open.pop()
        if (closed !== undefined) this.put(closed)
        break
      }
      case 'keyValue':
        this.keys.push(token.value)
        break
      case 'stringValue':
        this.put({ kind: 'string', bytes: token.value })
        break
      case 'numberValue':
        this.put({ kind: 'bare', text: token.value })
        break
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        this.put({ kind: 'bare', text: String(token.value) })
        break
    }
  }

  private put(value: JsonValue): void {
    const around = this.open.at(-1)
    if (around === undefined) this.whole = value
    else if (around.kind === 'list') around.items.push(value)
    else around.members.push([this.keys.pop() ?? '', value])
  }
}
