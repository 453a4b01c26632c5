import { Convention } from './convention.ts'
import type { Envelope, EnvelopePlan } from './envelope.ts'
import { esBulk } from './es-bulk.ts'
import { hec } from './hec.ts'
import { loki } from './loki.ts'
import { otlp } from './otlp.ts'

/** Makes an envelope ready. */
export function openEnvelope({ name, map, labels }: EnvelopePlan): Envelope {
  const convention = map === undefined ? undefined : new Convention(map)
  switch (name) {
    case 'es-bulk':
      return esBulk(convention)
    case 'loki':
      return loki(convention, labels)
    case 'hec':
      return hec(convention)
    case 'otlp':
      return otlp(convention)
  }
}
