import type { LinePiece } from '../event/pieces.ts'
import type { EventRecord, MemberRead } from '../event/record.ts'
import type { RecordLeaves, RepeatedRecord } from '../event/repeated.ts'
import type { LeftOut } from '../read/ledger.ts'
import { putDigits, putHex, putNumber } from '../text/put.ts'
import type { ClockOffset } from '../time/clock.ts'
import { TimeText } from '../time/rfc3339.ts'

/** Members whose leaves change from record to record: no stage may look at them. */
const CHANGING: readonly string[] = ['ts', 'clock', 'skb', 'capture', 'id']
/** One record in so many is made all the same, and its line must be this one. A power of 2. */
const CHECKED_EACH = 1024
const NS_DIGITS = 9
const NS_PER_SECOND = 1_000_000_000
/** Characters of `2023-02-23T18:03:36.` */
const TS_FRACTION = 20
const POINTER_CHARS = 18
/** The least upper half of a pointer that has so many. */
const LEAST_HIGH = 0x10000000

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
  /** More than one in the lines of some envelopes. */
  readonly ts: readonly LeafRoom[]
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
  private readonly wallClock: ClockOffset | undefined
  private readonly to: RepeatedTo
  /** What the line says: these change seldom. */
  private seconds = -1
  private wallSeconds = -1
  private addrHigh = -1

  /** `wallClock`: how the time of the line becomes its `ts`; undefined where it has none. */
  constructor(
    like: EventRecord,
    leftOut: LeftOut | undefined,
    line: string,
    rooms: LeafRooms,
    wallClock: ClockOffset | undefined,
    to: RepeatedTo,
  ) {
    this.like = like
    this.leftOut = leftOut
    this.bytes = Buffer.from(line, 'latin1')
    this.rooms = rooms
    this.wallClock = wallClock
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
    const { bytes, wallClock } = this
    const { ns, addr, socket, offset: place } = this.rooms
    if (!this.fillSeconds(seconds)) return false
    putDigits(bytes, ns.at + ns.length - NS_DIGITS, NS_DIGITS, nanoseconds)
    if (wallClock !== undefined && !this.fillTs(seconds, nanoseconds, wallClock)) return false
    if (!putNumber(bytes, place.at, place.length, offset)) return false
    if (addr.length !== POINTER_CHARS || addrHigh < LEAST_HIGH) return false
    if (addrHigh !== this.addrHigh) putHex(bytes, addr.at + 2, addrHigh)
    this.addrHigh = addrHigh
    putHex(bytes, addr.at + 10, addrLow)
    if (socket === undefined) return true
    if (socket.length !== POINTER_CHARS || socketHigh < LEAST_HIGH) return false
    putHex(bytes, socket.at + 2, socketHigh)
    putHex(bytes, socket.at + 10, socketLow)
    return true
  }

  private fillSeconds(seconds: number): boolean {
    if (seconds === this.seconds) return true
    const { at, length } = this.rooms.ns
    this.seconds = -1
    if (length <= NS_DIGITS || !putNumber(this.bytes, at, length - NS_DIGITS, seconds)) return false
    this.seconds = seconds
    return true
  }

  private fillTs(seconds: number, nanoseconds: number, wallClock: ClockOffset): boolean {
    if (seconds < wallClock.least || seconds > wallClock.most) return false
    const below = nanoseconds + wallClock.nanoseconds
    const carry = below < NS_PER_SECOND ? 0 : 1
    const { bytes, rooms } = this
    if (!this.fillWallSeconds(seconds + wallClock.seconds + carry)) return false
    for (const { at } of rooms.ts) putDigits(bytes, at + TS_FRACTION, NS_DIGITS, below - carry * NS_PER_SECOND)
    return true
  }

  private fillWallSeconds(seconds: number): boolean {
    if (seconds === this.wallSeconds) return true
    const text = new TimeText().of(seconds, 0)
    if (text === undefined) return false
    for (const { at } of this.rooms.ts) this.bytes.write(text, at, TS_FRACTION, 'latin1')
    this.wallSeconds = seconds
    return true
  }
}

/** Where the leaves are in the line of these pieces. Undefined: one is not where it is expected. */
export function leafRooms(pieces: readonly LinePiece[]): LeafRooms | undefined {
  const rooms = new Map<string, LeafRoom[]>()
  let at = 0
  for (const { text, part, leaf } of pieces) {
    const name = part === undefined || leaf === undefined ? undefined : `${part}.${leaf.name}`
    if (name !== undefined) rooms.set(name, [...(rooms.get(name) ?? []), { at, length: text.length }])
    at += text.length
  }
  const roomOf = (name: string): LeafRoom | undefined => rooms.get(name)?.[0]
  const ts = rooms.get('ts.ts') ?? []
  if ([...rooms].some(([name, places]) => name !== 'ts.ts' && places.length > 1)) return undefined
  const [ns, offset, addr] = [roomOf('clock.ns'), roomOf('capture.offset'), roomOf('skb.addr')]
  return ns && offset && addr && { ns, offset, addr, socket: roomOf('skb.rx_sk'), ts }
}

/** The line of these pieces, latin1. */
export function joinedLine(pieces: readonly LinePiece[]): string {
  return pieces.map(({ text }) => text).join('')
}
