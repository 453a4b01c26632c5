// Call chains as `stack`: frames of the kernel by its symbols, of user code by what the process has mapped.
import type { Frame } from '../../../src/event/generated/types.ts'
import { type Part, seal } from '../../../src/event/part.ts'
import { type StackFrame, stackPart } from '../../../src/kernel/stack-part.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import type { KernelMaps } from './kernel-maps.ts'
import { replacedIn } from './kernel-places.ts'
import type { Sample } from './sample.ts'
import type { Mapping } from './symbols.ts'
import type { ProcessMaps, UserMaps } from './user-maps.ts'

/** Whose code the frames are that follow. */
type Side = 'kernel' | 'user' | 'other'

/** Marks between the addresses: `PERF_CONTEXT_*`, by the lower half (include/uapi/linux/perf_event.h). */
const MARKS: ReadonlyMap<number, Side> = new Map<number, Side>([
  [-128 >>> 0, 'kernel'],
  [-512 >>> 0, 'user'],
  [-640 >>> 0, 'user'],
])
/** The user part comes later, and the next value says which it is. */
const DEFERRED = -640 >>> 0
/** Values from here on are marks, not addresses. */
const FIRST_MARK = -4095 >>> 0
const ALL_ONES = 0xffffffff

const CPU_MODES: readonly Side[] = ['other', 'kernel', 'user']
const MOST_CHAINS = 4096
const MOST_FRAMES = 16_384
/** Chains of more frames are made anew each time. */
const LONGEST_KEPT = 256
/** The mark before user code, as a little-endian and as a big-endian recording has it. */
const USER_MARKS = ['\x00\xfe\xff\xff\xff\xff\xff\xff', '\xff\xff\xff\xff\xff\xff\xfe\x00']

export class CallChains {
  private readonly kernel: KernelMaps
  private readonly users: UserMaps
  private readonly chains = new Map<string, Part | undefined>()
  private readonly frames = new Map<string, StackFrame>()
  private epoch: number

  constructor(kernel: KernelMaps, users: UserMaps) {
    this.kernel = kernel
    this.users = users
    this.epoch = kernel.epoch
  }

  stackOf(sample: Sample): Part | undefined {
    const { chain, chainLength, bytes } = sample
    if (chainLength === 0) return undefined
    if (this.epoch !== this.kernel.epoch || this.chains.size > MOST_CHAINS || this.frames.size > MOST_FRAMES) {
      this.epoch = this.kernel.epoch
      this.chains.clear()
      this.frames.clear()
    }
    if (chainLength > LONGEST_KEPT) return this.made(sample)
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + chain, 8 * chainLength).toString('latin1')
    const key = this.keyOf(sample, text)
    const known = this.chains.get(key)
    if (known !== undefined || this.chains.has(key)) return known
    const part = this.made(sample)
    this.chains.set(key, part)
    return part
  }

  /** The frame of the sample's own instruction. */
  frameOf({ view, isLittle, ip, cpuMode, pid }: Sample): Frame {
    const address = view.getBigUint64(ip, isLittle)
    const side = CPU_MODES[cpuMode] ?? 'other'
    return this.frameAt(side, address, this.users.ofProcess(pid))
  }

  /** Chains that are the same bytes may be of processes that have other files there. */
  private keyOf({ pid, cpuMode, hasUserStack }: Sample, text: string): string {
    const hasUser = cpuMode === 2 || USER_MARKS.some((mark) => text.includes(mark))
    const version = hasUser ? (this.users.ofProcess(pid)?.version ?? 0) : -1
    return `${version} ${cpuMode}${hasUserStack ? '!' : ' '}${text}`
  }

  private made({ view, isLittle, chain, chainLength, cpuMode, pid, hasUserStack }: Sample): Part | undefined {
    const maps = this.users.ofProcess(pid)
    const frames: StackFrame[] = []
    let side: Side = CPU_MODES[cpuMode] ?? 'other'
    let isWhole = !hasUserStack
    for (let at = chain; at < chain + 8 * chainLength; at += 8) {
      const high = view.getUint32(isLittle ? at + 4 : at, isLittle)
      const low = view.getUint32(isLittle ? at : at + 4, isLittle)
      if (high !== ALL_ONES || low < FIRST_MARK) frames.push(this.frame(high, low, side, maps))
      else {
        side = MARKS.get(low) ?? 'other'
        if (low === DEFERRED) {
          isWhole = false
          at += 8
        }
      }
    }
    return stackPart(frames, isWhole ? [] : INCOMPLETE)
  }

  private frame(high: number, low: number, side: Side, maps: ProcessMaps | undefined): StackFrame {
    const key = `${side === 'user' ? (maps?.version ?? 0) : side} ${high} ${low}`
    const known = this.frames.get(key)
    if (known !== undefined) return known
    const frame = this.frameAt(side, (BigInt(high) << 32n) | BigInt(low), maps)
    const made = { stack: seal('stack', [frame], ...replacedIn([frame.symbol, frame.module, frame.dso])) }
    this.frames.set(key, made)
    return made
  }

  private frameAt(side: Side, address: bigint, maps: ProcessMaps | undefined): Frame {
    if (side === 'kernel') return kernelFrame(this.kernel, address)
    return side === 'user' ? userFrame(maps, address) : bare(address)
  }
}

const INCOMPLETE = ['incomplete'] as const

function bare(address: bigint): Frame {
  return { address: `0x${address.toString(16)}` }
}

function kernelFrame(kernel: KernelMaps, address: bigint): Frame {
  const { symbol, offset, module } = kernel.placeOf(address)
  return {
    ...bare(address),
    ...(symbol !== undefined && { symbol }),
    ...(offset !== undefined && { offset }),
    ...(module !== undefined && { module }),
  }
}

function userFrame(processMaps: ProcessMaps | undefined, address: bigint): Frame {
  const mapping = processMaps?.maps.at(address)
  return mapping === undefined || !isFile(mapping)
    ? bare(address)
    : {
        ...bare(address),
        dso: utf8(mapping.file),
        dso_offset: `0x${BigInt.asUintN(64, address - mapping.start + mapping.fileOffset).toString(16)}`,
      }
}

/** Memory without a file has no offset that leads anywhere. */
function isFile({ file }: Mapping): boolean {
  return file !== '' && !file.startsWith('//') && !file.startsWith('/anon_hugepage')
}
