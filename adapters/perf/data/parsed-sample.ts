import type { EventAttribute } from './attribute.ts'
import type { Sample } from './sample.ts'

const TWO_32 = 0x100000000

/** The sample of one event that was parsed last. Offsets of 0: it has no such member. */
export class ParsedSample implements Sample {
  view: DataView = new DataView(new ArrayBuffer(0))
  bytes: Uint8Array = new Uint8Array(0)
  readonly isLittle: boolean
  readonly attribute: EventAttribute
  /** Offset of the record. */
  at = 0
  end = 0
  cpuMode = 0
  pid = -1
  tid = -1
  /** -1 without the member CPU. */
  cpu = -1
  /** Offsets of u64. */
  time = 0
  ip = 0
  addr = 0
  period = 0
  weight = 0
  dataSource = 0
  physAddr = 0
  cgroup = 0
  /** The weight is a u32 and two u16. */
  isWeightStruct = false
  /** Offset of the ABI, a u64, and the registers after it. */
  userRegisters = 0
  kernelRegisters = 0
  chain = 0
  chainLength = 0
  raw = 0
  rawEnd = 0
  hasUserStack = false

  constructor(attribute: EventAttribute, isLittle: boolean) {
    this.attribute = attribute
    this.isLittle = isLittle
  }

  /** It has more than a tracepoint's sample without options: a weight, registers, … */
  get hasMore(): boolean {
    const { addr, weight, dataSource, physAddr, cgroup, userRegisters, kernelRegisters } = this
    return addr + weight + dataSource + physAddr + cgroup + userRegisters + kernelRegisters > 0
  }

  /** A u64 as a number, which is not exact from 2^53 on. */
  count(at: number): number {
    const { view, isLittle } = this
    return view.getUint32(isLittle ? at + 4 : at, isLittle) * TWO_32 + view.getUint32(isLittle ? at : at + 4, isLittle)
  }
}
