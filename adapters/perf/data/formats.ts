// The formats of the recorded tracepoints: what the raw data of a sample means.
import type { Context } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { eventDecoder } from './event-decoder.ts'
import { givenFormats } from './given-formats.ts'
import type { Sample } from './sample.ts'
import type { Symbols } from './symbols.ts'
import { readTracingData } from './tracing-data.ts'

/** Makes records of the samples of one tracepoint. */
export interface EventDecoder {
  /** `skb:kfree_skb`. */
  readonly name: string
  /** Offset of `common_pid`, an s32, in the raw data. */
  readonly pidOffset: number
  /** A fresh record with its kind, `event_name`, what the raw data fills, and flags. */
  record(sample: Sample): EventRecord
}

export interface EventFormats {
  /** Of the tracepoint with this id, `config` of its attribute. Undefined: no format of it is known. */
  decoderOf(id: number): EventDecoder | undefined
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
  for (const one of givenFormats(context.flags.formats))
    if (!formats.has(one.format.id)) formats.set(one.format.id, one)
  const decoders = new Map<number, EventDecoder>()
  return {
    fault: fault === undefined ? undefined : `the tracing data of the recording is broken: ${fault}`,
    formats: {
      decoderOf(id) {
        const known = decoders.get(id)
        const format = known === undefined ? formats.get(id) : undefined
        if (format === undefined) return known
        const decoder = eventDecoder(format, data, context, symbols)
        decoders.set(id, decoder)
        return decoder
      },
    },
  }
}

const NO_TRACING: ReturnType<typeof readTracingData> = {
  data: { formats: [], printkTexts: new Map(), longBytes: 8 },
  fault: undefined,
}
