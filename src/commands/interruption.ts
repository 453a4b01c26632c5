/**
 * Aborted at the first SIGINT or SIGTERM: a live pipe that is interrupted is finished, and its output file kept. A second signal kills.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(signal))
  return controller.signal
}

/**
 * After all is finished: dies of the signal, so that the caller knows. To exit would wait for the read of stdin that is still under way, and with it for
 * the next line of a quiet pipe.
 */
export function dieIfInterrupted(stop: AbortSignal): void {
  if (stop.aborted) process.kill(process.pid, stop.reason)
}
