import { INPUT } from './machine/layout.ts'
import { openMachine, type ShapeMachine } from './machine/machine.ts'
import { ShapeMemory } from './memory.ts'

/**
 * Memories that are lent to one input after the other: a machine has 10 MiB, and to open one takes longer than to read
 * a short capture.
 */
export class ShapeMachines {
  private readonly free: ShapeMachine[] = []

  /** It holds nothing. */
  lend(): ShapeMemory {
    return new ShapeMemory(this.free.pop() ?? openMachine())
  }

  /** Nobody uses it any more. */
  giveBack(memory: ShapeMemory): void {
    const { machine } = memory
    memory.forget()
    machine.bytes.fill(0, 0, INPUT)
    this.free.push(machine)
  }
}
