// `# ` lines: what --header and -I print (perf 5.10 to 7.2). See docs/formats/perf.md, "Header".
import type { Facts } from '../../../src/contract.ts'
import type { ClockId } from '../../../src/event/words.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { secondsToNs } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'

/** What the header has said so far. */
export interface Header {
  readonly isSeen: boolean
  /** Undefined: the header names no clock. */
  readonly clock: ClockId | undefined
  /** The version of perf itself: `6.1.192`. */
  readonly perfVersion: string | undefined
  /** We are between the two rules of `# ========`. */
  readonly isOpen: boolean
}

export const NO_HEADER: Header = { isSeen: false, clock: undefined, perfVersion: undefined, isOpen: false }

/** What a line of the header says, and the header after it. Undefined: the line is not part of a header. */
export function readHeaderLine(
  line: string,
  header: Header,
): { readonly header: Header; readonly facts: Facts | undefined } | undefined {
  if (line === '# ========') return { header: { ...header, isSeen: true, isOpen: !header.isOpen }, facts: undefined }
  if (line === '#') return { header, facts: undefined }
  const colon = line.indexOf(':')
  const key = trimmed(line.slice(1, Math.max(colon, 1)))
  const value = line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1)
  if (key === '' || !(KEYS.has(key) || header.isOpen)) {
    return header.isOpen || OTHERS.test(line) ? { header: { ...header, isSeen: true }, facts: undefined } : undefined
  }
  const seen = { ...header, isSeen: true }
  switch (key) {
    case 'hostname':
      return { header: seen, facts: value === '' ? undefined : { host: utf8(value) } }
    case 'os release':
      return { header: seen, facts: value === '' ? undefined : { kernel: utf8(value) } }
    case 'perf version':
      return { header: { ...seen, perfVersion: value }, facts: undefined }
    case 'clockid':
      return { header: { ...seen, clock: clockNamed(value) }, facts: undefined }
    case 'reference time':
      return { header: seen, facts: referenceTime(value) }
    default:
      return { header: seen, facts: undefined }
  }
}

const KEYS: ReadonlySet<string> = new Set([
  'captured on',
  'header version',
  'data offset',
  'data size',
  'feat offset',
  'hostname',
  'os release',
  'perf version',
  'arch',
  'nrcpus online',
  'nrcpus avail',
  'cpudesc',
  'cpuid',
  'total memory',
  'cmdline',
  'event',
  'pmu mappings',
  'time of first sample',
  'time of last sample',
  'sample duration',
  'clockid frequency',
  'clockid',
  'reference time',
  'compressed',
  'missing features',
  'e_machine',
  'e_flags',
  'cacheline size',
])

/** Lines without a key. */
const OTHERS =
  /^# (?:[A-Z_]+ info available, use -I to display|bpf_prog_info empty|contains [a-zA-Z ]+|node\d+ meminfo|sibling (?:sockets|threads|cores|dies)|CPU \d+: )/

function clockNamed(value: string): ClockId | undefined {
  switch (/^(\w+)/.exec(value)?.[1]) {
    case 'realtime':
      return 'realtime'
    case 'monotonic':
      return 'monotonic'
    case 'monotonic_raw':
      return 'monotonic_raw'
    case 'boottime':
      return 'boottime'
    case 'tai':
      return 'tai'
    default:
      return 'unknown'
  }
}

/** `2026-11-23 12:38:57.282292 = 1795437537.282292 (TOD) = 7706.851983018 (monotonic)`. */
function referenceTime(value: string): Facts | undefined {
  const [, wall = '', clock = '', name = ''] = /= (\d+\.\d{6}) \(TOD\) = (\d+\.\d{9}) \((\w+)\)/.exec(value) ?? []
  const realtimeNs = secondsToNs(wall, 0, wall.length)
  const ns = secondsToNs(clock, 0, clock.length)
  const id = clockNamed(name)
  if (realtimeNs === undefined || ns === undefined || id === undefined || id === 'unknown') return undefined
  return { clock: { id, ns, realtimeNs, uncertaintyNs: 1000 } }
}
