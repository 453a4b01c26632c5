// A platform of our own for tests: strict about what it takes, and faulty on purpose.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { EnvelopeName } from '../../src/envelopes/envelope.ts'
import {
  type Arrived,
  answerBulk,
  type Judged,
  judgeBulk,
  judgeHec,
  judgeLoki,
  judgeOtlp,
} from '../platforms/strict.ts'

/** What goes wrong with a request. */
export type Fault =
  | 'busy'
  | 'busy for a second'
  | 'busy until a date'
  | 'unavailable'
  | 'bad gateway'
  /** The connection ends while the body comes; nothing is stored. */
  | 'cut in the body'
  /** All is stored, and the connection ends without an answer. */
  | 'cut before the answer'
  | 'never answers'
  | 'slow'
  /** Some records are taken, the others are to come again. Of platforms that answer record by record. */
  | 'some are busy'
  /** All is stored, and the answer does not say so. */
  | 'says nothing'

export const FAULTS: readonly Fault[] = [
  'busy',
  'busy for a second',
  'busy until a date',
  'unavailable',
  'bad gateway',
  'cut in the body',
  'cut before the answer',
  'never answers',
  'slow',
  'some are busy',
  'says nothing',
]

const JUDGES: Readonly<Record<EnvelopeName, (body: string) => Judged>> = {
  'es-bulk': judgeBulk,
  loki: judgeLoki,
  hec: judgeHec,
  otlp: judgeOtlp,
}

export interface PlatformOptions {
  readonly platform: EnvelopeName
  /** Of each request, in turn. */
  readonly fault?: () => Fault | undefined
  /** Records that it never takes. */
  readonly refuses?: (arrived: Arrived) => boolean
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Splunk's indexers: a request is acknowledged when it was asked about so often. */
  readonly ackAfter?: number
}

/** A platform that listens on a free port of loopback. */
export class PlatformServer {
  /** How often each record is stored, by the line of its capture. */
  readonly stored = new Map<number, number>()
  /** Lines in the order in which they were stored for the first time. */
  readonly order: number[] = []
  /** Why bodies were refused that no fault of ours explains. */
  readonly complaints: string[] = []
  readonly requests: { readonly url: string; readonly headers: IncomingMessage['headers'] }[] = []
  faults = 0
  /** Called at each request. */
  heard = (): void => {}
  private readonly options: PlatformOptions
  private readonly server: Server
  private readonly known = new Set<string>()
  private readonly asked = new Map<number, number>()
  private acks = 0

  private constructor(options: PlatformOptions) {
    this.options = options
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.take(request, response)
    this.server = options.tls === undefined ? createServer(answer) : createTlsServer(options.tls, answer)
  }

  static async listen(options: PlatformOptions): Promise<PlatformServer> {
    const server = new PlatformServer(options)
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** As `--to` takes it. */
  get to(): string {
    const { platform, tls } = this.options
    const scheme = `${platform === 'es-bulk' ? 'es' : platform}+http${tls === undefined ? '' : 's'}`
    return `${scheme}://127.0.0.1:${this.port}${platform === 'es-bulk' ? '/drops' : ''}`
  }

  close(): void {
    this.server.close()
    this.server.closeAllConnections()
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ url: request.url ?? '', headers: request.headers })
    this.heard()
    const isAck = request.url?.startsWith('/services/collector/ack') === true
    const fault = isAck ? undefined : this.options.fault?.()
    if (fault !== undefined) this.faults++
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (fault === 'cut in the body') request.destroy()
    })
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      if (isAck) this.answerAck(body, response)
      else this.answer(body, fault, response)
    })
  }

  private answer(body: string, fault: Fault | undefined, response: ServerResponse): void {
    if (fault === 'busy') end(response, 429, '')
    else if (fault === 'busy for a second') end(response.setHeader('retry-after', '1'), 429, '')
    else if (fault === 'busy until a date')
      end(response.setHeader('retry-after', new Date(Date.now() + 1000).toUTCString()), 503, '')
    else if (fault === 'unavailable') end(response, 503, 'out of service')
    else if (fault === 'bad gateway') end(response, 502, '<html>')
    else this.store(body, fault, response)
  }

  private store(body: string, fault: Fault | undefined, response: ServerResponse): void {
    const judged = JUDGES[this.options.platform](body)
    if ('refused' in judged) {
      this.complaints.push(judged.refused)
      end(response, 400, judged.refused)
      return
    }
    const { status, text } = this.verdict(judged.records, fault)
    if (fault === 'cut before the answer') response.destroy()
    else if (fault === 'says nothing') end(response, 200, '')
    else if (fault === 'slow') setTimeout(() => end(response, status, text), 5)
    else if (fault !== 'never answers') end(response, status, text)
  }

  private verdict(
    records: readonly Arrived[],
    fault: Fault | undefined,
  ): { readonly status: number; readonly text: string } {
    const { platform, refuses = () => false, ackAfter } = this.options
    if (platform === 'es-bulk') return this.bulkVerdict(records, fault)
    const bad = records.findIndex(refuses)
    if (platform === 'hec' && bad >= 0)
      return {
        status: 400,
        text: JSON.stringify({ text: 'Invalid data format', code: 6, 'invalid-event-number': bad }),
      }
    if (platform === 'loki' && bad >= 0) return { status: 400, text: 'entry too far behind' }
    if (platform === 'hec' && fault === 'some are busy')
      return { status: 503, text: '{"text":"Server is busy","code":9}' }
    this.keep(records.filter((record) => !refuses(record)))
    if (platform === 'loki') return { status: 204, text: '' }
    if (platform === 'hec') {
      const ack = ackAfter === undefined ? {} : { ackId: this.acks++ }
      return { status: 200, text: JSON.stringify({ text: 'Success', code: 0, ...ack }) }
    }
    const rejectedLogRecords = String(records.filter(refuses).length)
    const partialSuccess = rejectedLogRecords === '0' ? {} : { rejectedLogRecords, errorMessage: 'no' }
    return { status: 200, text: JSON.stringify({ partialSuccess }) }
  }

  private bulkVerdict(records: readonly Arrived[], fault: Fault | undefined): { status: number; text: string } {
    const { refuses = () => false } = this.options
    const given = records.map((record) => (refuses(record) ? { ...record, refused: 'no such field' } : record))
    const isBusy = ({ ns }: Arrived): boolean => fault === 'some are busy' && ns % 2n === 0n
    const answer = answerBulk(given, this.known, isBusy)
    this.keep(records.filter((_, at) => answer.items[at]?.create.status === 201))
    return { status: 200, text: JSON.stringify(answer) }
  }

  private keep(records: readonly Arrived[]): void {
    for (const { event } of records) {
      const line = lineOf(event)
      const times = this.stored.get(line) ?? 0
      if (times === 0) this.order.push(line)
      this.stored.set(line, times + 1)
    }
  }

  private answerAck(body: string, response: ServerResponse): void {
    const { acks = [] }: { readonly acks?: readonly number[] } = JSON.parse(body)
    const answers = acks.map((id) => {
      const times = (this.asked.get(id) ?? 0) + 1
      this.asked.set(id, times)
      return [id, times >= (this.options.ackAfter ?? 1)]
    })
    end(response, 200, JSON.stringify({ acks: Object.fromEntries(answers) }))
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.end(text)
}

/** The line of a record's capture. */
export function lineOf({ capture }: Arrived['event']): number {
  return typeof capture === 'object' && capture !== null && 'line' in capture ? Number(capture.line) : -1
}
