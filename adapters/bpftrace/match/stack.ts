import { utf8 } from '../../../src/text/utf8.ts'

// Stacks as bpftrace prints them: a line end, then a frame a line, each with its line end (formats/bpftrace 0.9 to 0.27; `lib/stack` of its sources).

/**
 * The offset behind the last of the frames that begin at `start`, a line's start; `start` itself where there is none. Frames stand behind blanks or a TAB, or
 * at the margin where someone re-indented them. Offsets are decimal, in reports of 2018 and 2019 hexadecimal too. `rawDigits`: bare addresses of so many digits
 * at least are frames, 0: none is.
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
    // A number is the null frame only where a frame's margin is; else it is what the program prints next.
    const own = line.slice(0, line.length - line.trimStart().length)
    if (line.length === own.length + 1 && (at === start ? !MARGIN.test(own) : own !== margin)) return at
    margin = own
    at = lf + 1
  }
}

/** Before each frame of mode bpftrace, and of a stack in a map's key to 0.21. */
const MARGIN = /^(?: {4}){1,2}$/

/** True when the window ends within what may be a frame: more must be seen. */
export function isOpenFrame(text: string, start: number, limit: number): boolean {
  return text.indexOf('\n', start) < 0 || text.indexOf('\n', start) >= limit
}

const OFFSET = String.raw`\+(?:0x[0-9a-f]+|[0-9]+)`
const SYMBOL = String.raw`[^\s+]+(?: [^\s+]+)*?`
/** Where the frame comes with file and line (0.24 on, with blazesym), an inlined one without an offset. */
const SOURCE = String.raw`(?:@[^\n]*:[0-9]+)?`
const FRAME = new RegExp(
  String.raw`^[ \t]*(?:` +
    // bpftrace mode: `symbol+144`, an unresolved address, the null frame.
    String.raw`${SYMBOL}${OFFSET}${SOURCE}(?: \([^\n]*\)| \(\[unknown\]\))?` +
    String.raw`|0x[0-9a-f]{1,16}(?: \([^\n]*\))?|0` +
    String.raw`|\[inlined\] [^\n]+|<unwind failure>` +
    // perf mode: `ffffffff81e42e50 symbol+144`, for user frames ` (module)`.
    String.raw`|[0-9a-f]{4,16} (?:${SYMBOL}(?:${OFFSET})?${SOURCE}|\[unknown\])(?: \([^\n]*\))?` +
    ')$',
)
const RAW_FRAME = /^[ \t]*(?:([0-9a-f]{1,16})|[0-9a-f]{40} 0x[0-9a-f]{1,16})$/
const LONGEST_FRAME = 1024

/** A line, without its end, that is a frame of a stack that the program prints. */
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

/** A frame, and whether its symbol is left out. */
type ParsedFrame = Frame & { readonly isFar?: true }

/** Offsets beyond this are of the nearest symbol, not of the function: BPF's JIT code (`_einittext+1015208071`). */
const FARTHEST = 1024 * 1024

/** A stack as its text tells it. */
export interface StackReading {
  readonly frames: readonly Frame[]
  /** False: a symbol that is not the function's is left out. */
  readonly isWhole: boolean
}

/** The frames of a stack's text, innermost first. Undefined frames (the null frame, a failed unwind) are left out. */
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
