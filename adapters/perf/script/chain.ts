// Frames of call chains, and the address of a sample without one (perf.md 1.6).
import type { Frame } from '../../../src/event/generated/types.ts'
import { readSymbol } from '../../../src/kernel/symbol.ts'
import { hexEnd, pointer } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'

/** What perf prints for user code in the place of the address: 5.10 and 6.1 its offset in the dso, 6.12 and 7.2 the address. */
export type FrameAddresses = 'offsets' | 'addresses' | 'unknown'

/** An offset in a file: 10 digits are a terabyte. */
const LONGEST_OFFSET_DIGITS = 10
/** An address that is no piece of the kernel's half has fewer digits. */
const KERNEL_DIGITS = 16

/**
 * A frame's line (latin1, without line end): TAB (blanks in pasted text), the address right-aligned in 16 columns, symbol, dso. Undefined when it
 * is none.
 */
export function readFrame(line: string, addresses: FrameAddresses): Frame | undefined {
  const start = spaceEnd(line)
  // A TAB, or the blanks that it was turned into; fewer may be those before a TID.
  if (start === 0 || (start < FEWEST_BLANKS && line.charCodeAt(0) !== TAB)) return undefined
  const end = hexEnd(line, start)
  const digits = end - start
  if (digits === 0 || digits > KERNEL_DIGITS || (end < line.length && line.charCodeAt(end) !== 32)) return undefined
  const address = pointer(line, start, end)
  if (address === undefined) return undefined
  // With the blank before it: where there is no symbol, that is the dso's.
  let text = line.slice(end)
  const isInlined = text.endsWith(' (inlined)')
  if (isInlined) text = text.slice(0, -' (inlined)'.length)
  const dsoStart = dsoStartOf(text)
  const frame: Writable<Frame> = {}
  const symbol = (dsoStart < 0 ? text : text.slice(0, dsoStart)).trim()
  const binary = dsoStart < 0 ? undefined : binaryOf(text.slice(dsoStart + 2, text.lastIndexOf(')')))
  const isUser = digits < KERNEL_DIGITS && (binary?.dso !== undefined || isInlined)
  const isOffset = isUser && addresses === 'offsets'
  if (!isOffset) frame.address = address
  if (symbol !== '' && symbol !== '[unknown]') {
    const place = readSymbol(symbol)
    if (place.symbol !== undefined) frame.symbol = place.symbol
    if (place.offset !== undefined) frame.offset = place.offset
  }
  if (binary?.module !== undefined) frame.module = binary.module
  if (binary?.dso !== undefined) frame.dso = binary.dso
  if (binary?.dso_offset !== undefined) frame.dso_offset = binary.dso_offset
  if (isOffset) frame.dso_offset = address
  if (isInlined) frame.inlined = true
  return frame
}

/** User code whose address may be an offset: nobody said which perf printed it. */
export function isAmbiguous(frame: Frame): boolean {
  return (
    frame.address !== undefined &&
    frame.address.length < 2 + LONGEST_OFFSET_DIGITS + 1 &&
    frame.dso_offset === undefined &&
    (frame.dso !== undefined || frame.inlined === true)
  )
}

/** `  net/core/skbuff.c:1203`, or `  [kernel.kallsyms][ffffffff81e42e50]` where there is no line: the line behind a frame. */
export function readSourceLine(line: string): { readonly file?: string; readonly line?: number } | undefined {
  if (!line.startsWith('  ') || line.charCodeAt(2) === 32) return undefined
  if (/^ {2}\S.*\[[0-9a-f]+\]$/.test(line)) return {}
  const [, file = '', number = ''] = /^ {2}(\S.*):(\d{1,9})(?: \(discriminator \d+\))?$/.exec(line) ?? []
  return file === '' ? undefined : { file: utf8(file), line: Number(number) }
}

const TAB = 9
/** In pasted text a frame begins with 7 to 18 blanks. */
const FEWEST_BLANKS = 7

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function spaceEnd(line: string): number {
  let at = 0
  while (line.charCodeAt(at) === TAB || line.charCodeAt(at) === 32) at++
  return at
}

/** The leftmost ` (` that a path or a bracket follows: symbols of C++ hold blanks and parentheses, paths too. */
function dsoStartOf(text: string): number {
  if (!text.endsWith(')')) return -1
  for (let at = text.indexOf(' ('); at >= 0; at = text.indexOf(' (', at + 1)) {
    const c = text.charCodeAt(at + 2)
    if (c === 47 || c === 91) return at
  }
  return -1
}

interface Binary {
  readonly dso?: string
  readonly module?: string
  readonly dso_offset?: string
}

/** `[nf_tables]` is a module, `[vdso]` and its kin are dsos, `[kernel.kallsyms]` and `[unknown]` say nothing. */
function binaryOf(text: string): Binary | undefined {
  if (text.startsWith('[kernel') || text === '[unknown]') return undefined
  if (!text.startsWith('[')) {
    const plus = text.lastIndexOf('+0x')
    const offset = plus < 0 ? undefined : pointer(text, plus + 1, text.length)
    return offset === undefined ? { dso: utf8(text) } : { dso: utf8(text.slice(0, plus)), dso_offset: offset }
  }
  const name = text.slice(1, text.indexOf(']') < 0 ? text.length : text.indexOf(']'))
  return /^(?:vdso|vsyscall|heap|stack|guest|anon|uprobes)/.test(name) ? { dso: utf8(text) } : { module: utf8(name) }
}
