// Where the members of a SAMPLE and of a trailer are, by the attribute of their event: the order of the kernel's writer
// (kernel/events/core.c, Linux 5.10 to 7.2).
import type { EventAttribute } from './attribute.ts'
import { ParsedSample } from './parsed-sample.ts'

/** `PERF_SAMPLE_*`, by bit. */
const IP = 1 << 0
const TID = 1 << 1
const TIME = 1 << 2
const ADDR = 1 << 3
const READ = 1 << 4
const CALLCHAIN = 1 << 5
const ID = 1 << 6
const CPU = 1 << 7
const PERIOD = 1 << 8
const STREAM_ID = 1 << 9
const RAW = 1 << 10
const BRANCH_STACK = 1 << 11
const REGS_USER = 1 << 12
const STACK_USER = 1 << 13
const WEIGHT = 1 << 14
const DATA_SRC = 1 << 15
const IDENTIFIER = 1 << 16
const TRANSACTION = 1 << 17
const REGS_INTR = 1 << 18
const PHYS_ADDR = 1 << 19
const AUX = 1 << 20
const CGROUP = 1 << 21
const DATA_PAGE_SIZE = 1 << 22
const CODE_PAGE_SIZE = 1 << 23
const WEIGHT_STRUCT = 1 << 24

/** `PERF_FORMAT_*` */
const TOTAL_TIME_ENABLED = 1
const TOTAL_TIME_RUNNING = 2
const READ_ID = 4
const GROUP = 8
const LOST = 16

/** `PERF_SAMPLE_BRANCH_*` */
const BRANCH_HW_INDEX = 1n << 17n
const BRANCH_COUNTERS = 1n << 19n

const HEADER_BYTES = 8
/** Between the members of the fixed part and the end of the record. */
const VARIABLE =
  READ |
  BRANCH_STACK |
  REGS_USER |
  STACK_USER |
  WEIGHT |
  WEIGHT_STRUCT |
  DATA_SRC |
  TRANSACTION |
  REGS_INTR |
  PHYS_ADDR |
  AUX |
  CGROUP |
  DATA_PAGE_SIZE |
  CODE_PAGE_SIZE

export class SampleLayout {
  readonly attribute: EventAttribute
  /** Bytes from the start of a SAMPLE; 0: it has no such member. */
  readonly timeAt: number
  readonly idAt: number
  /** Bytes before the end of other records at which the member of the trailer begins; 0: there is none. */
  readonly trailerTid: number
  readonly trailerTime: number
  readonly trailerId: number
  readonly trailerCpu: number
  private readonly ipAt: number
  private readonly tidAt: number
  private readonly addrAt: number
  private readonly cpuAt: number
  private readonly periodAt: number
  private readonly fixedEnd: number
  private readonly isPlain: boolean
  private readonly type: number
  private readonly sample: ParsedSample
  /** While a sample is parsed: where the next member begins. */
  private next = 0

  constructor(attribute: EventAttribute, isLittle: boolean) {
    const type = attribute.sampleType
    this.attribute = attribute
    this.sample = new ParsedSample(attribute, isLittle)
    this.type = type
    let end = HEADER_BYTES
    const place = (bit: number): number => {
      if ((type & bit) === 0) return 0
      end += 8
      return end - 8
    }
    const identifier = place(IDENTIFIER)
    this.ipAt = place(IP)
    this.tidAt = place(TID)
    this.timeAt = place(TIME)
    this.addrAt = place(ADDR)
    this.idAt = identifier || place(ID)
    if (identifier !== 0) place(ID)
    place(STREAM_ID)
    this.cpuAt = place(CPU)
    this.periodAt = place(PERIOD)
    this.fixedEnd = end
    this.isPlain = (type & VARIABLE) === 0
    let before = 0
    const placeBefore = (bit: number): number => {
      if (!attribute.hasTrailer || (type & bit) === 0) return 0
      before += 8
      return before
    }
    const trailerIdentifier = placeBefore(IDENTIFIER)
    this.trailerCpu = placeBefore(CPU)
    placeBefore(STREAM_ID)
    this.trailerId = placeBefore(ID)
    if (trailerIdentifier !== 0) this.trailerId = trailerIdentifier
    this.trailerTime = placeBefore(TIME)
    this.trailerTid = placeBefore(TID)
  }

  get hasTid(): boolean {
    return this.tidAt !== 0
  }

  /**
   * The sample in these bytes, good until the next one is parsed. Undefined: its members pass the end of the record.
   */
  parse(bytes: Uint8Array, view: DataView, at: number, end: number): ParsedSample | undefined {
    const { sample } = this
    const { isLittle } = sample
    if (at + this.fixedEnd > end) return undefined
    sample.view = view
    sample.bytes = bytes
    sample.at = at
    sample.end = end
    sample.cpuMode = view.getUint16(at + 4, isLittle) & 7
    sample.time = at + this.timeAt
    sample.ip = this.ipAt === 0 ? 0 : at + this.ipAt
    sample.addr = this.addrAt === 0 ? 0 : at + this.addrAt
    sample.period = this.periodAt === 0 ? 0 : at + this.periodAt
    if (this.tidAt !== 0) {
      sample.pid = view.getInt32(at + this.tidAt, isLittle)
      sample.tid = view.getInt32(at + this.tidAt + 4, isLittle)
    }
    if (this.cpuAt !== 0) sample.cpu = view.getUint32(at + this.cpuAt, isLittle)
    this.next = at + this.fixedEnd
    if (!this.isPlain) return this.parseRest(sample, end) ? sample : undefined
    return this.takeChain(sample, end) && this.takeRaw(sample, end) ? sample : undefined
  }

  private takeChain(sample: ParsedSample, end: number): boolean {
    sample.chain = 0
    sample.chainLength = 0
    if ((this.type & CALLCHAIN) === 0) return true
    if (this.next + 8 > end) return false
    const count = sample.count(this.next)
    sample.chain = this.next + 8
    sample.chainLength = count
    return this.take(8 + 8 * count, end)
  }

  private takeRaw(sample: ParsedSample, end: number): boolean {
    sample.raw = 0
    sample.rawEnd = 0
    if ((this.type & RAW) === 0) return true
    if (this.next + 4 > end) return false
    sample.raw = this.next + 4
    const bytes = sample.view.getUint32(this.next, sample.isLittle)
    sample.rawEnd = sample.raw + bytes
    return this.take(4 + bytes, end)
  }

  private take(bytes: number, end: number): boolean {
    this.next += bytes
    return this.next <= end
  }

  /** The members after PERIOD, of samples that have more of them than a chain and raw data. */
  private parseRest(sample: ParsedSample, end: number): boolean {
    const { type, attribute } = this
    const has = (bit: number): boolean => (type & bit) !== 0
    if (has(READ) && !this.takeRead(sample, end)) return false
    if (!this.takeChain(sample, end) || !this.takeRaw(sample, end)) return false
    if (has(BRANCH_STACK) && !this.takeBranches(sample, end)) return false
    sample.userRegisters = has(REGS_USER) ? this.next : 0
    if (has(REGS_USER) && !this.takeRegisters(sample, attribute.userRegisters, end)) return false
    sample.hasUserStack = has(STACK_USER)
    if (has(STACK_USER) && !this.takeStack(sample, end)) return false
    sample.weight = has(WEIGHT) || has(WEIGHT_STRUCT) ? this.place(end) : 0
    sample.isWeightStruct = has(WEIGHT_STRUCT)
    sample.dataSource = has(DATA_SRC) ? this.place(end) : 0
    if (has(TRANSACTION)) this.place(end)
    sample.kernelRegisters = has(REGS_INTR) ? this.next : 0
    if (has(REGS_INTR) && !this.takeRegisters(sample, attribute.kernelRegisters, end)) return false
    sample.physAddr = has(PHYS_ADDR) ? this.place(end) : 0
    sample.cgroup = has(CGROUP) ? this.place(end) : 0
    if (has(DATA_PAGE_SIZE)) this.place(end)
    if (has(CODE_PAGE_SIZE)) this.place(end)
    if (has(AUX) && this.next + 8 <= end) this.take(8 + sample.count(this.next), end)
    return this.next <= end
  }

  /** Where a u64 is. */
  private place(end: number): number {
    return this.take(8, end) ? this.next - 8 : 0
  }

  private takeRead(sample: ParsedSample, end: number): boolean {
    const { readFormat } = this.attribute
    const has = (bit: number): number => ((readFormat & bit) === 0 ? 0 : 8)
    const times = has(TOTAL_TIME_ENABLED) + has(TOTAL_TIME_RUNNING)
    const value = 8 + has(READ_ID) + has(LOST)
    if (has(GROUP) === 0) return this.take(times + value, end)
    return this.next + 8 <= end && this.take(8 + times + sample.count(this.next) * value, end)
  }

  private takeBranches(sample: ParsedSample, end: number): boolean {
    if (this.next + 8 > end) return false
    const { branchSampleType } = this.attribute
    const index = (branchSampleType & BRANCH_HW_INDEX) === 0n ? 0 : 8
    const entry = (branchSampleType & BRANCH_COUNTERS) === 0n ? 24 : 32
    return this.take(8 + index + sample.count(this.next) * entry, end)
  }

  private takeRegisters(sample: ParsedSample, mask: bigint, end: number): boolean {
    if (this.next + 8 > end) return false
    const isEmpty = sample.count(this.next) === 0
    return this.take(isEmpty ? 8 : 8 + 8 * bitsIn(mask), end)
  }

  private takeStack(sample: ParsedSample, end: number): boolean {
    if (this.next + 8 > end) return false
    const bytes = sample.count(this.next)
    return this.take(bytes === 0 ? 8 : 16 + bytes, end)
  }
}

/** How many bits are set. */
function bitsIn(mask: bigint): number {
  let count = 0
  for (let rest = mask; rest > 0n; rest &= rest - 1n) count++
  return count
}
