import { hexEnd, hexInt, pointer } from '../text/scan.ts'
import { utf8 } from '../text/utf8.ts'

/** A place in the kernel, as `location` and a frame of `stack` have it. */
export interface Place {
  readonly symbol?: string
  readonly offset?: number
  readonly size?: number
  readonly address?: string
  readonly module?: string
}

/**
 * What `%pS` and `%ps` print, whoever does: `tcp_v4_rcv+0x157/0x1630 [module]` (kernel), `tcp_v4_rcv+0x157` (libtraceevent), `tcp_v4_rcv`, `0xffffffff82046f4c`,
 * `ffffffff82046f4c`, `(nil)`. Latin1. Undefined when the text is none of these.
 */
export function readPlace(text: string): Place | undefined {
  const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1
  const symbolText = bracket < 0 ? text : text.slice(0, bracket)
  if (symbolText === '' || hasSpace(symbolText)) return undefined
  const module = bracket < 0 ? undefined : text.slice(bracket + 2, -1)
  if (module !== undefined && (module === '' || hasSpace(module))) return undefined
  const address = isAddress(text) ? pointer(text, 0, text.length) : undefined
  if (address !== undefined) return { address }
  const place = readSymbol(symbolText)
  return module === undefined ? place : { ...place, module: utf8(module) }
}

/** `name+0x157/0x1630`, each number optional; a `+` that no hex follows belongs to the name. */
export function readSymbol(text: string): Place {
  const plus = text.lastIndexOf('+0x')
  if (plus <= 0) return { symbol: utf8(text) }
  const offsetEnd = hexEnd(text, plus + 3)
  const offset = hexInt(text, plus + 3, offsetEnd)
  if (offset === undefined) return { symbol: utf8(text) }
  const symbol = utf8(text.slice(0, plus))
  if (offsetEnd === text.length) return { symbol, offset }
  const size = text.startsWith('/0x', offsetEnd) ? hexInt(text, offsetEnd + 3, text.length) : undefined
  return size === undefined ? { symbol: utf8(text) } : { symbol, offset, size }
}

function hasSpace(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 32 || (c >= 9 && c <= 13)) return true
  }
  return false
}

/** Hexadecimal with `0x`, or 8 or 16 digits without, or `(nil)`: a symbol never looks so but for `deadbeef`. */
function isAddress(text: string): boolean {
  if (text === '(nil)' || text.startsWith('0x')) return true
  return (text.length === 16 || text.length === 8) && hexEnd(text, 0) === text.length
}
