import { InputError } from '../errors.ts'
import { type Conversion, convertInput, type InputChunks } from '../run/convert-input.ts'
import type { ShipRefusal } from './answer.ts'
import type { Backlog } from './backlog.ts'
import { Bell } from './bell.ts'
import type { Errand } from './courier.ts'
import type { Undelivered } from './dead-letters.ts'
import { Lane } from './lane.ts'
import type { ShipLedger } from './ledger.ts'
import type { Carrier, Letter } from './letter.ts'
import { LetterSink, type Posting } from './letter-sink.ts'
import type { Packer } from './packer.ts'
import { type Parcel, Parcels } from './parcel.ts'
import type { Timing } from './timing.ts'

export interface ShipperOptions {
  readonly backlog: Backlog
  /** Reads our own NDJSON. */
  readonly reading: Omit<Conversion, 'sink' | 'patience' | 'rejected'>
  readonly packer: Packer
  readonly carrier: Carrier
  readonly ledger: ShipLedger
  readonly timing: Timing
  /** A batch that is not full waits this long for more. */
  readonly batchAgeMs: number
  /** How many requests are under way at once. */
  readonly concurrency: number
  readonly retryForMs: number
  /** Keeps what the platform does not take, before it counts as settled. */
  readonly bury: (letters: readonly Undelivered[]) => Promise<void>
  /** Hears why something is sent again. */
  readonly troubled: (why: string) => void
}

/** Sends a backlog to a platform, in batches, over several lanes. Letters of one group take the same lane. */
export class Shipper {
  private readonly options: ShipperOptions
  private readonly lanes: readonly Lane[]
  private readonly end = new AbortController()
  private readonly moved = new Bell()
  private readonly sink: LetterSink
  private readonly parcels = new Parcels()
  private isClosed = false
  private turn = 0

  constructor(options: ShipperOptions) {
    this.options = options
    const errand: Errand = {
      ...options,
      end: this.end.signal,
      settle: (letters) => this.settle(letters),
      refuse: (letters, refusals) => this.refuse(letters, refusals),
    }
    const { concurrency, packer, batchAgeMs } = options
    const lane = (): Lane => new Lane(errand, this.moved, () => packer.batch(), batchAgeMs)
    this.lanes = Array.from({ length: concurrency }, lane)
    const posting: Posting = {
      post: (letter) => this.post(letter),
      room: () => this.room(),
      refuse: (letters, parcels) => this.refuseUnfit(letters, parcels),
    }
    this.sink = new LetterSink(packer, this.parcels, posting)
  }

  /** Sends until the backlog is closed and empty, or until `stop`. Throws ShipStopped and InputError. */
  async run(): Promise<void> {
    const reading = this.read().then(() => {
      for (const lane of this.lanes) lane.close()
    })
    const work = [reading, ...this.lanes.map((lane) => lane.run())]
    for (const each of work) each.catch(() => this.stop())
    for (const ended of await Promise.allSettled(work)) if (ended.status === 'rejected') throw ended.reason
  }

  /** The backlog gets nothing more. */
  close(): void {
    this.isClosed = true
    this.options.backlog.changed.ring()
  }

  /** Nothing more is sent: requests under way are called off. */
  stop(): void {
    this.end.abort()
    this.moved.ring()
    this.options.backlog.halt()
  }

  /** The lines that it had and that are not settled, after `run`. */
  unsettled(): readonly string[] {
    return [...this.lanes.flatMap((lane) => lane.unsettled.map(({ line }) => line)), ...this.sink.unposted()]
  }

  /** Reads the backlog back into records, which become letters. */
  private async read(): Promise<void> {
    const { reading } = this.options
    const outcome = await convertInput(this.chunks(), '-', {
      ...reading,
      sink: this.sink,
      rejected: ({ bytes, why }) => {
        this.sink.refuse(bytes.replace(/\n$/, ''), `not read back: ${why.text}`)
        return false
      },
    })
    // What the spool throws while it is read.
    if (outcome.failure !== undefined) throw new InputError(outcome.failure)
    const [bug] = outcome.bugs
    if (bug !== undefined) throw new Error(bug)
  }

  private chunks(): InputChunks {
    const chunks = this.eachChunk()
    return { [Symbol.asyncIterator]: () => chunks }
  }

  private async *eachChunk(): AsyncGenerator<Uint8Array, void, void> {
    const { backlog } = this.options
    const { signal } = this.end
    while (!signal.aborted) {
      const chunk = backlog.next()
      if (chunk !== undefined) {
        this.sink.begin(chunk)
        yield chunk.lines
        continue
      }
      // Meanwhile more may have come.
      if (await this.sink.refuseUnfit()) continue
      if (this.isClosed) return
      await backlog.changed.rung()
    }
  }

  private post(letter: Letter): boolean {
    const { lanes } = this
    const { group } = letter
    if (this.end.signal.aborted) return false
    if (group !== '') return lanes[hashOf(group) % lanes.length]?.offer(letter) === true
    // No order is asked for: one lane's batch is filled before that of the next.
    for (let step = 0; step < lanes.length; step++) {
      if (lanes[this.turn]?.offer(letter) === true) return true
      this.turn = (this.turn + 1) % lanes.length
    }
    return false
  }

  private async room(): Promise<boolean> {
    if (!this.end.signal.aborted) await this.moved.rung()
    return !this.end.signal.aborted
  }

  private settle(letters: readonly Letter[]): void {
    for (const { parcel } of letters) this.settleOne(parcel)
  }

  private settleOne(parcel: Parcel): void {
    parcel.unsettled--
    if (parcel.unsettled > 0) return
    this.parcels.settled(parcel)
    this.options.backlog.settle(parcel.chunk)
  }

  private async refuse(letters: readonly Letter[], refusals: readonly ShipRefusal[]): Promise<void> {
    const { ledger, bury } = this.options
    await bury(letters.map(({ line }, at) => ({ line, refusal: refusals[at] ?? { reason: 'no reason given' } })))
    ledger.refused += letters.length
    this.settle(letters)
  }

  private async refuseUnfit(letters: readonly Undelivered[], parcels: readonly Parcel[]): Promise<void> {
    const { ledger, bury } = this.options
    await bury(letters)
    ledger.refused += letters.length
    ledger.unfit += letters.length
    for (const parcel of parcels) this.settleOne(parcel)
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
