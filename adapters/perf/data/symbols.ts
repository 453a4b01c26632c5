// What addresses mean: modules and dsos by the maps of the recording, names by a kallsyms file that is proven to be of
// the same boot. The reader hands on the records that teach it, in the order of time.
import type { Context, KallsymsOfHost } from '../../../src/contract.ts'
import type { Frame } from '../../../src/event/generated/types.ts'
import type { Part } from '../../../src/event/part.ts'
import type { KernelPlace } from '../../../src/kernel/symbol.ts'
import { CallChains } from './call-chain.ts'
import { KernelMaps } from './kernel-maps.ts'
import type { Sample } from './sample.ts'
import { UserMaps } from './user-maps.ts'

/** MMAP and MMAP2. */
export interface Mapping {
  /** As in a sample: 1 kernel, 2 user, … */
  readonly cpuMode: number
  /** -1 of the kernel's. */
  readonly pid: number
  readonly start: bigint
  readonly length: bigint
  /** Where in the file it begins; of the kernel's text: the address of the symbol that the file name ends with. */
  readonly fileOffset: bigint
  /** latin1. */
  readonly file: string
  /** Lower-case hex, of MMAP2 records that have it. */
  readonly buildId: string | undefined
}

/** KSYMBOL: a BPF program or other code that the kernel loaded. */
export interface KernelSymbol {
  readonly address: bigint
  readonly length: number
  /** latin1. */
  readonly name: string
  /** It is gone from now on. */
  readonly isGone: boolean
}

export interface Symbols {
  mapped(mapping: Mapping): void
  /** A new process has the maps of its parent. */
  forked(pid: number, parent: number): void
  /** The process runs another program: its maps are gone. */
  executed(pid: number): void
  kernelSymbol(symbol: KernelSymbol): void
  /** Of BUILD_ID: which version of a file was mapped. `file` is latin1, `id` lower-case hex. */
  buildId(file: string, id: string): void
  /** The release of the recorded kernel, when a header says it. */
  kernelRelease(release: string): void
  /** Another number: kernel addresses have other places from now on. */
  readonly kernelEpoch: number
  /** What the user should hear once of the kallsyms file, a sentence: it was moved, or not used, and why. */
  readonly hint: string | undefined
  /** Where in the kernel an address is, as `location` has it: always its address. */
  placeOf(address: bigint): KernelPlace
  /** The frame of the sample's own instruction, which it has. */
  frameOf(sample: Sample): Frame
  /** The frames of the sample's chain, innermost first. Undefined: it has none. */
  stackOf(sample: Sample): Part | undefined
}

/** Knows no maps yet. The names come by `context`: `--kallsyms`, or a snapshot's. */
export function openSymbols(context: Context): Symbols {
  const kernel = new KernelMaps(kallsymsOf(context))
  const users = new UserMaps()
  const chains = new CallChains(kernel, users)
  return {
    mapped: (mapping) => {
      if (mapping.cpuMode === CPU_MODE_KERNEL) kernel.mapped(mapping)
      else if (mapping.cpuMode === CPU_MODE_USER) users.mapped(mapping)
    },
    forked: (pid, parent) => users.forked(pid, parent),
    executed: (pid) => users.executed(pid),
    kernelSymbol: (symbol) => kernel.kernelSymbol(symbol),
    buildId: (file, id) => {
      if (file.startsWith('[kernel.kallsyms]')) kernel.kernelBuildId(id)
    },
    kernelRelease: (release) => kernel.kernelRelease(release),
    get kernelEpoch() {
      return kernel.epoch
    },
    get hint() {
      return kernel.hint
    },
    placeOf: (address) => kernel.placeOf(address),
    frameOf: (sample) => chains.frameOf(sample),
    stackOf: (sample) => chains.stackOf(sample),
  }
}

const CPU_MODE_KERNEL = 1
const CPU_MODE_USER = 2

function kallsymsOf({ flags, kallsyms }: Context): KallsymsOfHost | undefined {
  return typeof flags.kallsyms === 'string' ? { text: flags.kallsyms, from: '--kallsyms' } : kallsyms
}
