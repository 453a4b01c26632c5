import { flagsJson } from '../../event/line.ts'
import type { Part } from '../../event/part.ts'
import { partNamed } from '../../event/part-of.ts'
import type { EventRecord } from '../../event/record.ts'
import { flat } from '../../text/flat.ts'
import type { Group } from './group.ts'
import type { Quoting } from './quoting.ts'

/** Some cells, and what they hang on. */
export interface Cells {
  readonly key: (record: EventRecord) => Part | string | undefined
  readonly text: (key: Part | string | undefined) => string
}

export function fixedCells(text: string): Cells {
  return { key: () => undefined, text: () => text }
}

/** The cells of a member whose parts are interned, or of what is no part. */
export function cellsOf(group: Group, quoting: Quoting): Cells {
  switch (group.member) {
    case 'v':
      return fixedCells('1')
    case 'kind':
      return { key: (record) => record.kind, text: (key) => (typeof key === 'string' ? key : '') }
    case 'flags':
      return { key: flagsJson, text: (key) => (typeof key === 'string' ? quoting.json(key) : '') }
    default:
      return {
        key: partNamed(group.member) ?? (() => undefined),
        text: (key) => (typeof key === 'object' ? group.keptText(key) : group.none),
      }
  }
}

/** Cells side by side, joined again only when one of their parts is another. */
export class Stretch {
  private readonly cells: readonly Cells[]
  private readonly keys: (Part | string | undefined)[]
  private joined: string | undefined
  private isFlat = false

  constructor(cells: readonly Cells[]) {
    this.cells = cells
    this.keys = cells.map(() => undefined)
  }

  text(record: EventRecord): string {
    if (this.isOther(record) || this.joined === undefined) {
      let joined = ''
      for (let at = 0; at < this.cells.length; at++) joined += this.cells[at]?.text(this.keys[at]) ?? ''
      this.joined = joined
      this.isFlat = false
    } else if (!this.isFlat) {
      this.joined = flat(this.joined)
      this.isFlat = true
    }
    return this.joined
  }

  private isOther(record: EventRecord): boolean {
    const { cells, keys } = this
    let isOther = false
    for (let at = 0; at < cells.length; at++) {
      const key = cells[at]?.key(record)
      if (key === keys[at]) continue
      keys[at] = key
      isOther = true
    }
    return isOther
  }
}
