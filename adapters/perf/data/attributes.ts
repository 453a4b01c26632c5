// Which attribute a record belongs to.
import type { EventAttribute } from './attribute.ts'
import { SampleLayout } from './layout.ts'

/** No recording has more; a damaged one may say so. */
const MOST_ATTRIBUTES = 4096
const MOST_IDS = 1 << 20
const TWO_32 = 0x100000000
const SAMPLE = 9

/** The attributes of a recording with the ids of their events: one for each CPU or thread. */
export class Attributes {
  readonly isLittle: boolean
  private readonly layouts: SampleLayout[] = []
  private readonly byId = new Map<number, SampleLayout>()
  /** The records of all events have their id at one place: bytes after the start of samples. */
  private idAt = 0
  private trailerId = 0
  /** The halves of the id that was looked up last, and what has it: records of one event follow one another. */
  private lastHigh = 0
  private lastLow = 0
  private last: SampleLayout | undefined

  constructor(isLittle: boolean) {
    this.isLittle = isLittle
  }

  get count(): number {
    return this.layouts.length
  }

  get all(): readonly SampleLayout[] {
    return this.layouts
  }

  /** False: there are too many. */
  add(attribute: EventAttribute): boolean {
    if (this.layouts.length === MOST_ATTRIBUTES) return false
    const layout = new SampleLayout(attribute, this.isLittle)
    this.layouts.push(layout)
    const [first] = this.layouts
    if (first === undefined || first === layout) return true
    // perf gives events of one recording ids where it has several: IDENTIFIER, or ID at the same place.
    this.idAt = first.idAt
    this.trailerId = first.trailerId
    return true
  }

  /** The ids of the events of an attribute, u64 each. */
  addIds(index: number, bytes: Uint8Array): void {
    const layout = this.layouts[index]
    if (layout === undefined) return
    this.last = undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at + 8 <= bytes.length && this.byId.size < MOST_IDS; at += 8)
      this.byId.set(this.idIn(view, at), layout)
  }

  ofId(id: number): SampleLayout | undefined {
    return this.byId.get(id)
  }

  /** Of a record up to type 63. Undefined: no attribute has its id, or it has no place for one. */
  of(type: number, view: DataView, at: number, end: number): SampleLayout | undefined {
    const [first] = this.layouts
    if (this.layouts.length < 2 || this.idAt === 0) return first
    const place = type === SAMPLE ? at + this.idAt : end - this.trailerId
    if (type !== SAMPLE && (this.trailerId === 0 || place < at + 8)) return first
    if (place + 8 > end) return undefined
    const { isLittle, last } = this
    const high = view.getUint32(isLittle ? place + 4 : place, isLittle)
    const low = view.getUint32(isLittle ? place : place + 4, isLittle)
    if (last !== undefined && low === this.lastLow && high === this.lastHigh) return last
    // perf writes records of its own without an id.
    if (low === 0 && high === 0) return first
    this.lastHigh = high
    this.lastLow = low
    this.last = this.byId.get(this.idIn(view, place))
    return this.last
  }

  /** Ids are small, or addresses: as a number each is another one. */
  private idIn(view: DataView, at: number): number {
    const { isLittle } = this
    return view.getUint32(isLittle ? at + 4 : at, isLittle) * TWO_32 + view.getUint32(isLittle ? at : at + 4, isLittle)
  }
}
