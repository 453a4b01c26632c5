/**
 * Aborted at the first SIGINT or SIGTERM: a live pipe that is interrupted is finished, and its output file kept. A second signal kills.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}
