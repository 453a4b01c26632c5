import { mkdirSync } from 'node:fs'
import { codeOf } from '../../errors.ts'
import { attempt } from '../../output/fault.ts'
import { type Backlog, type BacklogCounts, type Chunk, countLines } from '../backlog.ts'
import { Bell } from '../bell.ts'
import { removeCursor, writeCursor } from './cursor.ts'
import type { InputTaken } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { FrameWriter } from './frame-writer.ts'
import { InputInSpool } from './input-in-spool.ts'
import { type Lock, lockFolder } from './lock.ts'
import { isDamaged, type Recovered, recovered } from './recovery.ts'
import { removeSegment, type SpoolPlace, segmentBytes, segmentsIn } from './segments.ts'

export interface SpoolOptions {
  readonly folder: string
  /** Bytes on the disk. When they are reached, the inputs wait. */
  readonly most: number
  /** The inputs in their order; undefined in the place of one that cannot be read again. */
  readonly paths: readonly (string | undefined)[]
}

/** A chunk that was given out. */
interface InFlight {
  readonly start: SpoolPlace
  readonly input: InputTaken | undefined
  isSettled: boolean
}

const LONGEST_SEGMENT = 16 * 1024 * 1024

/**
 * A backlog on disk: a folder of segments, and a cursor that says what is settled. What is in it outlives the process.
 * Only what is synced to the disk is sent.
 */
export class Spool implements Backlog {
  readonly changed = new Bell()
  readonly outlives = true
  readonly inputs = { next: (isWhole: boolean): void => this.nextInput(isWhole) }
  /** Bytes at the end that a process left unfinished: they did not count as taken, and are cut off. */
  readonly torn: number
  private readonly options: SpoolOptions
  private readonly lock: Lock
  private readonly reader: FrameReader
  private readonly writer: FrameWriter
  private readonly segments: number[]
  private readonly known: ReadonlyMap<string, InputTaken>
  /** Of the frames before the cursor. */
  private readonly settledInputs: Map<string, InputTaken>
  private readonly inFlight = new Map<Chunk, InFlight>()
  private readonly count: { -readonly [name in keyof BacklogCounts]: BacklogCounts[name] }
  waiting: number
  private readAt: SpoolPlace
  private bytes: number
  private at = 0
  private input: InputInSpool | undefined
  private saving: Promise<void> | undefined
  private isStale = false
  private failure: unknown
  private isAllRead = false
  private isHalted = false

  private constructor(options: SpoolOptions, lock: Lock, reader: FrameReader, found: Recovered) {
    const { folder, most } = options
    this.options = options
    this.lock = lock
    this.reader = reader
    this.segments = found.segments
    this.torn = found.torn
    this.known = found.inputs
    this.settledInputs = found.before
    this.bytes = found.bytes
    this.waiting = found.records
    this.readAt = found.start
    this.count = { found: found.records, read: 0, known: 0, spooled: 0 }
    const first = Math.max(found.start.segment, found.segments.at(-1) ?? 0) + 1
    this.writer = new FrameWriter(folder, first, Math.min(LONGEST_SEGMENT, most / 4), () => this.changed.ring())
    // There is nothing to read before the first frame is written.
    if (found.segments.length === 0) this.readAt = this.writer.synced
    this.beginInput()
  }

  /** Opens a spool, or makes one. Throws InputError. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder } = options
    attempt(folder, () => makeFolder(folder))
    const lock = await lockFolder(folder)
    const reader = new FrameReader(folder)
    try {
      return new Spool(options, lock, reader, recovered(folder, reader))
    } catch (error) {
      reader.close()
      lock.release()
      throw error
    }
  }

  get counts(): BacklogCounts {
    return this.count
  }

  put(lines: Buffer): void {
    const { input } = this
    const fresh = input?.take(lines) ?? { lines, records: countLines(lines), known: 0 }
    this.count.read += fresh.records + fresh.known
    this.count.known += fresh.known
    if (fresh.records > 0) this.write(fresh.lines, fresh.records, input?.state(false))
    this.count.spooled += fresh.records
    this.waiting += fresh.records
  }

  room(): Promise<void> | void {
    return this.isFull ? this.untilRoom() : undefined
  }

  next(): Chunk | undefined {
    for (;;) {
      const { readAt, writer } = this
      const isLast = readAt.segment === writer.segment
      if (isLast && readAt.offset >= writer.synced.offset) return undefined
      const frame = this.reader.at(readAt)
      if (frame === 'damaged' || frame === 'torn') throw isDamaged(this.options.folder, readAt)
      if (frame === undefined) {
        this.readAt = { segment: this.segmentAfter(readAt.segment), offset: 0 }
        continue
      }
      const { head, start, end } = frame
      const chunk = { lines: Buffer.from(frame.lines), records: head.records }
      this.inFlight.set(chunk, { start, input: head.input, isSettled: head.records === 0 })
      this.readAt = end
      this.waiting -= head.records
      if (head.records > 0) return chunk
      this.advance()
    }
  }

  settle(chunk: Chunk): void {
    const flight = this.inFlight.get(chunk)
    if (flight === undefined) return
    flight.isSettled = true
    this.advance()
  }

  async close(isAll: boolean): Promise<void> {
    this.isAllRead = isAll && this.input?.isBehind !== true
    while (!this.writer.isSynced) await this.changed.rung()
  }

  halt(): void {
    this.isHalted = true
    this.changed.ring()
  }

  async end(): Promise<void> {
    while (this.saving !== undefined) await this.saving
    this.reader.close()
    this.writer.close()
    const { folder } = this.options
    this.advance()
    while (this.saving !== undefined) await this.saving
    if (this.isAllRead && this.inFlight.size === 0 && this.isAtEnd) attempt(folder, () => this.clear())
    this.lock.release()
    if (this.failure !== undefined) throw this.failure
  }

  /** All was settled, and no input is to be read again: the spool is as new. */
  private clear(): void {
    for (const segment of segmentsIn(this.options.folder)) removeSegment(this.options.folder, segment)
    removeCursor(this.options.folder)
  }

  private get isAtEnd(): boolean {
    return this.readAt.segment === this.writer.segment && this.readAt.offset >= this.writer.synced.offset
  }

  private get isFull(): boolean {
    if (this.failure !== undefined) throw this.failure
    return this.writer.isBehind || this.bytes >= this.options.most
  }

  private async untilRoom(): Promise<void> {
    while (this.isFull && !this.isHalted) await this.changed.rung()
  }

  private nextInput(isWhole: boolean): void {
    const state = this.input?.state(isWhole)
    if (state?.ended === true) this.write(Buffer.alloc(0), 0, state)
    this.at++
    this.beginInput()
  }

  private beginInput(): void {
    const path = this.options.paths[this.at]
    this.input = path === undefined ? undefined : new InputInSpool(path, this.known.get(path))
  }

  private write(lines: Buffer, records: number, input: InputTaken | undefined): void {
    const { writer, segments } = this
    if (segments.at(-1) !== writer.segment) segments.push(writer.segment)
    this.bytes += writer.write(lines, records, input)
  }

  private segmentAfter(segment: number): number {
    return this.segments.find((other) => other > segment) ?? this.writer.segment
  }

  /** Moves the cursor to the first chunk that is not settled. */
  private advance(): void {
    let isMoved = false
    for (const [chunk, { isSettled, input }] of this.inFlight) {
      if (!isSettled) break
      this.inFlight.delete(chunk)
      if (input !== undefined) this.settledInputs.set(input.path, input)
      isMoved = true
    }
    if (!isMoved) return
    this.isStale = true
    this.saving ??= this.save()
  }

  private get cursorPlace(): SpoolPlace {
    const [first] = this.inFlight.values()
    return first?.start ?? this.readAt
  }

  private async save(): Promise<void> {
    try {
      while (this.isStale) {
        this.isStale = false
        const place = this.cursorPlace
        await writeCursor(this.options.folder, { place, inputs: [...this.settledInputs.values()] })
        this.removeBefore(place.segment)
      }
    } catch (error) {
      this.failure = error
    }
    this.saving = undefined
    this.changed.ring()
  }

  private removeBefore(segment: number): void {
    const { segments, options } = this
    while (segments[0] !== undefined && segments[0] < segment) {
      this.bytes -= segmentBytes(options.folder, segments[0])
      removeSegment(options.folder, segments[0])
      segments.shift()
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
