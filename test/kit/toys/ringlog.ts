// A binary recording that there is not: a magic, then records, each with its length before it. Every CPU has written
// its own drops, in rounds; within a round they are in the order of the CPUs, not of time. The last record has the
// host's name. Written after docs/adapters.md.
import type { Adapter, ClaimName, Out, Reader, Reject, SeekableInput, Window } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { utf8 } from '../../../src/text/utf8.ts'

export const MAGIC = 'RING\n\x00\xff\x01'
/** Length, of all that follows it, and type. */
const HEAD_BYTES = 5
const DROP_BYTES = 9
/** Of the record with the host's name, after which nothing comes. */
const NAME_BYTES = 16

export const DROP = 1
export const ROUND = 2
export const HOST = 3

export const ringlog: Adapter = {
  name: 'ringlog',
  formats: [{ name: 'ring', title: 'a recording of ringlog', versions: '1', example: MAGIC, unit: 'binary' }],
  flags: [],
  detect: () => undefined,
  detectHead(head) {
    if (head.startsWith(MAGIC)) return { format: 'ring', score: 99, why: 'the magic of ringlog' }
    return MAGIC.startsWith(head) ? 'more' : undefined
  },
  load: async () => (_context, input) => new RinglogReader(input),
}

const NO_MAGIC: Reject = { word: 'unsupported', text: 'it does not begin as a recording of ringlog' }
const NO_TYPE: Reject = { word: 'unsupported', text: 'a type of record that this reader does not know' }

interface Kept {
  readonly of: ClaimName
  readonly record: EventRecord
  readonly ns: bigint
}

class RinglogReader implements Reader {
  private readonly host: string | undefined
  private hasBegun = false
  /** Of the round. */
  private kept: Kept[] = []
  /** Bytes of a record that is longer than a window can be, and not yet shown. */
  private left = 0

  constructor(input: SeekableInput | undefined) {
    this.host = input && hostIn(Buffer.from(input.slice(input.size - HEAD_BYTES - NAME_BYTES, input.size)))
  }

  read({ bytes, last }: Window, out: Out): void {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    if (!this.hasBegun) {
      if (data.length < MAGIC.length && !last) return
      this.hasBegun = data.toString('latin1', 0, MAGIC.length) === MAGIC
      if (!this.hasBegun) {
        if (last) out.reject(NO_MAGIC, data.length, 0)
        this.left = Number.POSITIVE_INFINITY
        return
      }
      at = MAGIC.length
      out.claim('structure', at)
      if (this.host !== undefined) out.learn({ host: this.host })
    }
    while (at + HEAD_BYTES <= data.length) {
      this.left = 4 + data.readUInt32LE(at)
      const end = at + this.left
      if (end > data.length) return
      this.readRecord(data.subarray(at, end), end, out)
      at = end
    }
  }

  resume({ bytes }: Window): number | undefined {
    if (this.left <= bytes.length) return this.left
    this.left -= bytes.length
    return undefined
  }

  end(out: Out): void {
    for (const { record, of } of this.kept.toSorted((a, b) => Number(a.ns - b.ns))) out.record(record, undefined, of)
    this.kept = []
  }

  private readRecord(data: Buffer, end: number, out: Out): void {
    const type = data[4]
    if (type === DROP && data.length >= HEAD_BYTES + DROP_BYTES) {
      out.claim('data', end)
      const ns = data.readBigUInt64LE(HEAD_BYTES)
      this.kept.push({ of: out.keep(), ns, record: dropOf(ns, data) })
    } else if (type === ROUND) {
      out.claim('structure', end)
      this.end(out)
    } else if (type === HOST) {
      out.claim('structure', end)
      const host = hostIn(data)
      if (host !== undefined) out.learn({ host })
    } else out.reject(NO_TYPE, end, end - data.length)
  }
}

function dropOf(ns: bigint, data: Buffer): EventRecord {
  const record = new EventRecord('drop')
  record.clockId = 'monotonic'
  record.ns = String(ns)
  record.cpu = seal('cpu', data.readUInt8(HEAD_BYTES + 8))
  record.drop = seal('drop', { count: 1 })
  const symbol = utf8(data.toString('latin1', HEAD_BYTES + DROP_BYTES))
  if (symbol !== '') record.location = seal('location', { symbol })
  return record
}

/** The name in the last record of a file, or undefined when this is another one. */
function hostIn(data: Buffer): string | undefined {
  if (data.length !== HEAD_BYTES + NAME_BYTES || data[4] !== HOST) return undefined
  return utf8(data.toString('latin1', HEAD_BYTES)).replaceAll('\ufffd', '') || undefined
}
