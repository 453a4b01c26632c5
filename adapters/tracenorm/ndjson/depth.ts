import type { Json } from '../../../src/event/part.ts'

/** Lists and objects within one another. No real event has so many, and JSON.stringify calls itself for each. */
export const DEEPEST = 100

/** `levels` counts lists and objects, including the value itself. */
export function isDeeperThan(levels: number, value: Json): boolean {
  return isNested(value) && isNestedDeeperThan(levels, value)
}

// Asked of each line. It is three times as fast as with Object.values.
function isNestedDeeperThan(levels: number, value: Nested): boolean {
  if (levels === 0) return true
  for (const key in value) {
    const inner = value[key]
    if (isNested(inner) && isNestedDeeperThan(levels - 1, inner)) return true
  }
  return false
}

interface Nested {
  readonly [key: string]: Json | undefined
}

/** A list counts, too: its keys are indices. */
function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null
}
