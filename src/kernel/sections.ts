// Which argument of which event fills which section, and which events are drops. It is the one table for all readers.

import type { MemberTypes } from '../event/generated/types.ts'
import { type Part, seal } from '../event/part.ts'
import type { FlagWord } from '../event/words.ts'
import { uint } from '../text/scan.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import { argsOf } from './args.ts'
import { etherTypeName } from './ethertype.ts'
import { KFREE_SKB } from './kfree-skb.ts'
import { locationPart } from './location-part.ts'
import type { Argument } from './payload.ts'
import { isHash, kernelPointer } from './pointer.ts'
import { CORE, isDrop, type Reasons, subsystemOfName } from './reasons/reasons.ts'
import { readPlace } from './symbol.ts'

/** Where an argument goes. */
export type SectionField =
  | 'skb.addr'
  | 'skb.rx_sk'
  | 'skb.protocol'
  | 'skb.len'
  | 'location'
  | 'device.name'
  | 'device.ifindex'
  | 'drop.reason'
  | 'drop.trap'
  | 'drop.trap_group'

/** Which field an argument of an event fills; undefined: it goes to `args`. */
export function fieldOf(event: string, key: string): SectionField | undefined {
  const system = event.slice(0, event.indexOf(':'))
  switch (key) {
    case 'skbaddr':
      return 'skb.addr'
    case 'rx_sk':
      return 'skb.rx_sk'
    case 'protocol':
      return system === 'skb' || system === 'net' ? 'skb.protocol' : undefined
    case 'len':
      return system === 'net' || event === 'skb:skb_copy_datagram_iovec' ? 'skb.len' : undefined
    case 'location':
      return system === 'skb' ? 'location' : undefined
    case 'dev':
      return system === 'net' ? 'device.name' : undefined
    case 'input_dev_name':
      return system === 'devlink' ? 'device.name' : undefined
    case 'ifindex':
      return system === 'qdisc' || system === 'xdp' ? 'device.ifindex' : undefined
    // The reason of tcp:tcp_send_reset is of another enum, that of qdisc:qdisc_drop has no prefix, and skb:kfree_skb
    // reports the same packet.
    case 'reason':
      return event === KFREE_SKB ? 'drop.reason' : undefined
    case 'trap_name':
      return event === 'devlink:devlink_trap_report' ? 'drop.trap' : undefined
    case 'trap_group_name':
      return event === 'devlink:devlink_trap_report' ? 'drop.trap_group' : undefined
    default:
      return undefined
  }
}

/** The origin of the drop, for events that report one dropped packet each time. Undefined: it is not a drop. */
export function dropOrigin(event: string): 'software' | 'hardware' | undefined {
  if (event === KFREE_SKB) return 'software'
  return event === 'devlink:devlink_trap_report' ? 'hardware' : undefined
}

type Unsealed<T> = { -readonly [K in keyof T]: T[K] }

/** The sections that were made of the arguments of an event. */
export interface Sections {
  readonly kind: 'drop' | 'trace'
  readonly skb: Part | undefined
  readonly location: Part | undefined
  readonly drop: Part | undefined
  readonly device: Part | undefined
  readonly args: Part | undefined
  /** The sections hold all of the arguments. */
  readonly isWhole: boolean
}

/** Sorts the arguments of an event into sections. An argument that its field cannot take goes to `args` as it is. */
export function sectionsOf(event: string, args: readonly Argument[], reasons: Reasons): Sections {
  const filling = new SectionsBuilder(reasons)
  const rest = args.filter(({ key, value }) => {
    const field = fieldOf(event, key)
    return field === undefined || !filling.take(field, value)
  })
  const origin = dropOrigin(event)
  const kind = origin !== undefined && isDrop(filling.drop.reason) ? 'drop' : 'trace'
  const left = rest.length === 0 ? undefined : argsOf(event, rest)
  return {
    kind,
    ...filling.parts(kind === 'drop' ? origin : undefined),
    args: left?.part,
    isWhole: filling.isWhole && left?.isWhole !== false,
  }
}

/**
 * What a reason's text says: a name, or a number in hexadecimal or decimal, named by the table in use. An empty text
 * says nothing (kernels of 6.0-rc print that). Undefined: it is neither.
 */
function reasonOf(text: string, reasons: Reasons): MemberTypes['drop_context'] | undefined {
  if (/^[A-Z][A-Z0-9_]{0,127}$/.test(text))
    return { reason: text, subsystem: subsystemOfName(text) ?? CORE, decoded_by: 'source' }
  const code = /^0x[0-9a-f]{1,8}$/.test(text) ? Number.parseInt(text, 16) : uint(text, 0, text.length)
  return code === undefined || code > 0xffffffff ? undefined : codeOf(code, reasons)
}

/** A reason's number, with the name that the table in use has for it. */
function codeOf(code: number, reasons: Reasons): MemberTypes['drop_context'] {
  const decoded = reasons.decode(code)
  if (decoded === undefined) return { code }
  const { name, subsystem, by } = decoded
  return name === undefined ? { code, subsystem } : { reason: name, code, subsystem, decoded_by: by }
}

class SectionsBuilder {
  readonly drop: Unsealed<MemberTypes['drop_context']> = {}
  private readonly skb: Unsealed<MemberTypes['skb']> = {}
  private readonly device: Unsealed<MemberTypes['device']> = {}
  private location: MemberTypes['location'] | undefined
  private readonly lossy = { location: false, device: false, drop: false }
  /** False where a number of the location is beyond 2^53 and left out. */
  isWhole = true
  private readonly reasons: Reasons

  constructor(reasons: Reasons) {
    this.reasons = reasons
  }

  /** False: the field has a value already, or cannot take this one. */
  take(field: SectionField, value: string): boolean {
    switch (field) {
      case 'skb.addr':
        return put(this.skb, 'addr', kernelPointer(value, 0, value.length))
      case 'skb.rx_sk':
        return put(this.skb, 'rx_sk', kernelPointer(value, 0, value.length))
      case 'skb.len':
        return put(this.skb, 'len', uint(value, 0, value.length))
      case 'skb.protocol':
        return this.takeProtocol(value)
      case 'location':
        return this.takeLocation(value)
      case 'device.name':
        this.lossy.device ||= replaced(value)
        return put(this.device, 'name', textOf(value))
      case 'device.ifindex':
        return put(this.device, 'ifindex', uint32(value))
      case 'drop.trap':
        this.lossy.drop ||= replaced(value)
        return put(this.drop, 'trap', textOf(value))
      case 'drop.trap_group':
        this.lossy.drop ||= replaced(value)
        return put(this.drop, 'trap_group', textOf(value))
      case 'drop.reason':
        return this.takeReason(value)
    }
  }

  parts(origin: 'software' | 'hardware' | undefined): Omit<Sections, 'kind' | 'args' | 'isWhole'> {
    const { skb, device, location, lossy } = this
    return {
      skb: isEmpty(skb) ? undefined : seal('skb', ordered(skb, SKB_ORDER), ...hashFlags(skb)),
      location:
        location === undefined
          ? undefined
          : locationPart(location, ...(lossy.location ? TEXT_REPLACED : []), ...(this.isWhole ? [] : INCOMPLETE)),
      drop: this.dropPart(origin),
      device: isEmpty(device) ? undefined : seal('device', device, ...(lossy.device ? TEXT_REPLACED : [])),
    }
  }

  private takeLocation(value: string): boolean {
    const reading = this.location === undefined ? readPlace(value) : undefined
    if (reading === undefined) return false
    this.location = reading.place
    this.lossy.location = replaced(value)
    this.isWhole = reading.isWhole
    return true
  }

  private takeProtocol(value: string): boolean {
    const hex = /^0x[0-9a-fA-F]{1,4}$/.test(value)
    const protocol = hex ? Number.parseInt(value, 16) : uint(value, 0, value.length)
    if (protocol === undefined || protocol > 0xffff || !put(this.skb, 'protocol', protocol)) return false
    put(this.skb, 'protocol_name', etherTypeName(protocol))
    return true
  }

  private takeReason(value: string): boolean {
    if (value === '') return true
    const reason =
      this.drop.reason === undefined && this.drop.code === undefined ? reasonOf(value, this.reasons) : undefined
    if (reason === undefined) return false
    Object.assign(this.drop, reason)
    return true
  }

  private dropPart(origin: 'software' | 'hardware' | undefined): Part | undefined {
    const flags = this.lossy.drop ? TEXT_REPLACED : []
    if (origin === undefined) return isEmpty(this.drop) ? undefined : seal('drop_context', this.drop, ...flags)
    return seal('drop', ordered({ count: 1, ...this.drop, origin }, DROP_ORDER), ...flags)
  }
}

const TEXT_REPLACED = ['text_replaced'] as const
const INCOMPLETE = ['incomplete'] as const
const HASHED = ['address_hashed'] as const
const SKB_ORDER = ['addr', 'protocol', 'protocol_name', 'len', 'orig_len', 'rx_sk'] as const
const DROP_ORDER = [
  'count',
  'reason',
  'code',
  'subsystem',
  'origin',
  'decoded_by',
  'trap',
  'trap_group',
  'cookie',
] as const

/** Sets a member that is not set yet; false when there is no value or it is set. */
function put<T extends object, K extends keyof T>(section: T, key: K, value: T[K] | undefined): boolean {
  if (value === undefined || section[key] !== undefined) return false
  section[key] = value
  return true
}

/** The members in the order of the schema. */
function ordered<T extends object>(section: T, order: readonly (keyof T)[]): T {
  const sorted: T = { ...section }
  for (const key of order) delete sorted[key]
  for (const key of order) if (section[key] !== undefined) sorted[key] = section[key]
  return sorted
}

function isEmpty(section: object): boolean {
  return Object.keys(section).length === 0
}

function hashFlags({ addr, rx_sk: rxSk }: MemberTypes['skb']): readonly FlagWord[] {
  return isHash(addr ?? '') || isHash(rxSk ?? '') ? HASHED : []
}

/** Undefined when it does not fit. */
function uint32(value: string): number | undefined {
  const number = uint(value, 0, value.length)
  return number === undefined || number > 0xffffffff ? undefined : number
}

function textOf(value: string): string | undefined {
  return value === '' ? undefined : utf8(value)
}
