// Names for the numbers of `enum skb_drop_reason`, as one kernel has them. A number is `subsystem id << 16 | number`.

/** The source of a name for a number: `drop.decoded_by`. */
export type DecodedBy = 'source' | 'format' | 'btf' | 'header' | 'snapshot' | 'program' | `kernel:${string}`

/**
 * All drop reasons of one kernel, as plain data: what a snapshot holds, what the readers of kernel files give, what a
 * bundled table becomes. Keys are decimal numbers; names are without `SKB_` and `SKB_DROP_REASON_`, as tracepoint and
 * dropwatch print them. An empty table is that of a kernel without drop reasons.
 */
export interface ReasonTable {
  readonly core: NamesByNumber
  /** By id: the upper 16 bits of a reason. Not all sources know them (a tracefs `format` file does not). */
  readonly subsystems: { readonly [id: string]: Subsystem }
}

export interface Subsystem {
  /** In lower case: `mac80211_unusable`, `mac80211_monitor`, `openvswitch`, `qdisc`. */
  readonly name: string
  /** By the lower 16 bits. Empty where the source names the subsystem only. */
  readonly names: NamesByNumber
}

export interface NamesByNumber {
  readonly [number: string]: string
}

/** As `drop.reason` in the schema of events: a table has no name that a record could not have. */
export function isReasonName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,127}$/.test(text)
}

export interface Decoded {
  /** Absent where only the subsystem is known. */
  readonly name?: string
  readonly subsystem: string
  readonly by: DecodedBy
}

/** A table, ready for lookup. */
export interface Reasons {
  /** Undefined: this table does not have the number. It returns the same object for the same number. */
  decode(code: number): Decoded | undefined
  /** The number of a name, to find out when a source's name and number disagree. */
  codeOf(name: string): number | undefined
}

export const CORE = 'core'

/** Numbers stay numbers. */
export const NO_REASONS: Reasons = { decode: () => undefined, codeOf: () => undefined }

export const EMPTY_TABLE: ReasonTable = { core: {}, subsystems: {} }

/**
 * Makes a table ready for lookup. A core number outside of it gets nothing, not even `core`: the table cannot be that
 * of the kernel.
 */
export function reasonsOf(table: ReasonTable, by: DecodedBy): Reasons {
  const named = new Map<number, Decoded>()
  const codes = new Map<string, number>()
  const subsystems = new Map<number, Decoded>()
  const add = (code: number, name: string, subsystem: string): void => {
    named.set(code, { name, subsystem, by })
    if (!codes.has(name)) codes.set(name, code)
  }
  for (const [number, name] of Object.entries(table.core)) add(Number(number), name, CORE)
  for (const [id, { name: subsystem, names }] of Object.entries(table.subsystems)) {
    subsystems.set(Number(id), { subsystem, by })
    for (const [number, name] of Object.entries(names)) add(codeIn(Number(id), Number(number)), name, subsystem)
  }
  return {
    decode: (code) =>
      named.get(code) ?? (code > 0xffff && code <= 0xffffffff ? subsystems.get(code >>> 16) : undefined),
    codeOf: (name) => codes.get(name),
  }
}

/** The full number of a subsystem's reason. */
export function codeIn(subsystemId: number, number: number): number {
  return subsystemId * 0x10000 + number
}

/** All numbers of a table with their names, subsystems included, in the order of the numbers. */
export function namesByCode(table: ReasonTable): ReadonlyMap<number, string> {
  const entries = Object.entries(table.core).map(([number, name]): [number, string] => [Number(number), name])
  for (const [id, { names }] of Object.entries(table.subsystems)) {
    for (const [number, name] of Object.entries(names)) entries.push([codeIn(Number(id), Number(number)), name])
  }
  return new Map(entries.sort(([a], [b]) => a - b))
}

/**
 * True when a source gave both a name and a number and the table says that they do not belong together: flag
 * `reason_conflict`. A table that knows neither has nothing to say.
 */
export function conflicts(reasons: Reasons, code: number, name: string): boolean {
  const tableName = reasons.decode(code)?.name
  if (tableName !== undefined) return tableName !== name
  const tableCode = reasons.codeOf(name)
  return tableCode !== undefined && tableCode !== code
}

/**
 * False for `CONSUMED` alone: that packet was used up, not dropped. `NOT_DROPPED_YET` in skb:kfree_skb is a drop whose
 * caller gave no reason: the kernel (6.2 to 7.3, `sk_skb_reason_drop`) turns only CONSUMED into skb:consume_skb and
 * frees all others as drops.
 */
export function isDrop(name: string | undefined): boolean {
  return name !== 'CONSUMED'
}

/** `SKB_DROP_REASON_NO_SOCKET` → `NO_SOCKET`, `SKB_CONSUMED` → `CONSUMED`; a name without prefix as it is. */
export function bareName(name: string): string {
  if (name.startsWith('SKB_DROP_REASON_')) return name.slice('SKB_DROP_REASON_'.length)
  return name === 'SKB_CONSUMED' || name === 'SKB_NOT_DROPPED_YET' ? name.slice('SKB_'.length) : name
}

/**
 * The subsystem that a name's prefix shows, where no number is printed (drop_monitor's strings, kernels 6.4 to 7.3).
 * Undefined for all others: `QDISC_DROP` is a core reason and the beginning of the qdisc subsystem's names.
 */
export function subsystemOfName(name: string): string | undefined {
  if (name.startsWith('RX_DROP_U_') || name === 'RX_DROP_UNUSABLE') return 'mac80211_unusable'
  if (name.startsWith('RX_DROP_M_') || name === 'RX_DROP_MONITOR') return 'mac80211_monitor'
  return name.startsWith('OVS_DROP_') ? 'openvswitch' : undefined
}
