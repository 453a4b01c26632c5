import type { LinePiece } from '../event/pieces.ts'
import type { EventRecord, MemberRead } from '../event/record.ts'
import type { RecordLeaves, RepeatedRecord } from '../event/repeated.ts'
import type { LeftOut } from '../read/ledger.ts'

/** Members whose leaves change from record to record: no stage may look at them. */
const CHANGING: readonly string[] = ['ts', 'clock', 'skb', 'capture', 'id']
/** One record in so many is made all the same, and its line must be this one. A power of 2. */
const CHECKED_EACH = 1024
const NS_DIGITS = 9
const POINTER_CHARS = 18

/** Whether stages that look at these members let records alike pass alike. */
export function judgesAlike(judged: readonly MemberRead[] | undefined): boolean {
  return judged?.every(({ part }) => !CHANGING.includes(part)) === true
}

/** Where lines go, and who counts them. */
export interface RepeatedTo {
  /** Undefined: they are left out. */
  readonly write: ((line: Uint8Array) => void) | undefined
  /** Nothing more is to be written, or what is known of the capture changed. */
  readonly isOver: () => boolean
  readonly counted: (repetition: Repetition) => void
  /** The next record must have this line. */
  readonly expects: (line: string) => void
}

/** Where a leaf is in the line. */
interface LeafRoom {
  readonly at: number
  readonly length: number
}

interface LeafRooms {
  readonly ns: LeafRoom
  readonly offset: LeafRoom
  readonly addr: LeafRoom
  /** Undefined: the record has none, or NULL. */
  readonly socket: LeafRoom | undefined
}

/** The line of a record, into which other leaves are put. */
export class Repetition implements RepeatedRecord {
  readonly like: EventRecord
  readonly leftOut: LeftOut | undefined
  /** Records since they were counted last. */
  times = 0
  private all = 0
  private readonly bytes: Buffer
  private readonly rooms: LeafRooms
  private readonly to: RepeatedTo

  constructor(like: EventRecord, leftOut: LeftOut | undefined, line: string, rooms: LeafRooms, to: RepeatedTo) {
    this.like = like
    this.leftOut = leftOut
    this.bytes = Buffer.from(line, 'latin1')
    this.rooms = rooms
    this.to = to
  }

  write(leaves: RecordLeaves): boolean {
    const { to, bytes } = this
    if (to.isOver() || !this.fill(leaves)) return false
    this.all++
    if ((this.all & (CHECKED_EACH - 1)) === 0) {
      to.expects(bytes.toString('latin1'))
      return false
    }
    if (this.times === 0) to.counted(this)
    this.times++
    to.write?.(bytes)
    return true
  }

  /** False: a leaf has another length. */
  private fill({ seconds, nanoseconds, offset, addrHigh, addrLow, socketHigh, socketLow }: RecordLeaves): boolean {
    const { bytes } = this
    const { ns, addr, socket, offset: place } = this.rooms
    const second = ns.length - NS_DIGITS
    if (second < 1 || !putNumber(bytes, ns.at, second, seconds)) return false
    putDigits(bytes, ns.at + second, NS_DIGITS, nanoseconds)
    if (!putNumber(bytes, place.at, place.length, offset)) return false
    if (!putPointer(bytes, addr, addrHigh, addrLow)) return false
    return socket === undefined || putPointer(bytes, socket, socketHigh, socketLow)
  }
}

/** False where the number has another count of digits. */
function putNumber(bytes: Buffer, at: number, digits: number, value: number): boolean {
  return putDigits(bytes, at, digits, value) && (bytes[at] !== ZERO || digits === 1)
}

/** With zeros before it. False where the number has more digits. */
function putDigits(bytes: Buffer, at: number, digits: number, value: number): boolean {
  let rest = value
  for (let place = at + digits - 1; place >= at; place--) {
    const next = Math.floor(rest / 10)
    bytes[place] = ZERO + rest - next * 10
    rest = next
  }
  return rest === 0
}

const ZERO = 48
const HEX = Buffer.from('0123456789abcdef')

/** 16 digits after `0x`. False: the pointer has fewer, or the room is for another one. */
function putPointer(bytes: Buffer, { at, length }: LeafRoom, high: number, low: number): boolean {
  if (length !== POINTER_CHARS || high < 0x10000000) return false
  for (let place = 0; place < 8; place++) {
    bytes[at + 9 - place] = HEX[(high >>> (4 * place)) & 15] ?? 0
    bytes[at + 17 - place] = HEX[(low >>> (4 * place)) & 15] ?? 0
  }
  return true
}

/** Where the leaves are in the line of these pieces. Undefined: one is not where it is expected. */
export function leafRooms(pieces: readonly LinePiece[]): LeafRooms | undefined {
  const rooms = new Map<string, LeafRoom>()
  let at = 0
  for (const { text, part, leaf } of pieces) {
    if (part !== undefined && leaf !== undefined) rooms.set(`${part}.${leaf.name}`, { at, length: text.length })
    at += text.length
  }
  const [ns, offset, addr] = [rooms.get('clock.ns'), rooms.get('capture.offset'), rooms.get('skb.addr')]
  return ns && offset && addr && { ns, offset, addr, socket: rooms.get('skb.rx_sk') }
}

/** The line of these pieces, latin1. */
export function joinedLine(pieces: readonly LinePiece[]): string {
  return pieces.map(({ text }) => text).join('')
}
