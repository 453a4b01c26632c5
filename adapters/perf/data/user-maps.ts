// What processes have mapped: the dso of a user address, and its offset in that file.
import { RangeList } from './range-list.ts'
import type { Mapping } from './symbols.ts'

/** The mappings of a process. */
export interface ProcessMaps {
  /** Another number: other mappings. */
  readonly version: number
  readonly maps: RangeList<Mapping>
  /** A forked process has them, too, until one of the two maps something. */
  readonly isShared: boolean
  /** How many there were when they were counted. */
  readonly count: number
}

const MOST_MAPS = 65_536
const MOST_PROCESSES = 65_536
/** Of all processes together. */
const MOST_IN_ALL = 2 ** 19

export class UserMaps {
  /** In the order in which they changed. */
  private readonly processes = new Map<number, ProcessMaps>()
  private versions = 0
  private total = 0

  ofProcess(pid: number): ProcessMaps | undefined {
    return this.processes.get(pid)
  }

  mapped(mapping: Mapping): void {
    const { pid, start, length } = mapping
    const before = this.processes.get(pid)
    const maps =
      before === undefined ? new RangeList<Mapping>(MOST_MAPS) : before.isShared ? before.maps.copy() : before.maps
    maps.add(start, start + length, mapping)
    this.versions++
    this.keep(pid, { version: this.versions, maps, isShared: false, count: maps.length })
  }

  forked(pid: number, parent: number): void {
    const of = this.processes.get(parent)
    if (pid === parent) return
    if (of === undefined) {
      this.forget(pid)
      return
    }
    this.keep(parent, { ...of, isShared: true })
    this.keep(pid, { ...of, isShared: true })
  }

  executed(pid: number): void {
    this.forget(pid)
  }

  private keep(pid: number, maps: ProcessMaps): void {
    this.forget(pid)
    this.processes.set(pid, maps)
    this.total += maps.count
    for (const oldest of this.processes.keys()) {
      if (oldest === pid || (this.processes.size <= MOST_PROCESSES && this.total <= MOST_IN_ALL)) return
      this.forget(oldest)
    }
  }

  private forget(pid: number): void {
    this.total -= this.processes.get(pid)?.count ?? 0
    this.processes.delete(pid)
  }
}
