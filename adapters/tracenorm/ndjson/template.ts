// Members that mostly differ from the line before in one leaf: a time, an address, a line number.
import type { MemberTypes } from '../../../src/event/generated/types.ts'
import { type Json, Mould, memberOf, type Part } from '../../../src/event/part.ts'
import { detached } from '../../../src/text/detached.ts'
import { digitsEnd, pointer, uint } from '../../../src/text/scan.ts'

/** The leaf of each such member. */
const LEAVES = { clock: 'ns', skb: 'addr', capture: 'line' } as const
type Moulded = keyof typeof LEAVES
/** Leaves that every scanner accepts. */
const PROBES = { clock: '7', skb: '0xabc', capture: 7 } as const

/** Several texts alternate: packets with a socket and without. */
const KEPT = 4

/** The last texts of a member, each with a hole for the leaf. */
export class Templates {
  /** Offset after the part that `read` returned. */
  end = 0
  private readonly member: Moulded
  private kept: readonly Template[] = []

  constructor(member: Moulded) {
    this.member = member
  }

  /** The part at `at`, if its text is a known one with another leaf. */
  read(text: string, at: number): Part | undefined {
    const { kept } = this
    for (let place = 0; place < kept.length; place++) {
      const template = kept[place]
      const part = template?.read(text, at)
      if (template === undefined || part === undefined) continue
      this.end = template.end
      if (place > 0) this.kept = [template, ...kept.filter((other) => other !== template)]
      return part
    }
    return undefined
  }

  /** Learns `text`, `,"skb":{…}`: the JSON of a value that the strict schema accepts. */
  learn(text: string, value: Json): void {
    const leaf = memberOf(value, LEAVES[this.member])
    if (typeof leaf !== 'string' && typeof leaf !== 'number') return
    const written = `"${LEAVES[this.member]}":${JSON.stringify(leaf)}`
    const leafEnd = text.indexOf(written) + written.length - (typeof leaf === 'string' ? 1 : 0)
    const before = detached(text.slice(0, leafEnd - String(leaf).length))
    const template = new Template(this.member, value, before, detached(text.slice(leafEnd)))
    this.kept = [template, ...this.kept.slice(0, KEPT - 1)]
  }
}

/** A text with a hole. Its mould is made when a second text fits: many texts never repeat. */
class Template {
  end = 0
  private readonly member: Moulded
  private readonly specimen: Json
  private readonly before: string
  private readonly after: string
  /** Undefined: not yet made. `none`: the texts are not as we write them. */
  private mould: Mould<Moulded> | 'none' | undefined

  constructor(member: Moulded, specimen: Json, before: string, after: string) {
    this.member = member
    this.specimen = specimen
    this.before = before
    this.after = after
  }

  read(text: string, at: number): Part | undefined {
    const { before, after } = this
    const start = at + before.length
    if (text.slice(at, start) !== before) return undefined
    const end = this.member === 'capture' ? digitsEnd(text, start) : text.indexOf('"', start)
    if (end < 0 || text.slice(end, end + after.length) !== after) return undefined
    const leaf = this.leafIn(text, start, end)
    if (leaf === undefined) return undefined
    this.mould ??= this.newMould() ?? 'none'
    const part = this.mould === 'none' ? undefined : this.mould.fill(leaf)
    this.end = end + after.length
    // A note is a fault: the schema does not allow the leaf.
    return part?.notes === undefined ? part : undefined
  }

  /** The leaf as the scanners of other readers would accept it. */
  private leafIn(text: string, start: number, end: number): string | number | undefined {
    if (this.member === 'skb') {
      const address = pointer(text, start, end)
      return address === text.slice(start, end) ? address : undefined
    }
    const isPlain =
      end > start && digitsEnd(text, start) === end && (text.charCodeAt(start) !== 48 || end === start + 1)
    if (!isPlain) return undefined
    return this.member === 'clock' ? text.slice(start, end) : uint(text, start, end)
  }

  /** Undefined: the filled mould is not the same text with another leaf. */
  private newMould(): Mould<Moulded> | undefined {
    // Sound: the validator of this member accepted the value.
    const mould = new Mould(this.member, this.specimen as MemberTypes[Moulded], [LEAVES[this.member]])
    const leaf = PROBES[this.member]
    return mould.fill(leaf).text === `${this.before}${leaf}${this.after}` ? mould : undefined
  }
}
