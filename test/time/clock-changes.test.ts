// Captures over the change of the clocks, made with TZ=EST5EDT,M3.2.0,M11.1.0, beside what the kernel announced:
// nanoseconds since 1970.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { timekeeper } from '../../src/time/clock.ts'
import { rfc3339Of } from '../../src/time/rfc3339.ts'
import { zoneOf } from '../../src/time/zone.ts'

const shared = process.env.TRACENORM_CORPUS ?? fileURLToPath(new URL('../../../shared', import.meta.url))
const corpus = join(shared, 'corpus/dropwatch')
if (!existsSync(corpus)) console.log(`skipped: no captures in ${corpus}`)

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** dropwatch's `timestamp:` lines as local times. */
function localTimes(text: string): readonly string[] {
  return [...text.matchAll(/^timestamp: \w{3} (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4}) (\d{9}) nsec\r?$/gm)].map(
    ([, month = '', day = '', time, year, ns]) =>
      `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.trim().padStart(2, '0')}T${time}.${ns}`,
  )
}

describe.runIf(existsSync(corpus))('a capture of dropwatch while the clocks', () => {
  it.each([
    ['go back', 'k510-a0-date-dst-fallback'],
    ['go back', 'k61-a0-date-dst-fallback'],
    ['go back', 'k72-a0-date-dst-fallback'],
    ['go forward', 'k510-a2-date-dst-spring'],
    ['go forward', 'k612-a2-date-dst-spring'],
  ])('%s has the times of the kernel: %s', (_, capture) => {
    const at = (name: string): string => readFileSync(join(corpus, capture, name), 'latin1')
    const { primary } = JSON.parse(at('meta.json'))
    const truths = [...at('truth-netlink.jsonl').matchAll(/"timestamp_ns": (\d+)/g)].map(([, ns = '0']) =>
      rfc3339Of(BigInt(ns)),
    )
    const zone = zoneOf('America/New_York')
    const time = timekeeper(zone === undefined ? {} : { zone })
    const told = localTimes(at(primary)).map((local) => time.localTs(local))
    expect(told.length).toBeGreaterThan(5)
    expect(told.length).toBe(truths.length)
    for (const [index, { ts, flag, conflict }] of told.entries()) {
      expect(conflict).toBeUndefined()
      if (flag === undefined) expect(ts).toBe(truths[index])
    }
    // Before the clocks go back nothing tells which of the two hours it is.
    const firstHour = truths.filter((ts) => capture.endsWith('fallback') && (ts ?? '') < '2026-11-01T06')
    expect(told.filter(({ flag }) => flag === 'time_ambiguous')).toHaveLength(firstHour.length)
  })
})
