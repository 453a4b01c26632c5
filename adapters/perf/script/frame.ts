// Frames of call chains, and the address of a sample without a chain. See docs/formats/perf.md, "Call chains".
import type { Frame } from '../../../src/event/generated/types.ts'
import { type PlaceReading, readSymbol } from '../../../src/kernel/symbol.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { hexEnd, pointer } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { binaryNamed, type NamedBinary } from '../binary.ts'

/**
 * What perf prints for user code where the address is: 5.10 and 6.1 print its offset in the dso, 6.12 and 7.2 the
 * address.
 */
export type FrameAddresses = 'offsets' | 'addresses' | 'unknown'

/** An address in the kernel's half has 16 digits, any other has fewer. */
const KERNEL_DIGITS = 16
/** A value of 2^32 or more is not an offset in a file. */
const LONGEST_OFFSET_DIGITS = 8

/** A frame, and what else its line says. */
export interface PrintedFrame {
  readonly frame: Frame
  /** Its address may be an offset: it is unknown which perf printed it. */
  readonly isAmbiguous: boolean
  /** An offset was left out, as no number holds it. */
  readonly isIncomplete: boolean
  /** Latin1: what follows the frame, with the symbol where a piece of it was left out. */
  readonly rest: string
}

/**
 * Reads a frame's line (latin1, without line end): a TAB (blanks in pasted text), the address right-aligned in 16
 * columns, the symbol, the dso. Undefined: the line is not a frame.
 */
export function readFrame(line: string, addresses: FrameAddresses): PrintedFrame | undefined {
  const start = spaceEnd(line)
  // A TAB, or the blanks that replaced it. Fewer blanks may be those before a TID.
  if (start === 0 || (start < FEWEST_BLANKS && line.charCodeAt(0) !== TAB)) return undefined
  const end = hexEnd(line, start)
  const digits = end - start
  if (digits === 0 || digits > KERNEL_DIGITS || (end < line.length && line.charCodeAt(end) !== 32)) return undefined
  const address = pointer(line, start, end)
  if (address === undefined) return undefined
  // With the blank before it: without a symbol, the blank is the dso's.
  const { symbolText, dsoText, isInlined, behind } = cutFrame(line.slice(end))
  const { place, isWhole } = symbolText === '' || symbolText === '[unknown]' ? NO_SYMBOL : readSymbol(symbolText)
  const binary = dsoText === undefined ? undefined : binaryOf(dsoText)
  const isUser = digits < KERNEL_DIGITS && (binary?.dso !== undefined || isInlined)
  const mayBeOffset =
    isUser && address.length <= 2 + LONGEST_OFFSET_DIGITS && !PERF_MAP.test(dsoText ?? '') && !binary?.dso_offset
  const isOffset = mayBeOffset && addresses === 'offsets'
  return {
    frame: {
      ...(!isOffset && { address }),
      ...(place.symbol !== undefined && { symbol: place.symbol }),
      ...(place.offset !== undefined && { offset: place.offset }),
      ...binary,
      ...(isOffset && { dso_offset: address }),
      ...(isInlined && { inlined: true }),
    },
    isAmbiguous: mayBeOffset && addresses === 'unknown',
    isIncomplete: !isWhole,
    rest: isWhole ? behind : `${symbolText} ${behind}`.trimEnd(),
  }
}

/**
 * Reads a frame as perf trace prints it, without its address (latin1, without blanks around it):
 * `tcp_v4_rcv ([kernel.kallsyms])`, `main (inlined)`. In the place of an unknown symbol is an address in the kernel, or
 * an offset in the dso: `[0xe9a0] (/usr/bin/curl)` (sample__fprintf_callchain with EVSEL__PRINT_UNKNOWN_AS_ADDR).
 * Undefined: the text is not such a frame.
 */
export function readNamedFrame(text: string): PrintedFrame | undefined {
  const { symbolText, dsoText, isInlined, behind } = cutFrame(` ${text}`)
  if (symbolText === '' || (dsoText === undefined && !isInlined) || behind !== '') return undefined
  const [, digits] = /^\[(?:0x)?([0-9a-f]{1,16})\]$/.exec(symbolText) ?? []
  const value = digits === undefined ? undefined : pointer(digits, 0, digits.length)
  const binary = dsoText === undefined ? undefined : binaryOf(dsoText)
  const isOffset = binary?.dso !== undefined && value !== undefined && value.length <= 2 + LONGEST_OFFSET_DIGITS
  const { place, isWhole } = value === undefined ? readSymbol(symbolText) : NO_SYMBOL
  return {
    frame: {
      ...(value !== undefined && !isOffset && { address: value }),
      ...place,
      ...binary,
      ...(value !== undefined && isOffset && { dso_offset: value }),
      ...(isInlined && { inlined: true }),
    },
    isAmbiguous: false,
    isIncomplete: !isWhole,
    rest: isWhole ? '' : symbolText,
  }
}

/**
 * True for a frame with or without its indentation: an address and a symbol. After a thread's name of eight
 * hexadecimal digits there would be a number.
 */
export function isFrameLine(line: string): boolean {
  return /^[\t ]*(?:[0-9a-f]{8,16} [A-Za-z_$.<~?[(]|[0-9a-f]{5,16} \S.{0,500} \([^()]{1,500}\)$)/.test(line)
}

const NO_SYMBOL: PlaceReading = { place: {}, isWhole: true }
/** Code that a program made at run time. Its map has addresses, so every perf prints addresses in its frames. */
const PERF_MAP = /\/perf-[^/]*\.map$/

/**
 * Reads the line after a frame: `  net/core/skbuff.c:1203`, or `  [kernel.kallsyms][ffffffff81e42e50]` without a
 * line number.
 */
export function readSourceLine(line: string): { readonly file?: string; readonly line?: number } | undefined {
  if (!line.startsWith('  ') || line.charCodeAt(2) === 32) return undefined
  if (/^ {2}\S.*\[[0-9a-f]+\]$/.test(line)) return {}
  const [, file = '', number = ''] = /^ {2}(\S.*):(\d{1,9})(?: \(discriminator \d+\))?$/.exec(line) ?? []
  return file === '' ? undefined : { file: utf8(file), line: Number(number) }
}

const TAB = 9
const BLANK = 32
const OPEN = 40
const CLOSE = 41
/** In pasted text a frame begins with 7 to 18 blanks. */
const FEWEST_BLANKS = 7

function spaceEnd(line: string): number {
  let at = 0
  while (line.charCodeAt(at) === TAB || line.charCodeAt(at) === 32) at++
  return at
}

/** The pieces of a frame after its address. */
interface FrameText {
  readonly symbolText: string
  /** Without its parentheses. */
  readonly dsoText: string | undefined
  readonly isInlined: boolean
  readonly behind: string
}

/**
 * What surely ends a symbol: a parenthesis with a path or a bracket, the symbol's offset, or `[unknown]`. A C++
 * symbol holds blanks and parentheses, and so does a path.
 */
const SYMBOL_END = / (?=\([/[])|\+0x[0-9a-f]{1,16}(?= |$)|^ \[unknown\](?= |$)/
/**
 * What a symbol's last parenthesis may hold without being a dso: the cookie of a deferred call chain, or a piece of
 * a function (`f(int) (.cold)`).
 */
const NO_DSO = /^(?:cookie|\.[a-z\d.]*)?$/

/** `text` begins with the blank after the address. */
function cutFrame(text: string): FrameText {
  const end = SYMBOL_END.exec(text)
  const symbolEnd = end === null ? lastGroup(text) : end.index + end[0].trimEnd().length
  const symbolText = trimmed(text.slice(0, symbolEnd))
  const rest = trimmed(text.slice(symbolEnd))
  const close = rest.startsWith('(') ? groupEnd(rest) : -1
  if (close < 0) return { symbolText, dsoText: undefined, isInlined: false, behind: rest }
  const dsoText = rest.slice(1, close)
  const behind = trimmed(rest.slice(close + 1))
  if (dsoText === 'inlined') return { symbolText, dsoText: undefined, isInlined: true, behind }
  return { symbolText, dsoText, isInlined: false, behind }
}

/** Offset of the last parenthesis if it is a dso's: it follows a blank, and the end closes it. Otherwise the end. */
function lastGroup(text: string): number {
  let depth = 0
  for (let at = text.length - 1; at > 0; at--) {
    const c = text.charCodeAt(at)
    if (c === CLOSE) depth++
    else if (c === OPEN) depth--
    if (depth > 0) continue
    const isDso = c === OPEN && text.charCodeAt(at - 1) === BLANK && !NO_DSO.test(text.slice(at + 1, -1))
    return isDso ? at : text.length
  }
  return text.length
}

/**
 * Offset of the parenthesis that closes the first one. Where they do not balance, as in some paths, that of the last
 * one. -1: none closes it.
 */
function groupEnd(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === OPEN) depth++
    else if (c === CLOSE && --depth === 0) {
      if (at + 1 === text.length || text.charCodeAt(at + 1) === BLANK) return at
      break
    }
  }
  return text.endsWith(')') ? text.length - 1 : -1
}

interface PrintedBinary extends NamedBinary {
  readonly dso_offset?: string
}

/** A dso may have an offset after its name: `/path/lib.so+0x1234`. */
function binaryOf(text: string): PrintedBinary | undefined {
  const binary = binaryNamed(text)
  const plus = binary?.dso === undefined ? -1 : text.lastIndexOf('+0x')
  const offset = plus <= 0 ? undefined : pointer(text, plus + 1, text.length)
  return offset === undefined ? binary : { dso: utf8(text.slice(0, plus)), dso_offset: offset }
}
