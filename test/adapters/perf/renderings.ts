// What each rendering of perf script shows, compared with the truth of its recording; for the test, and for the table
// in the adapter's README.
import { type Text, type Truth, texts } from './corpus.ts'
import { type Event, type Reading, read } from './reading.ts'

/** Columns of bare numbers: nobody knows which they are unless they are named. They stay in `payload`. */
const UNNAMED = ['addr', 'phys_addr', 'weight', 'iregs']

/** How a text fared, read in one way. */
export interface Outcome {
  readonly text: Text
  readonly packets: number
  readonly rejected: number
  readonly foreign: number
  /** Undefined: all that the rendering shows equals the truth. */
  readonly fault: string | undefined
}

/** Texts that show packets and have a truth; `perf script` of scripts and raw dumps is another format. */
export function renderings(): readonly Text[] {
  return texts().filter(
    ({ truth, bytes, options, name }) =>
      truth !== undefined &&
      !/(?:^| )(?:-D|-l|-s|-g|--gen-script|--per-event-dump|--header-only|--list|lcpu)(?: |$)/.test(options) &&
      !name.includes('printk-text') &&
      !/-(?:gen-list|lcpu|dump-raw|per-event-dump|header-only)\.stdout$/.test(name) &&
      /^[^#\n]/m.test(bytes.toString('latin1')),
  )
}

/** Reads a text, with the field list of its command or with none, and compares. */
export async function compare(text: Text, withFields: boolean): Promise<Outcome> {
  const time = /--(reltime|deltatime)/.exec(text.options)?.[1]
  const flags = {
    ...(withFields && text.fields !== undefined && { perfFields: text.fields }),
    ...(withFields && time !== undefined && { perfTime: time === 'reltime' ? 'relative' : 'delta' }),
  }
  const reading = await read(text.bytes, flags)
  return {
    text,
    packets: packetsOf(reading, text).length,
    rejected: reading.rejected.length,
    foreign: reading.events.filter(({ stream }) => stream === 'foreign').length,
    fault: faultOf(reading, text, withFields ? [] : UNNAMED),
  }
}

/** Of a recording with one event every sample is a packet, named or not. */
function packetsOf({ events }: Reading, { fields }: Text): readonly Event[] {
  const isNamed = fields === undefined || /[+-]/.test(fields) || /\bevent\b/.test(fields)
  return events.filter(
    ({ kind, event_name }) =>
      event_name === 'skb:kfree_skb' || (!isNamed && kind === 'trace' && event_name === undefined),
  )
}

function faultOf(reading: Reading, text: Text, hidden: readonly string[]): string | undefined {
  const packets = packetsOf(reading, text)
  const truth = sliced(text)
  if (packets.length !== truth.length) return `${packets.length} packets of ${truth.length}`
  for (const [index, packet] of packets.entries()) {
    const one = truth[index]
    const fault =
      one === undefined
        ? 'none'
        : faultOfPacket(packet, one, truth[index - 1], truth[0], text, {
            comm: text.comms?.[index],
            hidden,
            isAlone: reading.events.length === packets.length,
          })
    if (fault !== undefined) return `packet ${index + 1}: ${fault}`
  }
  return reading.rejected.length > 0 ? `${reading.rejected.length} rejected: ${reading.rejected[0]?.text}` : undefined
}

/** `--time 50%-100%` prints the samples of that time alone. */
function sliced({ options, truth = [] }: Text): readonly Truth[] {
  const [, from, to] = /--time (\d+)%-(\d+)%/.exec(options) ?? []
  if (from === undefined) return truth
  const start = truth[0]?.time_ns ?? 0
  const percent = ((truth.at(-1)?.time_ns ?? 0) - start) / 100
  const first = start + percent * Number(from)
  const last = start + percent * Number(to)
  return truth.filter(({ time_ns }) => time_ns >= first && time_ns <= last)
}

/** The columns that the rendering has. */
function shows({ fields }: Text, field: string): boolean {
  const byDefault = ['comm', 'tid', 'cpu', 'time', 'event', 'trace'].includes(field)
  if (fields === undefined) return byDefault
  const words = fields.split(',')
  if (!/^[+-]/.test(fields)) return words.includes(field)
  return words.includes(`+${field}`) || (byDefault && !words.includes(`-${field}`))
}

function faultOfPacket(
  { clock, cpu, process, skb, drop, stack, sample }: Event,
  truth: Truth,
  before: Truth | undefined,
  first: Truth | undefined,
  text: Text,
  {
    comm,
    hidden,
    isAlone,
  }: { readonly comm: string | undefined; readonly hidden: readonly string[]; readonly isAlone: boolean },
): string | undefined {
  const wrong = (name: string, got: unknown, want: unknown): string | undefined =>
    got === want ? undefined : `${name} ${String(got)} for ${String(want)}`
  const has = (field: string): boolean => shows(text, field) && !hidden.includes(field)
  const isNs = text.options.includes('--ns')
  const base = text.options.includes('--deltatime')
    ? (before ?? truth).time_ns
    : text.options.includes('--reltime')
      ? (first ?? truth).time_ns
      : 0
  const time = truth.time_ns - base
  const traced = has('trace')
  const name = comm === undefined || /^:-?\d+$/.test(comm) ? undefined : comm.trimStart()
  const hasId = has('pid') || has('tid')
  return (
    (has('time') && (isAlone || !/reltime|deltatime/.test(text.options))
      ? wrong('time', clock?.ns, String(isNs ? time : Math.floor(time / 1000) * 1000))
      : undefined) ??
    (base !== 0 || /reltime|deltatime/.test(text.options) ? wrong('clock', clock?.id, 'relative') : undefined) ??
    (has('cpu') ? wrong('cpu', cpu, truth.cpu) : undefined) ??
    wrong('tid', process?.tid, has('tid') ? truth.tid : undefined) ??
    wrong('pid', process?.pid, has('pid') ? truth.pid : undefined) ??
    (has('comm') && name !== undefined && hasId ? wrong('comm', process?.comm, name) : undefined) ??
    (has('comm') ? undefined : wrong('comm', process?.comm, undefined)) ??
    (traced ? wrong('address', skb?.addr, truth.skbaddr) : undefined) ??
    (traced ? wrong('rx_sk', skb?.rx_sk, truth.rx_sk) : undefined) ??
    (traced ? wrong('protocol', skb?.protocol, truth.protocol) : undefined) ??
    (traced ? wrong('reason', drop?.reason, text.reasons.get(truth.reason)) : undefined) ??
    (has('misc') ? wrong('misc', sample?.misc, 'K') : undefined) ??
    (has('period') ? wrong('period', sample?.period, 1) : undefined) ??
    (has('tod') ? wrong('tod', typeof clock?.local, 'string') : undefined) ??
    (has('addr') ? wrong('addr', sample?.addr, '0x0') : undefined) ??
    (has('phys_addr') ? wrong('phys_addr', sample?.phys_addr, '0x0') : undefined) ??
    (has('weight') ? wrong('weight', sample?.weight, 0) : undefined) ??
    (has('cgroup') ? wrong('cgroup', typeof sample?.cgroup, 'string') : undefined) ??
    (has('iregs') ? wrong('regs', typeof sample?.regs, 'string') : undefined) ??
    (has('ip') && stack === undefined ? wrong('ip', typeof sample?.ip?.address, 'string') : undefined)
  )
}

/** Frames in a text, counted by their first byte alone. */
export function framesIn(bytes: Buffer): number {
  return bytes.toString('latin1').match(/^\t +[0-9a-f]+(?: |$)|^\t[0-9a-f]{16}(?: |$)/gm)?.length ?? 0
}
