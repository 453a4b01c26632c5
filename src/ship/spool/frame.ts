// A frame of a spool's segment: one line that says what comes, and then lines of our own NDJSON. `grep -v '^#'` shows
// the records of a segment.
import { crc32 } from 'node:zlib'

/** How much of an input was taken: so many records, and the checksum of their lines. */
export interface InputTaken {
  /** As the user gave it. */
  readonly path: string
  readonly records: number
  /** Of all lines of these records, as zlib's crc32 makes it. */
  readonly crc32: number
  /** All that the run wanted of it was taken. */
  readonly ended: boolean
}

export interface FrameHead {
  /** Of the lines that follow. */
  readonly bytes: number
  readonly records: number
  readonly crc32: number
  /** The state of the input after this frame; absent where an input cannot be read again. */
  readonly input?: InputTaken | undefined
}

const LF = 10

export function frameHead(lines: Buffer, records: number, input: InputTaken | undefined): Buffer {
  const head: FrameHead = { bytes: lines.length, records, crc32: crc32(lines), ...(input !== undefined && { input }) }
  return Buffer.from(`#${JSON.stringify(head)}\n`, 'utf8')
}

/** The head at the beginning of these bytes and its length; undefined where they do not begin with a whole one. */
export function parseHead(bytes: Buffer): { readonly head: FrameHead; readonly length: number } | undefined {
  const lf = bytes.indexOf(LF)
  if (lf < 0) return undefined
  const head = headOf(bytes.toString('utf8', 0, lf))
  return head && { head, length: lf + 1 }
}

export function isWhole(lines: Buffer, head: FrameHead): boolean {
  return lines.length === head.bytes && crc32(lines) === head.crc32
}

function headOf(text: string): FrameHead | undefined {
  if (!text.startsWith('#{')) return undefined
  let value: unknown
  try {
    value = JSON.parse(text.slice(1))
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const { bytes, records, crc32: sum, input } = value
  if (!isCount(bytes) || !isCount(records) || !isCount(sum)) return undefined
  if (input === undefined) return { bytes, records, crc32: sum }
  return isInputTaken(input) ? { bytes, records, crc32: sum, input } : undefined
}

export function isInputTaken(value: unknown): value is InputTaken {
  return (
    isObject(value) &&
    typeof value.path === 'string' &&
    isCount(value.records) &&
    isCount(value.crc32) &&
    typeof value.ended === 'boolean'
  )
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
