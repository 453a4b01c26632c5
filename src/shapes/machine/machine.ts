import { WASM } from './generated/wasm.ts'
import { MEMORY_BYTES } from './layout.ts'
import { find, hashOf, run, writeOne } from './run.ts'
import { use, Views } from './words.ts'

/** What is used of it: the types of Node 20 have no values for it. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
}

declare const WebAssembly: WebAssemblyApi | undefined

/** What works on shapes: `layout.ts` says what its memory holds, `run.ts` what it does. */
export interface ShapeMachine extends Views {
  run(shape: number, from: number, to: number, most: number): number
  writeOne(shape: number, from: number, to: number): number
  find(key: number, start: number, end: number): number
  hashOf(start: number, length: number): number
}

/** WebAssembly with SIMD takes a third of the time; it may be missing, as under `--jitless`. */
export function openMachine(): ShapeMachine {
  return wasmMachine() ?? scriptMachine()
}

/** Undefined where WebAssembly or its SIMD is missing. */
export function wasmMachine(): ShapeMachine | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const bytes = Uint8Array.from(atob(WASM), (char) => char.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) return undefined
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) return undefined
  const calls = { run: exported(exports.run), writeOne: exported(exports.writeOne) }
  return Object.assign(new Views(memory.buffer), calls, {
    find: exported(exports.find),
    hashOf: exported(exports.hashOf),
  })
}

function exported(value: unknown): (...numbers: number[]) => number {
  if (typeof value !== 'function') throw new Error('the machine lacks a function')
  return (...numbers) => value(...numbers)
}

/** The same in TypeScript. */
export function scriptMachine(): ShapeMachine {
  const views = new Views(new ArrayBuffer(MEMORY_BYTES))
  const on =
    <Numbers extends number[]>(work: (...numbers: Numbers) => number) =>
    (...numbers: Numbers): number => {
      use(views)
      return work(...numbers)
    }
  return Object.assign(views, { run: on(run), writeOne: on(writeOne), find: on(find), hashOf: on(hashOf) })
}
