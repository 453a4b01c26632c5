import { metricsText, parseMetricsAddress, serveMetrics } from '../ship/metrics.ts'
import type { Shipment } from '../ship/shipment.ts'

/** Serves the counts of a shipment at an address that was given, and says where. Throws UsageError and InputError. */
export async function serveShipment(
  shipment: Shipment,
  address: string | undefined,
  say: (sentence: string) => void,
): Promise<{ close(): void } | undefined> {
  if (address === undefined) return undefined
  const served = await serveMetrics(parseMetricsAddress(address), () =>
    metricsText(shipment.ledger, shipment.counts, shipment.waiting),
  )
  const { host, port } = served.address
  say(`metrics: http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics`)
  return served
}
