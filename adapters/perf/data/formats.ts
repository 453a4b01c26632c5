// The formats of the recorded tracepoints: what the raw data of a sample means.
import type { Context } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { eventDecoder } from './event-decoder.ts'
import type { EventFormat } from './format-text.ts'
import { givenFormats } from './given-formats.ts'
import type { Sample } from './sample.ts'
import type { Symbols } from './symbols.ts'
import { readTracingData } from './tracing-data.ts'

/** Offsets in the raw data of skb:kfree_skb. -1: this kernel does not have the member. */
export interface DropOffsets {
  readonly skbaddr: number
  readonly location: number
  readonly protocol: number
  readonly rxSk: number
  readonly reason: number
  readonly end: number
}

/** Makes records of the samples of one tracepoint. */
export interface EventDecoder {
  /** `skb:kfree_skb`. */
  readonly name: string
  /** Offset of `common_pid`, an s32, in the raw data. */
  readonly pidOffset: number
  /**
   * Where the members of skb:kfree_skb are in the raw data: its samples differ in few of them. Undefined of others.
   */
  readonly dropOffsets?: DropOffsets
  /** A fresh record with its kind, `event_name`, what the raw data fills, and flags. */
  record(sample: Sample): EventRecord
}

export interface EventFormats {
  /**
   * Of the tracepoint with this id, `config` of its attribute. Undefined: no format of it is known. `rawBytes`: of a
   * sample's raw data, with its padding. A format that the user gives is used only where its fields fit them.
   */
  decoderOf(id: number, rawBytes?: number): EventDecoder | undefined
}

/** Each gives what is wrong with the bytes as a sentence, and what could be read of them all the same. */
export interface TracingReading {
  readonly formats: EventFormats
  readonly fault: string | undefined
}

/**
 * The formats of a recording by its tracing data (feature 1 of a file, record 66 of a pipe); undefined where it has
 * none: it was killed or cut. Side data comes by `context.flags`.
 */
export function openFormats(tracing: Uint8Array | undefined, context: Context, symbols: Symbols): TracingReading {
  const { data, fault } = tracing === undefined ? NO_TRACING : readTracingData(tracing)
  const formats = new Map(data.formats.map((one) => [one.format.id, one]))
  const given = new Map(givenFormats(context.flags.formats).map((one) => [one.format.id, one]))
  const decoders = new Map<number, EventDecoder>()
  return {
    fault: fault === undefined ? undefined : `the tracing data of the recording is broken: ${fault}`,
    formats: {
      decoderOf(id, rawBytes) {
        const known = decoders.get(id)
        if (known !== undefined) return known
        const format = formats.get(id) ?? given.get(id)
        if (format === undefined) return undefined
        if (rawBytes !== undefined && !formats.has(id) && !fits(format.format, rawBytes)) {
          given.delete(id)
          return undefined
        }
        const decoder = eventDecoder(format, data, context, symbols)
        decoders.set(id, decoder)
        return decoder
      },
    },
  }
}

/** Raw data has all fields, then what `__data_loc` points to, then up to 7 bytes of padding. */
function fits({ fields }: EventFormat, rawBytes: number): boolean {
  const end = Math.max(0, ...fields.map(({ offset, size }) => offset + size))
  const hasMore = fields.some(({ form }) => form === 'data_loc' || form === 'rel_loc')
  return rawBytes >= end && (hasMore || rawBytes - end < 8)
}

const NO_TRACING: ReturnType<typeof readTracingData> = {
  data: { formats: [], printkTexts: new Map(), longBytes: 8 },
  fault: undefined,
}
