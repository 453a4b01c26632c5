import { openEnvelope } from '../envelopes/open.ts'
import { RecordTimes } from '../envelopes/time.ts'
import type { SpotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import { bodiesSink, Encoder, linesSink, piecesSink } from '../sinks/envelope.ts'
import type { EnvelopesPlan } from './plan.ts'
import type { OpenProduct } from './product.ts'

/** Opens a product of request bodies. `now` is the wall clock in nanoseconds since 1970. */
export function openEnvelopes(
  { envelope: plan, fallback, limits, bodies }: EnvelopesPlan,
  output: Output,
  check: SpotCheck,
  now: () => bigint,
): OpenProduct {
  const envelope = openEnvelope(plan)
  const encoder = new Encoder(envelope, new RecordTimes(fallback, now), check)
  const { lines } = envelope
  const sink =
    limits === undefined
      ? lines === undefined
        ? piecesSink(output, encoder)
        : linesSink(output, encoder, lines)
      : bodiesSink(output, encoder, envelope, limits, bodies === 'lines' ? '\n' : '')
  return {
    sink,
    async finish() {
      sink.finish()
    },
    close() {},
  }
}
