import type { Timing } from './timing.ts'

const FIRST_MS = 500
const LONGEST_MS = 30_000
/** A platform that asks for a longer wait is asked again after this one. */
const LONGEST_ASKED_MS = 3_600_000

/**
 * How long to wait before another attempt, in milliseconds: any time up to a bound that doubles from attempt to
 * attempt (full jitter), so that many senders do not come back at once. What the platform asks for is added.
 */
export function waitBefore(attempt: number, askedMs: number | undefined, { random }: Timing): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10))
  return Math.min(askedMs ?? 0, LONGEST_ASKED_MS) + random() * bound
}

/** `Retry-After` in milliseconds from now: a number of seconds, or a date (RFC 9110). */
export function retryAfterMs(value: string, nowMs: number): number | undefined {
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
