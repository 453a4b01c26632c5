import { type ShapeMachine, scriptMachine, wasmMachine } from '../../src/shapes/machine/machine.ts'

/** Both machines, by name. */
export const MACHINES: readonly (readonly [string, () => ShapeMachine])[] = [
  ['TypeScript', scriptMachine],
  ['WebAssembly', openWasm],
]

function openWasm(): ShapeMachine {
  const machine = wasmMachine()
  if (machine === undefined) throw new Error('this Node has no WebAssembly')
  return machine
}
