import type { EventRecord } from '../../event/record.ts'

/**
 * An entry of a bpftrace map that counts drops. It is not added to the packets: a map may be cleared, and it may count
 * drops that have records of their own.
 */
export interface MapCount {
  readonly path?: string
  readonly name: string
  readonly keys: readonly string[]
  /** The value that was printed last. */
  value: number
  /** How often it was printed. */
  records: number
}

/** The most entries that are kept. */
const MOST_COUNTS = 1024

/** Counts records of map entries. */
export class Maps {
  /** Records that there was no room for. */
  left = 0
  private readonly counts = new Map<string, MapCount>()
  private readonly isDrop: (event: string) => boolean

  /** `isDrop` says of the name of an event whether it is a drop. */
  constructor(isDrop: (event: string) => boolean) {
    this.isDrop = isDrop
  }

  add(record: EventRecord): void {
    const { metric } = record
    const value = metric?.get('value')
    if (typeof value !== 'number' || !this.countsDrops(record)) return
    const name = String(metric?.get('name'))
    const keys = [metric?.get('keys') ?? []].flat().map(String)
    const path = record.capture?.get('path')
    const key = JSON.stringify([path, name, keys])
    let count = this.counts.get(key)
    if (count === undefined) {
      if (this.counts.size >= MOST_COUNTS) {
        this.left++
        return
      }
      count = { ...(typeof path === 'string' && { path }), name, keys, value, records: 0 }
      this.counts.set(key, count)
    }
    count.value = value
    count.records++
  }

  /** The entries, the largest first. */
  list(): readonly MapCount[] {
    return [...this.counts.values()].sort((a, b) => b.value - a.value)
  }

  private countsDrops({ metric, drop, event_name }: EventRecord): boolean {
    if (metric?.get('type') !== 'count') return false
    return drop !== undefined || (event_name !== undefined && this.isDrop(String(event_name.value())))
  }
}
