// The tracing data of a recording: the formats of the recorded tracepoints, and texts that they print
// (tools/perf/util/trace-event-info.c, perf 5.10 to 7.2).
import { type EventFormat, readFormatText } from './format-text.ts'

/** A format with its system: `skb`. */
export interface SystemFormat {
  readonly system: string
  readonly format: EventFormat
  /** All of it (latin1). */
  readonly text: string
}

export interface TracingData {
  readonly formats: readonly SystemFormat[]
  /** Texts by their address in the kernel, which events print by `%s`. */
  readonly printkTexts: ReadonlyMap<bigint, string>
  /** Bytes of a long of the recorded kernel. */
  readonly longBytes: number
}

const MAGIC = '\x17\x08\x44tracing'
const MOST_TEXT = 2 ** 20
const MOST_TEXTS = 64 * 2 ** 20
const MOST_PRINTK_TEXTS = 65_536

/** `fault`: what is wrong with the bytes, as the end of a sentence. What was read before it is there all the same. */
export function readTracingData(bytes: Uint8Array): { readonly data: TracingData; readonly fault: string | undefined } {
  const reading = new TracingReader(bytes)
  let fault: string | undefined
  try {
    reading.readAll()
  } catch (error) {
    if (!(error instanceof BrokenTracing)) throw error
    fault = error.message
  }
  const { formats, printkTexts, longBytes } = reading
  return { data: { formats, printkTexts, longBytes }, fault }
}

class BrokenTracing extends Error {}

class TracingReader {
  readonly formats: SystemFormat[] = []
  readonly printkTexts = new Map<bigint, string>()
  longBytes = 8
  private readonly bytes: Buffer
  private at = 0
  private isLittle = true
  private textBytes = 0

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  readAll(): void {
    if (this.text(MAGIC.length) !== MAGIC) throw new BrokenTracing('it does not begin as perf writes it')
    const version = this.string(16)
    this.isLittle = this.u8() === 0
    this.longBytes = this.u8() === 4 ? 4 : 8
    this.u32()
    for (const name of ['header_page', 'header_event']) {
      if (this.string(16) !== name) throw new BrokenTracing(`it has no ${name} at byte ${this.at}`)
      this.text(this.u64())
    }
    for (let left = this.u32(); left > 0; left--) this.format('ftrace')
    for (let systems = this.u32(); systems > 0; systems--) {
      const system = this.string(256)
      for (let left = this.u32(); left > 0; left--) this.format(system)
    }
    this.text(this.u32())
    this.readPrintkTexts(this.text(this.u32()))
    // The comms after it are of another time than the samples.
    if (Number.parseFloat(version) >= 0.6) this.text(this.u64())
  }

  private format(system: string): void {
    const text = this.text(this.u64())
    this.textBytes += text.length
    if (text.length > MOST_TEXT || this.textBytes > MOST_TEXTS)
      throw new BrokenTracing(`its formats are longer than those of any kernel, at byte ${this.at}`)
    const format = readFormatText(text, this.longBytes)
    if (format === undefined) throw new BrokenTracing(`it has no format where one must end, at byte ${this.at}`)
    this.formats.push({ system, format, text })
  }

  /** Lines `0xffffffff82a1b2c3 : "TEXT"`. */
  private readPrintkTexts(text: string): void {
    for (const line of text.split('\n', MOST_PRINTK_TEXTS)) {
      const [, address, quoted] = /^0x([0-9a-f]{1,16}) : "(.*)"$/.exec(line) ?? []
      if (address !== undefined && quoted !== undefined) this.printkTexts.set(BigInt(`0x${address}`), quoted)
    }
  }

  private need(count: number): number {
    const start = this.at
    if (count > this.bytes.length - start) throw new BrokenTracing(`it ends within what byte ${start} begins`)
    this.at += count
    return start
  }

  private u8(): number {
    return this.bytes.readUInt8(this.need(1))
  }

  private u32(): number {
    const at = this.need(4)
    return this.isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at)
  }

  /** Not exact from 2^53 on, which is longer than any recording. */
  private u64(): number {
    const first = this.u32()
    const second = this.u32()
    return this.isLittle ? second * 2 ** 32 + first : first * 2 ** 32 + second
  }

  private text(length: number): string {
    const start = this.need(length)
    return this.bytes.toString('latin1', start, start + length)
  }

  /** Up to a NUL, which is read, too. */
  private string(most: number): string {
    const end = this.bytes.indexOf(0, this.at)
    if (end < 0 || end - this.at > most) throw new BrokenTracing(`it has no end of a name at byte ${this.at}`)
    const text = this.bytes.toString('latin1', this.at, end)
    this.at = end + 1
    return text
  }
}
