import { LEARNED, LEARNED_BYTES } from './machine/layout.ts'
import type { ShapeMachine } from './machine/machine.ts'

/** More than one lesson takes: keys and texts of a unit, and the tables of its keys. */
const ROOM = 2 * 1024 * 1024
const ALIGNMENT = 8

/** The memory of a machine, and what was learned in it. Places are offsets in bytes. */
export class ShapeMemory {
  readonly machine: ShapeMachine
  private end = LEARNED

  /** The machine's memory holds nothing. */
  constructor(machine: ShapeMachine) {
    this.machine = machine
  }

  get isFull(): boolean {
    return this.end > LEARNED + LEARNED_BYTES - ROOM
  }

  /** All that was learned. */
  forget(): void {
    this.machine.bytes.fill(0, LEARNED, this.end)
    this.end = LEARNED
  }

  /** Room that holds zeros; gives where it begins, aligned for any number. */
  allocate(bytes: number): number {
    const at = this.end
    this.end = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT
    return at
  }

  addText(latin1Text: string): number {
    const at = this.allocate(latin1Text.length)
    this.writeText(at, latin1Text)
    return at
  }

  /** A copy of bytes within this memory; gives where it is. */
  keep(start: number, end: number): number {
    const at = this.allocate(end - start)
    this.machine.bytes.copyWithin(at, start, end)
    return at
  }

  writeText(at: number, latin1Text: string): void {
    for (let i = 0; i < latin1Text.length; i++) this.machine.bytes[at + i] = latin1Text.charCodeAt(i)
  }

  isTextAt(at: number, latin1Text: string): boolean {
    for (let i = 0; i < latin1Text.length; i++)
      if (this.machine.bytes[at + i] !== latin1Text.charCodeAt(i)) return false
    return true
  }

  intAt(at: number): number {
    return this.machine.ints[at >> 2] ?? 0
  }

  setInts(at: number, values: readonly number[]): void {
    this.machine.ints.set(values, at >> 2)
  }

  setFloat(at: number, value: number): void {
    this.machine.floats[at >> 3] = value
  }
}
