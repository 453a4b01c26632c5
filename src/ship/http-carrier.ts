import { Batch } from '../envelopes/batch.ts'
import type { Envelope } from '../envelopes/envelope.ts'
import type { AnswerVerdict, PlatformAnswer } from './answer.ts'
import { esBulkVerdict } from './answers/es-bulk.ts'
import { hecVerdict, isIndexed } from './answers/hec.ts'
import { lokiVerdict } from './answers/loki.ts'
import { otlpVerdict } from './answers/otlp.ts'
import type { HttpPoster } from './http.ts'
import type { Carried, Carrier, Letter } from './letter.ts'

export interface HttpCarrierOptions {
  readonly envelope: Envelope
  readonly url: URL
  /** The channel of Splunk's indexer acknowledgement; undefined: it is not asked for. */
  readonly hecChannel: string | undefined
}

const ENDLESS = { bytes: Number.POSITIVE_INFINITY, records: Number.POSITIVE_INFINITY }

/** Brings letters to a platform in the body of a request. */
export class HttpCarrier implements Carrier {
  private readonly poster: HttpPoster
  private readonly options: HttpCarrierOptions
  private readonly headers: Readonly<Record<string, string>>
  /** Batches of requests that were answered: their memory is used again. */
  private readonly spare: Batch[] = []

  constructor(poster: HttpPoster, options: HttpCarrierOptions) {
    this.poster = poster
    this.options = options
    const { envelope, hecChannel } = options
    this.headers = {
      'content-type': envelope.contentType,
      ...(hecChannel !== undefined && { 'x-splunk-request-channel': hecChannel }),
    }
  }

  async carry(letters: readonly Letter[], end: AbortSignal): Promise<Carried> {
    const { envelope, url } = this.options
    const batch = this.spare.pop() ?? new Batch(envelope.frame, ENDLESS)
    for (const { parcel, group, ns, start, end: to } of letters) batch.addBytes(group, ns, parcel.bytes, start, to)
    const exchanged = await this.poster.post(url, batch.take(), this.headers, end)
    switch (exchanged.got) {
      case 'nothing':
        return { verdict: { of: 'all', fate: { is: 'again', why: exchanged.why } } }
      case 'stop':
        return { verdict: { of: 'stop', why: exchanged.why } }
      case 'answer': {
        const { answer } = exchanged
        this.spare.push(batch)
        return { verdict: this.verdictOf(answer, letters.length), waitMs: answer.waitMs }
      }
    }
  }

  async confirm(ackId: number, end: AbortSignal): Promise<boolean> {
    const url = new URL('/services/collector/ack', this.options.url)
    const body = Buffer.from(JSON.stringify({ acks: [ackId] }))
    const exchanged = await this.poster.post(url, body, { ...this.headers, 'content-type': 'application/json' }, end)
    return exchanged.got === 'answer' && isIndexed(exchanged.answer, ackId)
  }

  async close(): Promise<void> {
    await this.poster.close()
  }

  private verdictOf(answer: PlatformAnswer, records: number): AnswerVerdict {
    const { envelope, hecChannel } = this.options
    switch (envelope.name) {
      case 'es-bulk':
        return esBulkVerdict(answer, records)
      case 'loki':
        return lokiVerdict(answer)
      case 'hec':
        return hecVerdict(answer, records, hecChannel !== undefined)
      case 'otlp':
        return otlpVerdict(answer, records)
    }
  }
}
