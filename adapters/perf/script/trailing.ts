// Columns after a sample's payload. At most one blank is between the two, so only a known payload can be told from
// them. See docs/formats/perf.md, "Columns".
import type { Json } from '../../../src/event/part.ts'
import { trimmed, trimmedEnd } from '../../../src/text/blank.ts'
import { pointer, uint } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { Layout, PerfField } from './fields.ts'
import { type PrintedFrame, readFrame } from './frame.ts'

/** perf's own columns as the `sample` section has them. */
export type TrailingColumns = Record<string, Json>

/** What was read from columns after a payload. */
export interface Trailing {
  readonly sample: TrailingColumns
  /** The frame, where `sample.ip` does not hold all of its text. */
  readonly left: PrintedFrame | undefined
}

const HEX16 = '[ 0-9a-f]{16}'
const DEC16 = '[ 0-9]{16}'
const SYMBOL = String.raw`(?: [^\d\s(][^()]*?(?:\+0x[0-9a-f]+)?(?: \([^()]*\))?)?`

/** In the order in which perf prints them. `ip` includes the columns that belong to it. */
const PIECES: readonly (readonly [PerfField, string])[] = [
  ['addr', `(?<addr>${HEX16})${SYMBOL}`],
  ['data_src', String.raw` *(?<data_src>[0-9a-f]+ \|OP .*?) *`],
  ['weight', `(?<weight>${DEC16})`],
  ['ins_lat', `(?<ins_lat>${DEC16})`],
  ['retire_lat', `(?<retire_lat>${DEC16})`],
  ['cgroup', ' (?<cgroup>/.*?|unknown)'],
  ['ip', ` (?<ip>${HEX16}(?: .*?)?)`],
  ['iregs', ' (?<regs>ABI:.*?) ?'],
  ['uregs', ' (?<uregs>ABI:.*?) ?'],
  ['brstack', '(?<brstack>(?: 0x[0-9a-f]+[ (/].*?)?)'],
  ['insn', '(?:(?<insn> ilen:.*?| insn:.*?))?'],
  ['phys_addr', `(?<phys_addr>${HEX16})`],
  ['data_page_size', String.raw` (?<data_page_size>\S+)`],
  ['code_page_size', String.raw` (?<code_page_size>\S+)`],
  ['ipc', String.raw`(?: \t (?<ipc>IPC: .*?))?`],
]
const ALIASES: Readonly<Partial<Record<PerfField, readonly PerfField[]>>> = {
  brstack: ['brstacksym', 'brstackoff'],
  insn: ['insnlen', 'disasm'],
}

/** Reads what follows the payload in one layout. */
export class TrailingReader {
  /** The layout has such columns. */
  readonly isNeeded: boolean
  private readonly expression: RegExp

  constructor(layout: Layout) {
    if (!layout.isGiven) {
      this.isNeeded = true
      this.expression = INFERRED
      return
    }
    const present = PIECES.flatMap(([field, piece]) => {
      const presences = [field, ...(ALIASES[field] ?? [])].map((one) => layout.presence(one))
      return presences.includes('yes') ? [piece] : presences.includes('maybe') ? [`(?:${piece})?`] : []
    })
    this.isNeeded = present.length > 0
    this.expression = new RegExp(`^${present.join('')}$`, 's')
  }

  /** Undefined: these are not the layout's columns, or one of them has no value. */
  read(text: string): Trailing | undefined {
    if (text.length > LONGEST) return undefined
    const groups = this.expression.exec(trimmedEnd(text))?.groups
    return groups === undefined ? undefined : trailingOf(groups)
  }
}

/**
 * 32 branches with their symbols are shorter. The expression of all columns takes time with the square of the
 * length.
 */
const LONGEST = 16 * 1024

/**
 * Of unnamed columns only those that look like no other column: a path, an address with its symbol. Registers are
 * read below.
 */
const INFERRED =
  /^(?: (?<cgroup>\/(?!\/)[^<>]*?))?(?: (?<ip>(?=[ 0-9a-f]{15}[0-9a-f](?:$| [A-Za-z_.$?~<[(])) *[0-9a-f]+(?: .*)?))?$/s

/** Offset of registers that nobody named: no payload looks like them. */
export function registersStart(text: string): number | undefined {
  const at = text.indexOf(' ABI:')
  return at >= 0 && /^ ABI:\d +[A-Z]\w*:0x/.test(text.slice(at, at + 40)) ? at : undefined
}

/**
 * The registers from `start` on with the columns after them, and the sampled address before them, in its 16 columns.
 */
export function readRegisters(
  text: string,
  start: number,
): { readonly sample: TrailingColumns; readonly start: number } {
  const sample = readBehindFrame(text.slice(start)) ?? {}
  const column = text.slice(Math.max(start - 16, 0), start)
  const isAddress = /^(?: {2,15}|(?=.{16}))[0-9a-f]+$/.test(column) && column.length === 16
  const addr = isAddress ? pointer(column, column.lastIndexOf(' ') + 1, 16) : undefined
  return addr === undefined ? { sample, start } : { sample: { addr, ...sample }, start: start - 16 }
}

/** `0x1/0x2/P/-/-/5`: from, to (with their dsos), predicted, and more. */
const BRANCH = String.raw`0x[0-9a-f]+(?: ?\([^()]*\))?/0x[0-9a-f]+(?: ?\([^()]*\))?/[-MNP]{1,2}/.*`
const BEHIND_FRAME = new RegExp(`^ *(?:(?<regs>ABI:.*?) ?)?(?<brstack>${BRANCH})?$`, 's')

/**
 * Columns that follow a frame in its line, or the last frame of a chain in a line of their own. Undefined: there are
 * none, or there is more.
 */
export function readBehindFrame(text: string): TrailingColumns | undefined {
  const groups = BEHIND_FRAME.exec(text)?.groups
  const sample = groups === undefined ? undefined : trailingOf(groups)?.sample
  return sample === undefined || Object.keys(sample).length === 0 ? undefined : sample
}

function trailingOf(groups: Readonly<Record<string, string | undefined>>): Trailing | undefined {
  const sample: TrailingColumns = {}
  let left: PrintedFrame | undefined
  for (const name of ORDER) {
    const text = trimmed(groups[name] ?? '')
    if (text === '') continue
    if (name === 'ip') {
      // After a payload all versions print the address itself.
      const reading = readFrame(`\t${text}`, 'addresses')
      if (reading === undefined) return undefined
      const behind = reading.isIncomplete ? undefined : readBehindFrame(reading.rest)
      sample.ip = { ...reading.frame }
      Object.assign(sample, behind)
      if (behind === undefined && reading.rest !== '') left = reading
      continue
    }
    const value = columnValue(name, text)
    if (value === undefined) return undefined
    if (name === 'uregs' && typeof value === 'string')
      sample.regs = sample.regs === undefined ? value : `${sample.regs} ${value}`
    else sample[name] = value
  }
  return { sample, left }
}

const ORDER = [
  'addr',
  'data_src',
  'weight',
  'ins_lat',
  'retire_lat',
  'cgroup',
  'ip',
  'regs',
  'uregs',
  'brstack',
  'insn',
  'phys_addr',
  'data_page_size',
  'code_page_size',
  'ipc',
]

function columnValue(name: string, text: string): Json | undefined {
  switch (name) {
    case 'addr':
    case 'phys_addr':
      return pointer(text, 0, text.length)
    case 'weight':
    case 'ins_lat':
    case 'retire_lat':
      return uint(text, 0, text.length)
    default:
      return utf8(text)
  }
}
