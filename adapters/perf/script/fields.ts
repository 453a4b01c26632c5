// `--perf-fields`: the columns of the text, in the words of `perf script -F` (builtin-script.c of perf 5.10 to 7.2).
import { UsageError } from '../../../src/errors.ts'
import { nearest } from '../../../src/text/nearest.ts'

/** perf's words, in the order in which it prints the columns. */
const FIELDS = [
  'machine_pid',
  'vcpu',
  'comm',
  'pid',
  'tid',
  'cpu',
  'misc',
  'tod',
  'time',
  'period',
  'event',
  'flags',
  'trace',
  'synth',
  'addr',
  'data_src',
  'weight',
  'ins_lat',
  'retire_lat',
  'cgroup',
  'ip',
  'sym',
  'symoff',
  'dso',
  'dsoff',
  'srcline',
  'iregs',
  'uregs',
  'brstack',
  'brstacksym',
  'brstackoff',
  'brcntr',
  'bpf-output',
  'insn',
  'insnlen',
  'disasm',
  'brstackinsn',
  'brstackinsnlen',
  'brstackdisasm',
  'phys_addr',
  'data_page_size',
  'code_page_size',
  'ipc',
  'srccode',
  'metric',
  'callindent',
] as const

export type PerfField = (typeof FIELDS)[number]

/** `maybe`: perf leaves out a default column where the recording lacks it, or nobody said which columns there are. */
export type Presence = 'yes' | 'maybe' | 'no'

/** The columns of samples, for one kind of event. */
export interface Layout {
  /** The user said which columns there are. */
  readonly isGiven: boolean
  presence(field: PerfField): Presence
}

/** The columns of tracepoints and probes, and those of hardware and software events. */
export interface Layouts {
  readonly trace: Layout
  readonly other: Layout
}

const TRACE: readonly PerfField[] = ['comm', 'tid', 'cpu', 'time', 'event', 'trace']
const OTHER: readonly PerfField[] = ['comm', 'tid', 'cpu', 'time', 'event', 'ip', 'sym', 'symoff', 'dso', 'period']
/** perf drops these silently where the recording lacks them, unless a plain list asked for them. */
const REMOVABLE: readonly PerfField[] = [
  'cpu',
  'time',
  'period',
  'ip',
  'sym',
  'symoff',
  'dso',
  'addr',
  'weight',
  'data_src',
  'phys_addr',
]

/**
 * Parses `comm,tid,time`, `+misc,-comm` or `trace:comm,event sw:+addr`. Throws UsageError for what perf would
 * refuse.
 */
export function parseFields(list: string): Layouts {
  let trace = columnsOf(TRACE, 'maybe')
  let other = columnsOf(OTHER, 'maybe')
  for (const group of list.trim().split(/\s+/)) {
    const [, type, words = ''] = /^(?:(hw|sw|trace|raw|break|synth):)?(.*)$/s.exec(group) ?? []
    if (type === undefined || type === 'trace') trace = changed(trace, words)
    if (type !== 'trace') other = changed(other, words)
  }
  return { trace: layoutOf(trace), other: layoutOf(other) }
}

/** Nobody said which columns there are. */
export const UNKNOWN_LAYOUT: Layout = { isGiven: false, presence: () => 'maybe' }

type PresenceByField = ReadonlyMap<PerfField, Presence>

function columnsOf(fields: readonly PerfField[], removable: Presence): PresenceByField {
  return new Map(fields.map((field) => [field, REMOVABLE.includes(field) ? removable : 'yes']))
}

function changed(columns: PresenceByField, list: string): PresenceByField {
  const words = list.split(',').filter((word) => word !== '')
  if (words.length === 0) throw new UsageError('--perf-fields: no field is named')
  const isChange = words.map((word) => /^[+-]/.test(word))
  if (isChange.some((one) => one !== isChange[0]))
    throw new UsageError('--perf-fields: either all fields have + or - before them, or none')
  if (isChange[0] !== true) return columnsOf(words.map(fieldNamed), 'yes')
  const result = new Map(columns)
  for (const word of words) {
    const field = fieldNamed(word.slice(1))
    if (word.startsWith('+')) result.set(field, 'yes')
    else result.delete(field)
  }
  return result
}

function fieldNamed(word: string): PerfField {
  const field = FIELDS.find((one) => one === word)
  if (field !== undefined) return field
  const near = nearest(word, FIELDS)
  throw new UsageError(
    `--perf-fields: perf script has no field '${word}'`,
    near.length === 0 ? `fields are ${FIELDS.join(', ')}` : `did you mean ${near.join(' or ')}?`,
  )
}

function layoutOf(columns: PresenceByField): Layout {
  return { isGiven: true, presence: (field) => columns.get(field) ?? 'no' }
}

/** True for the columns of tracepoints that perf prints by default. */
export function isDefault(layout: Layout): boolean {
  return FIELDS.every((field) => (layout.presence(field) !== 'no') === TRACE.includes(field))
}
