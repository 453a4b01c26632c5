import { type EnumValue, isReasonEnum, type KernelEnum, tableOfEnums } from './enums.ts'
import { isReasonName, type NamesByNumber, type ReasonTable, type Subsystem } from './reasons.ts'

/**
 * The table in a file of reasons, or the end of a sentence that begins with the file's name and says why there is none.
 */
export type ReasonsRead =
  | { readonly table: ReasonTable; readonly by: 'format' | 'btf' | 'header' | 'snapshot' }
  | { readonly refused: string }

/**
 * `bpftool btf dump … -j` (7.1, run): `{"types": [{"kind": "ENUM", "name": …, "values": [{"name": …, "val": …}]}]}`.
 * Undefined: it is something else.
 */
export function readBpftoolJson(json: unknown): ReasonsRead | undefined {
  if (!isObject(json) || !Array.isArray(json.types)) return undefined
  const enums: KernelEnum[] = []
  for (const type of json.types) {
    if (!isObject(type) || typeof type.name !== 'string' || !isReasonEnum(type.name)) continue
    if ((type.kind !== 'ENUM' && type.kind !== 'ENUM64') || !Array.isArray(type.values) || type.values.length === 0)
      continue
    const values = type.values.map((value): EnumValue | undefined => {
      if (!isObject(value) || typeof value.name !== 'string' || !Number.isInteger(value.val)) return undefined
      return { name: value.name, value: Number(value.val) }
    })
    if (values.includes(undefined)) return { refused: `enum ${type.name} is not as bpftool writes it` }
    enums.push({ name: type.name, values: unsigned(values.filter((value) => value !== undefined)) })
  }
  return readEnums(enums, 'btf')
}

const NAME = '_drop_reason'
/** The longest enum of reasons has 40 KiB as JSON with blanks. */
const LONGEST_ENUM = 128 * 1024
/** No kernel has so many places that name one. Each of them may be read up to that length. */
const MOST_PLACES = 4096

/**
 * The objects of `bpftool btf dump … -j` that may be enums of reasons. The others are not parsed: all objects of a
 * kernel take 200 MiB.
 */
export function enumsIn(text: string): readonly unknown[] {
  const found: unknown[] = []
  let at = text.indexOf(NAME)
  for (let places = 0; at >= 0 && places < MOST_PLACES; places++) {
    const near = text.slice(Math.max(0, at - 256), at + LONGEST_ENUM)
    const start = near.lastIndexOf('{', Math.min(at, 256))
    const end = near.indexOf(']', start)
    const type = start < 0 || end < 0 ? undefined : parsed(`${near.slice(start, end + 1)}}`)
    if (type !== undefined) found.push(type)
    at = text.indexOf(NAME, type === undefined ? at + NAME.length : Math.max(0, at - 256) + end)
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * `bpftool btf dump …` as plain text: `[12009] ENUM 'skb_drop_reason' …` and below it lines `\t'SKB_CONSUMED' val=1`.
 * All of it or the lines of these enums.
 */
export function readBpftoolText(text: string): ReasonsRead {
  const enums: { name: string; values: EnumValue[]; promised: number }[] = []
  let current: (typeof enums)[number] | undefined
  let next = 0
  while (next < text.length) {
    const lf = text.indexOf('\n', next)
    const line = text.slice(next, lf < 0 ? text.length : lf)
    next += line.length + 1
    if (line.startsWith('[')) {
      const [, name = '', promised = '0'] = /^\[\d+\] ENUM(?:64)? '(\w+)'.* vlen=(\d+)/.exec(line) ?? []
      current = isReasonEnum(name) && promised !== '0' ? { name, values: [], promised: Number(promised) } : undefined
      if (current !== undefined) enums.push(current)
    } else if (current !== undefined) {
      const [, name, value] = /^\s+'(\w+)' val=(-?\d+)/.exec(line) ?? []
      if (name !== undefined) current.values.push({ name, value: Number(value) })
    }
  }
  const cut = enums.find(({ values, promised }) => values.length !== promised)
  return cut === undefined
    ? readEnums(
        enums.map(({ name, values }) => ({ name, values: unsigned(values) })),
        'btf',
      )
    : { refused: `enum ${cut.name} is cut: ${cut.values.length} of ${cut.promised} values` }
}

/** bpftool prints signed enums as such. Values of more than 32 bits are no reasons, as in BTF. */
function unsigned(values: readonly EnumValue[]): readonly EnumValue[] {
  return values
    .filter(({ value }) => value >= -(2 ** 31) && value < 2 ** 32)
    .map(({ name, value }) => ({ name, value: value >>> 0 }))
}

/** Enums of one kernel as a file of reasons. */
export function readEnums(enums: readonly KernelEnum[], by: 'btf' | 'header'): ReasonsRead {
  const table = tableOfEnums(enums)
  if (typeof table === 'string') return { refused: table }
  return table === undefined ? { refused: 'it has no enum skb_drop_reason' } : { table, by }
}

/** The member `reasons` of a snapshot, a `ReasonTable`; or that object alone. Undefined: it is something else. */
export function readSnapshot(json: unknown): ReasonsRead | undefined {
  if (!isObject(json)) return undefined
  const reasons = isObject(json.reasons) ? json.reasons : json
  if (!isObject(reasons.core)) return undefined
  if (typeof json.v === 'number' && json.v !== 1)
    return { refused: `a snapshot of version ${json.v}, and only version 1 is known` }
  const core = namesOf(reasons.core)
  const subsystems: Record<string, Subsystem> = {}
  if (core === undefined || !(reasons.subsystems === undefined || isObject(reasons.subsystems)))
    return { refused: 'a snapshot whose reasons are not numbers and names' }
  for (const [id, subsystem] of Object.entries(reasons.subsystems ?? {})) {
    const names = isObject(subsystem) && isObject(subsystem.names) ? namesOf(subsystem.names) : undefined
    if (
      !isNumber(id) ||
      id === '0' ||
      !isObject(subsystem) ||
      typeof subsystem.name !== 'string' ||
      !/^[a-z0-9_]+$/.test(subsystem.name) ||
      names === undefined
    ) {
      return { refused: `a snapshot whose subsystem ${JSON.stringify(id)} is not a name with numbers and names` }
    }
    subsystems[id] = { name: subsystem.name, names }
  }
  return { table: { core, subsystems }, by: 'snapshot' }
}

function namesOf(object: { readonly [key: string]: unknown }): NamesByNumber | undefined {
  const names: Record<string, string> = {}
  for (const [number, name] of Object.entries(object)) {
    if (!isNumber(number) || typeof name !== 'string' || !isReasonName(name)) return undefined
    names[number] = name
  }
  return names
}

/** One half of a reason. */
function isNumber(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 0xffff
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
