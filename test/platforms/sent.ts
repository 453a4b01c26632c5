// Records of a conversion, through every envelope and back.
import { Batch, type BatchLimits } from '../../src/envelopes/batch.ts'
import { ENVELOPES, type Envelope, type EnvelopeName } from '../../src/envelopes/envelope.ts'
import { openEnvelope } from '../../src/envelopes/open.ts'
import { RecordTimes } from '../../src/envelopes/time.ts'
import { lineOf } from '../../src/event/line.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { type Arrived, type Judged, judgeBulk, judgeHec, judgeLoki, judgeOtlp, type Members } from './strict.ts'

const JUDGES: Readonly<Record<EnvelopeName, (body: string) => Judged>> = {
  'es-bulk': judgeBulk,
  loki: judgeLoki,
  hec: judgeHec,
  otlp: judgeOtlp,
}

const START_NS = 1_760_000_000_123_456_789n
const LABELS = ['capture.tool', 'kind', 'host.name']

/** What was to be sent, and the bodies that were made of it. */
export interface Sent {
  readonly events: Members[]
  readonly bodies: ReadonlyMap<EnvelopeName, readonly string[]>
}

/** A sink that makes bodies of all protocols, and what it made. Bodies are UTF-8 text. */
export function senders(limits: BatchLimits): { readonly sink: Sink; finish(): Sent } {
  const times = new RecordTimes({ as: 'start', ns: START_NS }, () => START_NS)
  const lines: string[] = []
  const made = ENVELOPES.map((name) => new Sender(openEnvelope({ name, map: undefined, labels: LABELS }), limits))
  return {
    sink: {
      write(record) {
        const time = times.of(record)
        if ('unfit' in time) return time
        lines.push(lineOf(record))
        for (const sender of made) sender.send(sender.envelope.pieceOf(record, time))
        return undefined
      },
      flush() {},
    },
    finish: () => ({
      events: lines.map((line) => JSON.parse(utf8Of(line))),
      bodies: new Map(made.map((sender) => [sender.envelope.name, sender.finish()])),
    }),
  }
}

class Sender {
  readonly envelope: Envelope
  private readonly batch: Batch
  private readonly bodies: string[] = []

  constructor(envelope: Envelope, limits: BatchLimits) {
    this.envelope = envelope
    this.batch = new Batch(envelope.frame, limits)
  }

  send(piece: ReturnType<Envelope['pieceOf']>): void {
    if (!this.batch.fits(piece)) this.take()
    this.batch.add(piece)
  }

  finish(): readonly string[] {
    this.take()
    return this.bodies
  }

  private take(): void {
    const { records, bytes } = this.batch
    if (records === 0) return
    const body = this.batch.take()
    if (body.length !== bytes) throw new Error(`${bytes} bytes counted, ${body.length} made`)
    this.bodies.push(body.toString('utf8'))
  }
}

/** All records of bodies. Throws where a platform would refuse one. */
export function arrivedIn(name: EnvelopeName, bodies: readonly string[]): readonly Arrived[] {
  return bodies.flatMap((body) => {
    const judged = JUDGES[name](body)
    if ('refused' in judged) throw new Error(`${name}: ${judged.refused}: ${body.slice(0, 300)}`)
    const refused = judged.records.find((record) => record.refused !== undefined)
    if (refused !== undefined) throw new Error(`${name}: ${refused.refused}: ${JSON.stringify(refused.event)}`)
    return judged.records
  })
}

function utf8Of(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
