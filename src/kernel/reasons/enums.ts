import { bareName, isReasonName, type NamesByNumber, type ReasonTable, type Subsystem } from './reasons.ts'

/** An enum of the kernel as BTF, headers and bpftool give it: values as unsigned 32-bit numbers. */
export interface KernelEnum {
  readonly name: string
  readonly values: readonly EnumValue[]
}

export interface EnumValue {
  readonly name: string
  readonly value: number
}

/**
 * Enums worth keeping while a file is read: `skb_drop_reason`, `skb_drop_reason_subsys`, `ovs_drop_reason`,
 * `___mac80211_drop_reason`, …
 */
export function isReasonEnum(name: string): boolean {
  return name.includes('_drop_reason')
}

const CORE_ENUM = 'skb_drop_reason'
const SUBSYSTEM_ENUM = 'skb_drop_reason_subsys'
const PREFIX_OF_SUBSYSTEMS = 'SKB_DROP_REASON_SUBSYS_'

/**
 * The table that the enums of one kernel make; undefined without `enum skb_drop_reason`, a sentence where the enums are
 * impossible. A subsystem's names are the values of any other such enum whose upper half is its id (kernels 6.4 to 7.3:
 * mac80211, openvswitch, qdisc).
 */
export function tableOfEnums(enums: readonly KernelEnum[]): ReasonTable | string | undefined {
  const [core, ...otherCores] = enums.filter(({ name }) => name === CORE_ENUM)
  const [ids, ...otherIds] = enums.filter(({ name }) => name === SUBSYSTEM_ENUM)
  if (core === undefined) return undefined
  for (const [one, others] of [
    [core, otherCores],
    [ids, otherIds],
  ] as const) {
    if (others.some(({ values }) => !sameValues(values, one?.values ?? [])))
      return `it holds two different enums ${one?.name}`
  }
  const names = coreNames(core)
  if (names === undefined) return 'its enum skb_drop_reason has values that are no drop reasons'
  const others = enums.filter(({ name }) => name !== CORE_ENUM && name !== SUBSYSTEM_ENUM)
  return { core: names, subsystems: subsystemsOf(ids?.values ?? [], others) }
}

function sameValues(a: readonly EnumValue[], b: readonly EnumValue[]): boolean {
  return a.length === b.length && a.every(({ name, value }, at) => name === b[at]?.name && value === b[at].value)
}

/** Undefined for a damaged file: a name is not one of the kernel's, or a number has two names. */
function coreNames({ values }: KernelEnum): NamesByNumber | undefined {
  const names: { [number: string]: string } = {}
  for (const { name, value } of values) {
    // These two are not reasons: the number after the last one, and the bits of the subsystem's id.
    if (name === 'SKB_DROP_REASON_MAX' || value > 0xffff) continue
    const bare = bareName(name)
    if (bare === name || !isReasonName(bare) || value in names) return undefined
    names[value] = bare
  }
  return names
}

function subsystemsOf(ids: readonly EnumValue[], enums: readonly KernelEnum[]): { readonly [id: string]: Subsystem } {
  const subsystems: { [id: string]: { name: string; names: { [number: string]: string } } } = {}
  for (const { name, value } of ids) {
    const short = name.slice(PREFIX_OF_SUBSYSTEMS.length).toLowerCase()
    if (
      name.startsWith(PREFIX_OF_SUBSYSTEMS) &&
      /^[a-z0-9_]+$/.test(short) &&
      value > 0 &&
      value <= 0xffff &&
      short !== 'num'
    )
      subsystems[value] = { name: short, names: {} }
  }
  for (const { name, value } of enums.flatMap(({ values }) => values)) {
    // `__OVS_DROP_REASON` is where the numbers begin, `OVS_DROP_MAX` where they end; mac80211 has every name a second
    // time with `___`.
    if (name.startsWith('__') || name.endsWith('_MAX') || !isReasonName(name)) continue
    const names = subsystems[value >>> 16]?.names
    if (names !== undefined) names[value & 0xffff] ??= name
  }
  return subsystems
}
