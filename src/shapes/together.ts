import { ENTRIES, FOUND, FOUND_BYTES } from './machine/layout.ts'
import type { ShapeMemory } from './memory.ts'
import { ShapeKey } from './shape-key.ts'

/** Which values of some keys have come together: a key whose values are entries of these, one after the other. */
export class Together {
  readonly key: ShapeKey
  /** Where the places are at which the machine keeps the entries of a unit. */
  readonly places: number
  private readonly keys: readonly ShapeKey[]
  private readonly memory: ShapeMemory

  /** `steps`: those of the keys. */
  constructor(keys: readonly ShapeKey[], steps: readonly number[], memory: ShapeMemory) {
    this.keys = keys
    this.memory = memory
    this.key = new ShapeKey(memory, 0)
    this.places = memory.allocate(4 * steps.length)
    memory.setInts(
      this.places,
      steps.map((step) => FOUND + FOUND_BYTES * step),
    )
  }

  /** Those values that were found or learned last are known from now on, if there is room. */
  learn(): void {
    this.memory.setInts(
      ENTRIES,
      this.keys.map(({ latestEntry }) => latestEntry),
    )
    this.key.learn(ENTRIES, ENTRIES + 4 * this.keys.length, [])
  }
}
