// Columns in all other layouts: of latency formats, of trace-cmd's options, and as people paste them. See
// docs/formats/ftrace.md, "Columns".
import { asObject, sealJson } from '../../../src/event/part.ts'
import { MOST_CPUS } from '../../../src/kernel/limits.ts'
import { cpuPart } from '../../../src/kernel/task-parts.ts'
import { bulletEnd, unquoted } from '../../../src/text/pasted.ts'
import { secondsToNs } from '../../../src/text/scan.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { columnsPart, type EntryColumns, entryTask } from './head.ts'

/** An entry's columns, and what follows them. */
export interface FtraceColumns {
  readonly head: EntryColumns
  /** Latin1. */
  readonly body: string
  /** The text was changed since it was printed. */
  readonly isPasted: boolean
}

const FLAGS = String.raw`[.#A-Za-z][.#A-Za-z\d]{3,8}`
const TASK = String.raw`-(?<tid>-?\d{1,10}) +(?:\( {0,9}(?<tgid>\d{1,10}|-{1,9})\) )?`
const TIME = String.raw`(?<time>\d{1,20}(?:\.\d{6}(?:\d{3})?)?)`
/** `--ts-diff` of trace-cmd: the time since the line before. The first line has blanks there. */
const DELTA = String.raw` {1,20}(?:\((?<delta>\+\d{1,20})\) {1,9})?`

const LAYOUTS: readonly RegExp[] = [
  // comm-TID (TGID) [CPU] flags time: name: text. trace-cmd may glue the time to what precedes it.
  new RegExp(
    `^(?<comm>.{16})${TASK}\\[(?<cpu>\\d{3,5})\\](?:-0x(?<raw>[0-9a-f]{1,8})| (?<flags>${FLAGS})(?= )| (?<glued>[.#A-Za-z][.#A-Za-z\\d]{4})(?=\\d))? *${TIME}:${DELTA}(?<body>.*)$`,
    's',
  ),
  // comm-TID CPU flags time: the latency format, in microseconds, or in seconds of trace-cmd.
  new RegExp(
    `^(?<comm>.{8})-(?<tid>-?\\d{1,10}) +(?<cpu>\\d{1,4})(?<flags>${FLAGS}) +(?:(?<us>\\d{1,16})us(?<mark>[ +!#*@$])|${TIME}):${DELTA}(?<body>.*)$`,
    's',
  ),
  // The latency format with the option verbose.
  /^(?<comm>.{16}) {1,7}(?<tid>\d{1,10}) {1,3}(?<cpu>\d{1,4}) \d{1,10} [0-9a-f]{8} [0-9a-f]{8,16} \[(?<hexUs>[0-9a-f]{8,16})\] -?\d{1,12}\.\d{1,6}ms \(\+-?\d{1,12}\.\d{1,6}ms\): (?<body>.*)$/s,
]

/** Blanks squeezed, columns of other widths, quotes and indentation. Seconds only: a number may be anything. */
const COLLAPSED = new RegExp(
  `^(?<comm>.{1,20}?)${TASK.replaceAll(' +', '\\s{1,20}')}\\[(?<cpu>\\d{3,5})\\]\\s{0,9}(?:(?<flags>${FLAGS})\\s{1,20})?(?<time>\\d{1,10}\\.\\d{6}(?:\\d{3})?):\\s{0,20}(?<body>.*)$`,
  's',
)

/** The columns of a line (latin1, without its end) as it is printed. */
export function readColumns(line: string): FtraceColumns | undefined {
  for (const layout of LAYOUTS) {
    const head = headOf(layout.exec(line)?.groups)
    if (head !== undefined) return { ...head, isPasted: false }
  }
  return undefined
}

/** The columns of a line as it is, or after the name of a file or buffer, or as it was pasted. */
export function readAnyColumns(line: string): FtraceColumns | undefined {
  const printed = readColumns(line) ?? readPrefixed(line) ?? readFound(line)
  if (printed !== undefined) return unglued(printed)
  const bare = unquoted(plainText(line))
  const head = headOf(COLLAPSED.exec(bare.slice(bulletEnd(bare)))?.groups)
  return head === undefined ? undefined : unglued({ ...head, isPasted: true })
}

/** `kfree_skb:skbaddr=`: somebody removed the blank after the name. */
function unglued(columns: FtraceColumns): FtraceColumns {
  const [name] = /^kfree_skb:(?=skbaddr=)/.exec(columns.body) ?? []
  return name === undefined
    ? columns
    : { ...columns, body: `${name} ${columns.body.slice(name.length)}`, isPasted: true }
}

/** ` trace.dat: ` before each line, where trace-cmd reads several files; the name of a buffer, where it has several. */
function readPrefixed(line: string): FtraceColumns | undefined {
  const [prefix = '', source = ''] = /^ {0,64}([^\s:]{1,128}): (?= *\S)/.exec(line) ?? []
  const columns = prefix === '' ? undefined : readColumns(line.slice(prefix.length))
  if (columns === undefined) return undefined
  const sample = sealJson('sample', { ...asObject(columns.head.sample?.value() ?? {}), source: utf8(source) })
  return { ...columns, head: { ...columns.head, sample } }
}

/** `12:`, `trace.txt:` or `trace.txt:12:` before the line, from grep. trace-cmd prints a blank after a name. */
function readFound(line: string): FtraceColumns | undefined {
  const [found = ''] = /^[^\s:]{1,128}:(?:\d{1,9}:)?/.exec(line) ?? []
  const columns = found === '' ? undefined : readColumns(line.slice(found.length))
  return columns === undefined ? undefined : { ...columns, isPasted: true }
}

type Groups = Readonly<Record<string, string | undefined>>

function headOf(groups: Groups | undefined): Omit<FtraceColumns, 'isPasted'> | undefined {
  if (groups === undefined) return undefined
  const {
    comm = '',
    tid = '',
    tgid,
    cpu = '',
    flags,
    glued,
    raw,
    time = '',
    us,
    hexUs,
    mark,
    delta,
    body = '',
  } = groups
  const process = entryTask(comm.replace(/^ +/, ''), tid, tgid)
  const number = Number(cpu)
  if (process === undefined || number >= MOST_CPUS) return undefined
  const isTicks = time !== '' && !time.includes('.')
  const sample = columnsPart(flags ?? glued ?? (raw === undefined ? undefined : `0x${raw}`), {
    ticks: isTicks ? time : undefined,
    delay: mark?.trim(),
    delta,
  })
  const ns =
    us !== undefined
      ? nsOfUs(us)
      : hexUs !== undefined
        ? nsOfUs(BigInt(`0x${hexUs}`).toString())
        : isTicks
          ? undefined
          : secondsToNs(time, 0, time.length)
  if (ns === undefined && !isTicks) return undefined
  return { head: { process, cpu: cpuPart(number), sample, ns, isRelative: us !== undefined }, body }
}

/** Undefined where it does not fit the event's 20 digits. */
function nsOfUs(us: string): string | undefined {
  const digits = us.replace(/^0+(?=\d)/, '')
  return digits === '0' ? '0' : digits.length > 17 ? undefined : `${digits}000`
}
