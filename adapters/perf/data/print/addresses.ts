// Addresses of networks and devices as `%pI4`, `%pISpc`, `%pM` and `%pU` print them (lib/vsprintf.c, Linux 6.1 to 7.2).
import type { RawData, RawSpan } from '../raw-data.ts'

const FAMILY = { ipv4: 2, ipv6: 10 }

/**
 * The bytes by the letters of the conversion after `%p`: `I4`, `i6`, `ISpc`, `M`, `Ul`. Empty: there are too few bytes.
 * Undefined: no such conversion.
 */
export function addressText(letters: string): ((span: RawSpan, raw: RawData) => string) | undefined {
  const [, kind, options = ''] = /^([Ii][46S]|[Mm]|U)([a-zA-Z]*)$/.exec(letters) ?? []
  switch (kind) {
    case 'I4':
      return ({ start, end }, raw) => (end - start < 4 ? '' : ipv4(start, raw))
    case 'I6':
      return ({ start, end }, raw) => (end - start < 16 ? '' : ipv6(start, raw, options.includes('c')))
    case 'i6':
      return (span, raw) => (span.end - span.start < 16 ? '' : raw.hex({ start: span.start, end: span.start + 16 }))
    case 'IS':
      return (span, raw) => socketAddress(span, raw, options)
    case 'M':
      return ({ start, end }, raw) => pairs(raw, start, end, options.includes('F') ? '-' : ':')
    case 'm':
      return ({ start, end }, raw) => pairs(raw, start, end, '')
    case 'U':
      return (span, raw) => uuid(span, raw, options)
    default:
      return undefined
  }
}

function ipv4(at: number, raw: RawData): string {
  return `${raw.byte(at)}.${raw.byte(at + 1)}.${raw.byte(at + 2)}.${raw.byte(at + 3)}`
}

function ipv6(at: number, raw: RawData, isShort: boolean): string {
  const words = Array.from({ length: 8 }, (_, of) => raw.byte(at + 2 * of) * 256 + raw.byte(at + 2 * of + 1))
  if (!isShort) return words.map((word) => word.toString(16).padStart(4, '0')).join(':')
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  const [, , , , , , sixth = 0] = words
  // ISATAP interface identifiers end with an IPv4 address, too.
  const hasIpv4 = isMapped || (((words[4] ?? 0) & ~0x0200) === 0 && words[5] === 0x5efe)
  const shown = hasIpv4 && sixth !== undefined ? words.slice(0, 6) : words
  const { start, length } = longestZeros(shown)
  const text = (from: number, to: number): string =>
    shown
      .slice(from, to)
      .map((word) => word.toString(16))
      .join(':')
  const hex = length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`
  if (!hasIpv4) return hex
  return `${hex}${hex.endsWith(':') ? '' : ':'}${ipv4(at + 12, raw)}`
}

/** The longest run of zeros, the first of several. */
function longestZeros(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < words.length; start++) {
    let end = start
    while (words[end] === 0) end++
    if (end - start > best.length) best = { start, length: end - start }
  }
  return best
}

/** A `struct sockaddr`: the family as the machine writes numbers, the port as the network does. */
function socketAddress({ start, end }: RawSpan, raw: RawData, options: string): string {
  if (end - start < 8) return ''
  const family = Number(raw.bigintAt(start, 2, false))
  const port = options.includes('p') ? `:${raw.byte(start + 2) * 256 + raw.byte(start + 3)}` : ''
  if (family === FAMILY.ipv4) return ipv4(start + 4, raw) + port
  if (family !== FAMILY.ipv6 || end - start < 24) return ''
  const address = ipv6(start + 8, raw, options.includes('c'))
  return port === '' ? address : `[${address}]${port}`
}

function pairs(raw: RawData, start: number, end: number, separator: string): string {
  return end - start < 6 ? '' : raw.hex({ start, end: start + 6 }).replace(/..(?!$)/g, `$&${separator}`)
}

const UUID_PARTS = [4, 2, 2, 2, 6]

function uuid({ start, end }: RawSpan, raw: RawData, options: string): string {
  if (end - start < 16) return ''
  const isLittle = /[lL]/.test(options)
  let at = start
  const parts = UUID_PARTS.map((size, part) => {
    const hex = raw.hex({ start: at, end: at + size })
    at += size
    return isLittle && part < 3 ? Buffer.from(hex, 'hex').reverse().toString('hex') : hex
  })
  const text = parts.join('-')
  return /[BL]/.test(options) ? text.toUpperCase() : text
}
