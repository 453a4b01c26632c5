import type { Level, Stream } from '../../../src/contract.ts'
import type { MemberTypes } from '../../../src/event/generated/types.ts'
import { Mould, type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { etherTypeName } from '../../../src/kernel/ethertype.ts'
import { bareName, subsystemOfName } from '../../../src/kernel/reasons/reasons.ts'
import { intern } from '../../../src/text/intern.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import type { BlockFields } from './field.ts'
import { type BlockHead, readHead } from './head.ts'
import { readSummaryPlace, type SummaryPlace } from './summary.ts'
import { isEcho, RECEIVE_FAILED, talkOf } from './talk.ts'

type DropSection = MemberTypes['drop']

/** What the first line of a block comes to. */
export interface HeadParts {
  readonly head: BlockHead
  readonly location: Part | undefined
  /** The drop of a trap, when neither a cookie nor a reason is printed. */
  readonly trapDrop: Part | undefined
}

/** By the text after `drop at: `. Undefined: the text is not that of a head. */
export const headPartsOf = intern((text: string): HeadParts | undefined => {
  const head = readHead(text)
  if (head === undefined) return undefined
  if (head.by === 'trap') {
    const drop = seal('drop', { count: 1, origin: 'hardware', ...trapOf(head.trap, head.group) }, ...textFlags(text))
    return { head, location: undefined, trapDrop: drop }
  }
  const missing: readonly FlagWord[] = head.isCut ? ['symbol_cut'] : head.left === undefined ? NONE : ['incomplete']
  const flags = [...missing, ...textFlags(text)]
  return { head, location: seal('location', head.location, ...flags), trapDrop: undefined }
})

/** The drop of a packet block. `notes` are texts that no section holds. */
export function packetRecord(parts: HeadParts, fields: BlockFields, notes: readonly string[]): EventRecord {
  const record = new EventRecord('drop')
  if (fields.local !== undefined) {
    record.clockId = 'realtime'
    record.local = fields.local
  }
  record.skb = skbOf(fields)
  record.location = parts.location
  record.drop = dropOf(parts, fields)
  if (fields.ifindex !== undefined || fields.name !== undefined) {
    record.device = devices.get(
      fields.name === undefined ? (fields.ifindex ?? '') : `${fields.ifindex ?? ''} ${fields.name}`,
    )
  }
  const left = parts.head.by === 'address' ? parts.head.left : undefined
  const payload = left === undefined ? notes : [left, ...notes]
  if (payload.length > 0) record.payload = textPart('payload', payload.join('\n'))
  return record
}

const SKB_HOLES = ['len', 'orig_len'] as const
/** By the hexadecimal digits of the EtherType. */
const skbMoulds = intern((hex) => new Mould('skb', { ...protocolOf(hex), len: 1, orig_len: 1 }, SKB_HOLES))

function skbOf({ protocol, length, originalLength }: BlockFields): Part | undefined {
  if (protocol !== undefined && length !== undefined && originalLength !== undefined) {
    return skbMoulds.get(protocol).fill(length, originalLength)
  }
  if (protocol === undefined && length === undefined && originalLength === undefined) return undefined
  return seal('skb', {
    ...(protocol === undefined ? {} : protocolOf(protocol)),
    ...(length === undefined ? {} : { len: length }),
    ...(originalLength === undefined ? {} : { orig_len: originalLength }),
  })
}

function protocolOf(hex: string): { protocol: number; protocol_name?: string } {
  const protocol = Number.parseInt(hex, 16)
  const name = etherTypeName(protocol)
  return name === undefined ? { protocol } : { protocol, protocol_name: name }
}

/** By the index, with a blank and the name after it where there is a name. */
const devices = intern((text) => {
  const blank = text.indexOf(' ')
  const name = blank < 0 ? undefined : text.slice(blank + 1)
  const index = blank < 0 ? text : text.slice(0, blank)
  const device: MemberTypes['device'] = {
    ...(index === '' ? {} : { ifindex: Number(index) }),
    ...(name === undefined ? {} : { name: utf8(name) }),
  }
  return seal('device', device, ...textFlags(text))
})

/** Software drops by their reason. The empty text is no reason. */
const softwareDrops = intern((reason) =>
  seal('drop', { count: 1, ...reasonOf(reason), origin: 'software', ...decodedBy(reason) }),
)
function dropOf({ head, trapDrop }: HeadParts, { origin, reason, cookie }: BlockFields): Part {
  if (cookie === undefined && head.by === 'address' && origin === 'software') return softwareDrops.get(reason ?? '')
  if (cookie === undefined && trapDrop !== undefined && origin === 'hardware' && reason === undefined) return trapDrop
  const drop: DropSection = {
    count: 1,
    ...reasonOf(reason ?? ''),
    ...(origin === undefined ? {} : { origin }),
    ...decodedBy(reason ?? ''),
    ...(head.by === 'trap' ? trapOf(head.trap, head.group) : {}),
    ...(cookie === undefined ? {} : { cookie }),
  }
  return seal('drop', drop, ...(head.by === 'trap' ? textFlags(head.trap + head.group) : NONE))
}

function reasonOf(printed: string): { reason?: string; subsystem?: string } {
  if (printed === '') return {}
  const reason = bareName(printed)
  const subsystem = subsystemOfName(reason)
  return subsystem === undefined ? { reason } : { reason, subsystem }
}

function decodedBy(reason: string): { decoded_by?: 'source' } {
  return reason === '' ? {} : { decoded_by: 'source' }
}

function trapOf(trap: string, group: string): { trap: string; trap_group: string } {
  return { trap: utf8(trap), trap_group: utf8(group) }
}

/** What the text after `drops at ` comes to. */
export interface SummaryParts {
  readonly place: SummaryPlace
  readonly location: Part | undefined
  readonly device: Part | undefined
  readonly drop: Mould<'drop'>
  readonly payload: Part | undefined
  /** The payload without what follows the complete line. */
  readonly symbolLeft: Part | undefined
  /** A line as dropwatch prints it, and a count of packets. */
  readonly isPlain: boolean
}

/** By the text after `drops at `. Undefined: it has none of the known forms. */
export const summaryPartsOf = intern((text: string): SummaryParts | undefined => {
  const place = readSummaryPlace(text)
  if (place === undefined) return undefined
  const { origin, trap, symbol, offset, address, netns, unresolved, rest } = place
  const location: MemberTypes['location'] = {
    ...(symbol === undefined ? {} : { symbol: utf8(symbol) }),
    ...(offset === undefined ? {} : { offset }),
    ...(address === undefined ? {} : { address }),
  }
  const left = [unresolved ?? '', rest].filter((piece) => piece !== '').join('\n')
  return {
    place,
    location:
      symbol === undefined && address === undefined ? undefined : seal('location', location, ...textFlags(text)),
    device: netns === undefined ? undefined : seal('device', { netns }),
    drop: new Mould(
      'drop',
      { count: 1, origin, ...(trap === undefined ? {} : { trap: utf8(trap) }) },
      ['count'],
      ...textFlags(text),
    ),
    payload: left === '' ? undefined : textPart('payload', left),
    symbolLeft: unresolved === undefined ? undefined : textPart('payload', unresolved),
    isPlain: place.isClosed && !place.isNull && rest === '',
  }
})

/** The drops of a summary line. */
export function summaryRecord(count: number, parts: SummaryParts): EventRecord {
  const record = new EventRecord('drop')
  record.location = parts.location
  record.drop = parts.drop.fill(count)
  record.device = parts.device
  record.payload = parts.payload
  return record
}

const LOST = {
  socket: seal('loss', { unit: 'records', cause: 'socket_full', mode: 'delta' }),
  deactivation: seal('loss', { unit: 'records', cause: 'deactivation', mode: 'delta' }),
  'unknown type': seal('loss', { count: 1, unit: 'packets', cause: 'unknown', mode: 'delta' }),
}

/** The loss that a line of talk reports. */
export function lossRecord(lost: keyof typeof LOST): EventRecord {
  const record = new EventRecord('loss')
  record.loss = LOST[lost]
  return record
}

/** `Tail dropped: N`, a counter that runs since the module was loaded. */
export function tailDroppedRecord(count: number, origin: 'software' | 'hardware' | undefined): EventRecord {
  const record = new EventRecord('loss')
  record.loss = seal('loss', {
    count,
    unit: 'packets',
    cause: 'queue_full',
    ...(origin === undefined ? {} : { origin }),
    mode: 'total',
  })
  return record
}

/** Text (latin1) within a claim of data: an echo inside a block. */
function messageRecord(text: string, level: Level, stream: Stream): EventRecord {
  const record = new EventRecord('message')
  record.message = textPart('message', text)
  record.level = seal('level', level)
  record.stream = seal('stream', stream)
  return record
}

/** The record of a text beside or inside another line: an error line of dropwatch, something typed, or other text. */
export function besideRecord(text: string): EventRecord {
  if (!text.startsWith(RECEIVE_FAILED)) return messageRecord(text, 'info', isEcho(text) ? 'prompt' : 'foreign')
  return talkOf(text)?.lost === 'socket' ? lossRecord('socket') : messageRecord(text, 'error', 'stderr')
}

/** The flags of a text that was made of these bytes. */
function textFlags(bytes: string): readonly FlagWord[] {
  return replaced(bytes) ? REPLACED : NONE
}
const REPLACED: readonly FlagWord[] = ['text_replaced']
const NONE: readonly FlagWord[] = []

function textPart(name: 'payload' | 'message', text: string): Part {
  return seal(name, utf8(text), ...textFlags(text))
}
