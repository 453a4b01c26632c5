import { isElided } from '../../../src/text/pasted.ts'
import { blanksEnd, digitsEnd, pointer, uint } from '../../../src/text/scan.ts'

/** The count of a line `N drops at …`. */
export interface SummaryCount {
  readonly count: number
  /** Offset of the text after `drops at `. */
  readonly placeStart: number
}

/** Where the packets of a summary line were dropped. */
export interface SummaryPlace {
  /** `software` also where an old version prints no origin: before 1.5.2 there was no other. */
  readonly origin: 'software' | 'hardware'
  /**
   * The address is 0. Then the rx_dropped counter of some device moved, and this is not a count of packets
   * (drop_monitor.c, `trace_napi_poll_hit`).
   */
  readonly isNull: boolean
  /** `[software]` or `[hardware]` is printed. */
  readonly isTagged: boolean
  /** The text cannot go on: a bracket closes it, or the address has all its digits. */
  readonly isClosed: boolean
  readonly trap?: string
  readonly symbol?: string
  readonly offset?: number
  readonly address?: string
  /** Inode number of the network namespace (patched builds of 2022). */
  readonly netns?: number
  /** A symbol that does not name the place. */
  readonly unresolved?: string
  /** What follows a complete line. */
  readonly rest: string
}

export const DROPS_AT = ' drops at '
/**
 * `-l kas` of 1.4 to 1.5.4 names an address in a module by the last symbol of the core kernel, with an offset of six
 * or more hex digits.
 */
const UNRESOLVED_OFFSET = 0x100000

/**
 * The count at `start`. Undefined: no summary line begins there. dropwatch prints an unsigned number with `%d`, so
 * it is negative from 2^31 on.
 */
export function readCount(text: string, start: number, end: number): SummaryCount | undefined {
  const isNegative = text.charCodeAt(start) === 45
  const digits = isNegative ? start + 1 : start
  const digitsStop = digitsEnd(text, digits)
  if (digitsStop === digits || !text.startsWith(DROPS_AT, digitsStop)) return undefined
  const printed = uint(text, digits, digitsStop)
  const placeStart = digitsStop + DROPS_AT.length
  if (printed === undefined || placeStart >= end) return undefined
  if (!isNegative) return { count: printed, placeStart }
  return printed === 0 || printed > 2 ** 31 ? undefined : { count: 2 ** 32 - printed, placeStart }
}

/** Length of `0x` and 16 digits. */
const WHOLE_POINTER = 18
/** After a lone 0 and more digits the `x` of a pointer was damaged. */
const POINTER = '0x[0-9a-fA-F]{1,16}|\\(nil\\)|0+(?! ?x?[0-9a-f]{4})'
const ORIGIN = '( \\[software\\])?'
const NETNS = '(?: \\[ns: (\\d+)\\])?(?=[ \\t]|$)'
const HARDWARE = new RegExp(`^(\\S.*?) \\[hardware\\]${NETNS}`)
const LOCATION = new RegExp(`^location (${POINTER})${ORIGIN}${NETNS}`)
const SYMBOL = new RegExp(`^(\\S+)\\+([0-9a-f]{1,16}) \\((${POINTER})\\)${ORIGIN}${NETNS}`)
/** The form before July 2010. */
const BARE_SYMBOL = /^(\S+)\+([0-9a-f]{1,16})$/

/** Reads the text after `drops at `, of any version. Undefined: it has none of the known forms. */
export function readSummaryPlace(text: string): SummaryPlace | undefined {
  const hardware = HARDWARE.exec(text)
  if (hardware !== null) {
    const [whole, trap = '', netns] = hardware
    return {
      origin: 'hardware',
      isNull: false,
      isTagged: true,
      isClosed: true,
      trap,
      ...namespaceOf(netns),
      rest: restOf(text, whole),
    }
  }
  const location = LOCATION.exec(text)
  if (location !== null) {
    const [whole, printed = '', tag, netns] = location
    const address = pointer(printed, 0, printed.length)
    if (address === undefined) return undefined
    return {
      ...software(address, tag),
      isClosed: tag !== undefined || printed.length === WHOLE_POINTER,
      address,
      ...namespaceOf(netns),
      rest: restOf(text, whole),
    }
  }
  const symbol = SYMBOL.exec(text)
  if (symbol !== null) {
    const [whole, name = '', offset = '', printed = '', tag, netns] = symbol
    const address = pointer(printed, 0, printed.length)
    if (address === undefined) return undefined
    const place = { ...software(address, tag), isClosed: true, ...symbolOf(name, offset), address }
    return { ...place, ...namespaceOf(netns), rest: restOf(text, whole) }
  }
  const bare = BARE_SYMBOL.exec(text)
  if (bare === null) return undefined
  const [, name = '', offset = ''] = bare
  return { ...software(undefined, undefined), isClosed: false, ...symbolOf(name, offset), rest: '' }
}

function software(address: string | undefined, tag: string | undefined) {
  return { origin: 'software', isNull: address === '0x0', isTagged: tag !== undefined } as const
}

/** The offset is hexadecimal without `0x`. */
function symbolOf(symbol: string, hexOffset: string): { symbol: string; offset: number } | { unresolved: string } {
  const offset = Number.parseInt(hexOffset, 16)
  return offset < UNRESOLVED_OFFSET && !isElided(symbol) ? { symbol, offset } : { unresolved: `${symbol}+${hexOffset}` }
}

function namespaceOf(printed: string | undefined): { netns?: number } {
  const netns = printed === undefined ? undefined : uint(printed, 0, printed.length)
  return netns === undefined ? {} : { netns }
}

function restOf(text: string, whole: string): string {
  return text.slice(blanksEnd(text, whole.length))
}
