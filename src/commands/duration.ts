import { InvalidArgumentError } from 'commander'

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads `500ms`, `1s`, `24h`: milliseconds. */
export function durationMsOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  if (digits === '') throw new InvalidArgumentError('it is a number with its unit: 500ms, 1s, 5m, 24h, 7d')
  return Number(digits) * (UNITS_MS[unit] ?? 1)
}
