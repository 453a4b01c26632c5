import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codeOf, InputError, UsageError } from '../errors.ts'
import type { BacklogCounts } from './backlog.ts'
import type { ShipLedger } from './ledger.ts'

/** Where metrics are served. */
export interface MetricsAddress {
  readonly host: string
  readonly port: number
}

const LOOPBACK = '127.0.0.1'

/** Reads `9464`, `127.0.0.1:9464`, `[::1]:9464`. Without a host it is loopback. Throws UsageError. */
export function parseMetricsAddress(text: string): MetricsAddress {
  const [, bracketed, plain, digits = ''] =
    /^(?:\[([0-9a-fA-F:.]{2,45})\]:|([\w.-]{1,253}):)?(\d{1,5})$/.exec(text) ?? []
  const port = digits === '' ? -1 : Number(digits)
  if (port < 0 || port > 65535)
    throw new UsageError(`--metrics ${text}: not an address`, 'it is PORT, HOST:PORT or [IPV6]:PORT')
  return { host: bracketed ?? plain ?? LOOPBACK, port }
}

/** Serves the counts at any path until `close`. Throws InputError where the address cannot be had. */
export async function serveMetrics(
  address: MetricsAddress,
  text: () => string,
): Promise<{ readonly address: MetricsAddress; close(): void }> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
    response.end(text())
  })
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotServe(address, error)))
    server.listen({ ...address }, resolve)
  })
  return {
    address: boundOf(server.address(), address),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function boundOf(bound: AddressInfo | string | null, asked: MetricsAddress): MetricsAddress {
  return typeof bound === 'object' && bound !== null ? { host: bound.address, port: bound.port } : asked
}

function cannotServe({ host, port }: MetricsAddress, error: unknown): InputError {
  const code = codeOf(error)
  const why = code === 'EADDRINUSE' ? 'another process has it' : (code ?? String(error))
  return new InputError(`--metrics ${host}:${port}: cannot listen: ${why}`, 'name another port')
}

/** The ledger as OpenMetrics text. */
export function metricsText(ledger: ShipLedger, counts: BacklogCounts, waiting: number): string {
  const { sent, acknowledged, retried, refused, dead } = ledger
  const { found, read, known, spooled } = counts
  const lines = [
    ...counter('read', 'Records that were read, without those that an earlier run had taken.', read - known),
    ...counter('found', 'Records that an earlier run left in the spool.', found),
    ...counter('spooled', 'Records written to the spool.', spooled),
    ...counter('sent', 'Records in requests; one that is sent twice counts twice.', sent),
    ...counter('acknowledged', 'Records that the platform acknowledged.', acknowledged),
    ...counter('retried', 'Records that were to be sent again.', retried),
    ...counter('refused', 'Records that the platform did not take.', refused),
    ...counter('dead', 'Refused records that are in the file of dead letters.', dead),
    '# TYPE tracenorm_ship_waiting gauge',
    '# HELP tracenorm_ship_waiting Records that are in no request yet.',
    `tracenorm_ship_waiting ${waiting}`,
    '# EOF',
  ]
  return `${lines.join('\n')}\n`
}

function counter(name: string, help: string, value: number): readonly string[] {
  const metric = `tracenorm_ship_${name}`
  return [`# TYPE ${metric} counter`, `# HELP ${metric} ${help}`, `${metric}_total ${value}`]
}
