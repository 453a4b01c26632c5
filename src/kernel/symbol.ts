import { hexEnd, hexInt } from '../text/scan.ts'
import { utf8 } from '../text/utf8.ts'
import { kernelPointer, withoutX } from './pointer.ts'

/** A place in the kernel, as `location` and a frame of `stack` have it. */
export interface KernelPlace {
  readonly symbol?: string
  readonly offset?: number
  readonly size?: number
  readonly address?: string
  readonly module?: string
}

/** A place as a text gives it. */
export interface PlaceReading {
  readonly place: KernelPlace
  /** The place holds all of the text. It is false where an offset or a size is beyond 2^53, which no number holds. */
  readonly isWhole: boolean
}

/**
 * What `%pS` and `%ps` print, in the kernel or in a tool: `tcp_v4_rcv+0x157/0x1630 [module]` (kernel),
 * `tcp_v4_rcv+0x157` (libtraceevent), `tcp_v4_rcv`, `0xffffffff82046f4c`, `ffffffff82046f4c`, `(nil)`; after an address
 * the `x` of `%px` in an old libtraceevent. Latin1. Undefined when the text is none of these.
 */
export function readPlace(text: string): PlaceReading | undefined {
  const bracket = text.endsWith(']') ? text.lastIndexOf(' [') : -1
  const symbolText = bracket < 0 ? text : text.slice(0, bracket)
  if (symbolText === '' || hasSpace(symbolText)) return undefined
  const module = bracket < 0 ? undefined : text.slice(bracket + 2, -1)
  if (module !== undefined && (module === '' || hasSpace(module))) return undefined
  const addressText = withoutX(text)
  if (isAddress(addressText)) {
    const address = kernelPointer(addressText, 0, addressText.length)
    return address === undefined ? undefined : { place: { address }, isWhole: true }
  }
  const { place, isWhole } = readSymbol(symbolText)
  return { place: module === undefined ? place : { ...place, module: utf8(module) }, isWhole }
}

/** `name+0x157/0x1630`, each number optional; a `+` that no hex follows belongs to the name. */
export function readSymbol(text: string): PlaceReading {
  const name = { place: { symbol: utf8(text) }, isWhole: true }
  const plus = text.lastIndexOf('+0x')
  if (plus <= 0) return name
  const offsetEnd = hexEnd(text, plus + 3)
  const hasSize = text.startsWith('/0x', offsetEnd)
  const end = hasSize ? hexEnd(text, offsetEnd + 3) : offsetEnd
  if (!isNumber(plus + 3, offsetEnd) || end !== text.length || (hasSize && !isNumber(offsetEnd + 3, end))) return name
  const offset = hexInt(text, plus + 3, offsetEnd)
  const size = hasSize ? hexInt(text, offsetEnd + 3, end) : undefined
  return {
    place: {
      symbol: utf8(text.slice(0, plus)),
      ...(offset !== undefined && { offset }),
      ...(size !== undefined && { size }),
    },
    isWhole: offset !== undefined && (size !== undefined || !hasSize),
  }
}

/** 64 bits have 16 digits. */
function isNumber(start: number, end: number): boolean {
  return end > start && end - start <= 16
}

function hasSpace(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 32 || (c >= 9 && c <= 13)) return true
  }
  return false
}

/**
 * True for text that begins with `0x`, for 8 or 16 hexadecimal digits and for `(nil)`. Of symbols only `deadbeef` looks
 * like that.
 */
function isAddress(text: string): boolean {
  if (text === '(nil)' || text.startsWith('0x')) return true
  return (text.length === 16 || text.length === 8) && hexEnd(text, 0) === text.length
}
