import { utf8 } from '../../../src/text/utf8.ts'

// Stacks as bpftrace 0.9 to 0.27 print them: a line end, then frames, one a line (docs/formats/bpftrace.md).

/**
 * The offset after the last of the frames that begin at `start`, which begins a line. It is `start` if there is no
 * frame. Frames are indented by blanks or a TAB; someone may have removed the indent. Offsets are decimal, in reports
 * of 2018 and 2019 also hexadecimal. `rawDigits`: bare addresses of at least so many digits are frames; 0: none are.
 */
export function framesEnd(text: string, start: number, limit: number, rawDigits: number): number {
  let at = start
  let margin = ''
  for (;;) {
    const lf = text.indexOf('\n', at)
    if (lf < 0 || lf >= limit) return at
    const end = lf > at && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf
    const line = text.slice(at, end)
    if (!isFrame(line, rawDigits)) return at
    // A single digit is the null frame only with the indent of a frame. Else it is what the program prints next.
    const own = line.slice(0, line.length - line.trimStart().length)
    if (line.length === own.length + 1 && (at === start ? !MARGIN.test(own) : own !== margin)) return at
    margin = own
    at = lf + 1
  }
}

/** The indent of frames in mode bpftrace, and of a stack in the key of a map up to 0.21. */
const MARGIN = /^(?: {4}){1,2}$/

const OFFSET = String.raw`\+(?:0x[0-9a-f]+|[0-9]+)`
const SYMBOL = String.raw`[^\s+]+(?: [^\s+]+)*?`
/** The file and line of a frame (from 0.24 on, with blazesym). An inlined frame has no offset. */
const SOURCE = String.raw`(?:@[^\n]*:[0-9]+)?`
const FRAME = new RegExp(
  String.raw`^[ \t]*(?:` +
    // bpftrace mode: `symbol+144`, an unresolved address, the null frame.
    String.raw`${SYMBOL}${OFFSET}${SOURCE}(?: \([^\n]*\)| \(\[unknown\]\))?` +
    String.raw`|0x[0-9a-f]{1,16}(?: \([^\n]*\))?|0` +
    String.raw`|\[inlined\] [^\n]+|<unwind failure>` +
    // perf mode: `ffffffff81e42e50 symbol+144`, in user frames with ` (module)`.
    String.raw`|[0-9a-f]{4,16} (?:${SYMBOL}(?:${OFFSET})?${SOURCE}|\[unknown\])(?: \([^\n]*\))?` +
    ')$',
)
const RAW_FRAME = /^[ \t]*(?:([0-9a-f]{1,16})|[0-9a-f]{40} 0x[0-9a-f]{1,16})$/
const LONGEST_FRAME = 1024

/** True for a line (without its end) that is a frame of a printed stack. */
export function isFrame(line: string, rawDigits: number): boolean {
  if (line.length > LONGEST_FRAME) return false
  if (FRAME.test(line)) return true
  const raw = rawDigits === 0 ? null : RAW_FRAME.exec(line)
  return raw !== null && (raw[1]?.length ?? rawDigits) >= rawDigits
}

export interface Frame {
  readonly symbol?: string
  readonly offset?: number
  readonly address?: string
  readonly dso?: string
  readonly file?: string
  readonly line?: number
  readonly inlined?: true
}

/** `isFar`: the symbol of the frame is left out. */
type ParsedFrame = Frame & { readonly isFar?: true }

/** A greater offset is that of the nearest symbol, not of the function: JIT code of BPF (`_einittext+1015208071`). */
const FARTHEST = 1024 * 1024

/** What the text of a stack says. */
export interface StackReading {
  readonly frames: readonly Frame[]
  /** False: the symbol of some frame is left out, as it is not that of the function. */
  readonly isWhole: boolean
}

/** The frames of a stack, innermost first. The null frame and a failed unwind are left out. */
export function readStack(text: string): StackReading {
  const all = text.split('\n').map((line) => readFrame(line.trim()))
  const frames = all.filter((frame) => frame !== undefined)
  return { frames: frames.map(({ isFar, ...frame }) => frame), isWhole: frames.every(({ isFar }) => isFar !== true) }
}

function readFrame(line: string): ParsedFrame | undefined {
  if (line === '' || line === '0' || line === '<unwind failure>') return undefined
  const [, inlinedText] = /^\[inlined\] (.*)$/.exec(line) ?? []
  if (inlinedText !== undefined) return { ...readPlace(inlinedText), inlined: true }
  const [, address] = /^(?:0x)?([0-9a-f]{1,16})$/.exec(line) ?? []
  if (address !== undefined) return isNull(address) ? undefined : { address: hexOf(address) }
  const [, buildOffset] = /^[0-9a-f]{40} (0x[0-9a-f]+)$/.exec(line) ?? []
  if (buildOffset !== undefined) return { address: buildOffset }
  const [, at, rest = ''] = /^([0-9a-f]{4,16}) (.*)$/.exec(line) ?? []
  if (at === undefined) return readPlace(line)
  const place = readPlace(rest)
  return { address: hexOf(at), ...place }
}

function readPlace(text: string): ParsedFrame {
  const [, bare = text, bracket] = /^(.*?)(?: \(([^()]*|\[unknown\])\))?$/.exec(text) ?? []
  const [, place = bare, file, line] = /^([^@]*)@(.*):([0-9]{1,9})$/.exec(bare) ?? []
  const inlined = bracket === 'inlined' ? ({ inlined: true } as const) : {}
  const dso =
    bracket === undefined || bracket === '' || bracket === 'inlined' || bracket === '[unknown]'
      ? {}
      : { dso: utf8(bracket) }
  const source = file === undefined || file === '' ? {} : { file: utf8(file), line: Number(line) }
  const [, symbol, offsetText] = /^(.+)\+(0x[0-9a-f]+|[0-9]+)$/.exec(place) ?? []
  const offset = Number(offsetText)
  if (symbol === undefined) {
    const address = /^0x[0-9a-f]{1,16}$/.test(place)
    const name =
      place === '[unknown]' || place === ''
        ? {}
        : address
          ? { address: hexOf(place.slice(2)) }
          : { symbol: utf8(place) }
    return { ...name, ...dso, ...source, ...inlined }
  }
  if (!Number.isSafeInteger(offset) || offset > FARTHEST) return { ...dso, ...source, ...inlined, isFar: true }
  return { symbol: utf8(symbol), offset, ...dso, ...source, ...inlined }
}

function isNull(hex: string): boolean {
  return /^0+$/.test(hex)
}

function hexOf(digits: string): string {
  return `0x${digits.replace(/^0+(?=.)/, '')}`
}
