// Columns that nobody named, of an event without payload: those that their form tells apart. No byte is looked at
// twice. See docs/formats/perf.md, "Columns".
import { trimmed } from '../../../src/text/blank.ts'
import { pointer, uint } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { readFrame } from './frame.ts'
import { readBehindFrame, type Trailing, type TrailingColumns } from './trailing.ts'

/** Right-aligned in 16 columns. Digits alone may be a weight, or any other number. */
const ADDR = /^(?= {0,15}\d{0,15}[a-f]) {0,15}([0-9a-f]{1,16})(?= |$)/
const ADDR_WIDTH = 16
const DATA_SRC =
  /^ *([0-9a-f]+ \|OP [^|]*\|LVL [^|]*\|SNP [^|]*\|TLB [^|]*\|LCK [\w/]+(?: *\|BLK +[\w/]+(?: Addr)?)?)(?= |$)/
/** One number between `data_src` and the next address. Two numbers have several readings. */
const WEIGHT = /^ +(\d{1,16})(?= {1,16}[0-9a-f]{1,16}(?: |$)| *$)/
const CGROUP = /^ (\/[^\s<>]*)(?= |$)/
/** A blank and 16 columns. */
const IP = /^ {1,16}[0-9a-f]{1,16}(?= |$)/
const IP_WIDTH = 17
const INSN = / (?:ilen: \d|insn: [0-9a-f]{2}(?: |$))/

/** Undefined: some text there may also be another column. */
export function readUnnamed(text: string): Trailing | undefined {
  const sample: TrailingColumns = {}
  let rest = text
  const take = (expression: RegExp, width?: number): string | undefined => {
    const [whole, value] = expression.exec(rest) ?? []
    if (whole === undefined || (width !== undefined && whole.length !== width)) return undefined
    rest = rest.slice(whole.length)
    return value ?? trimmed(whole)
  }
  const addr = take(ADDR, ADDR_WIDTH)
  if (addr !== undefined) sample.addr = pointer(addr, 0, addr.length) ?? addr
  const source = take(DATA_SRC)
  if (source !== undefined) sample.data_src = utf8(source)
  const weight = source === undefined ? undefined : take(WEIGHT)
  if (weight !== undefined) sample.weight = uint(weight, 0, weight.length) ?? weight
  const cgroup = take(CGROUP)
  if (cgroup !== undefined) sample.cgroup = utf8(cgroup)
  const insnAt = rest.search(INSN)
  if (insnAt >= 0) sample.insn = utf8(trimmed(rest.slice(insnAt)))
  if (insnAt >= 0) rest = rest.slice(0, insnAt)
  const ip = take(IP, IP_WIDTH)
  // Columns follow the address itself, or it has a symbol.
  const behind = readBehindFrame(rest)
  if (behind !== undefined) rest = ''
  if (ip === undefined) return trimmed(rest) === '' ? { sample: { ...sample, ...behind }, left: undefined } : undefined
  const frame = readFrame(`\t${ip}${rest}`, 'addresses')
  if (frame === undefined) return undefined
  const inFrame = frame.isIncomplete ? undefined : readBehindFrame(frame.rest)
  const left = inFrame === undefined && frame.rest !== '' ? frame : undefined
  return { sample: { ...sample, ip: { ...frame.frame }, ...behind, ...inFrame }, left }
}
