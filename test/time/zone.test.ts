import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secondsOfLocal } from '../../src/time/rfc3339.ts'
import { type Zone, zoneOf } from '../../src/time/zone.ts'

function zone(name: string): Zone {
  const found = zoneOf(name)
  if (found === undefined) throw new Error(`no zone ${name}`)
  return found
}

/** `+2`, `+2 or +1`, `never`, in hours or as h:mm:ss. */
function placeInWords(name: string, local: string): string {
  const place = zone(name).place(secondsOfLocal(local) ?? Number.NaN)
  if (place.kind === 'once') return offsetInWords(place.offset)
  return place.kind === 'twice' ? `${offsetInWords(place.first)} or ${offsetInWords(place.second)}` : 'never'
}

function offsetInWords(seconds: number): string {
  const all = Math.abs(seconds)
  const parts = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop()
  return (seconds < 0 ? '-' : '+') + parts.join(':')
}

describe('a local time in a zone', () => {
  it.each([
    ['UTC', '2026-11-23T12:00:00', '+0'],
    ['Asia/Kathmandu', '2026-11-23T12:00:00', '+5:45'],
    ['asia/kathmandu', '2026-11-23T12:00:00', '+5:45'],
    ['America/New_York', '2026-07-01T12:00:00', '-4'],
    ['America/New_York', '2026-12-01T12:00:00', '-5'],
    // Set back at 2:00 on 2026-11-01.
    ['America/New_York', '2026-11-01T00:59:59', '-4'],
    ['America/New_York', '2026-11-01T01:00:00', '-4 or -5'],
    ['America/New_York', '2026-11-01T01:59:59', '-4 or -5'],
    ['America/New_York', '2026-11-01T02:00:00', '-5'],
    // Set forward at 2:00 on 2027-03-14.
    ['America/New_York', '2027-03-14T01:59:59', '-5'],
    ['America/New_York', '2027-03-14T02:00:00', 'never'],
    ['America/New_York', '2027-03-14T02:59:59', 'never'],
    ['America/New_York', '2027-03-14T03:00:00', '-4'],
    ['Europe/Berlin', '2026-10-25T02:30:00', '+2 or +1'],
    ['Europe/Berlin', '2026-03-29T02:30:00', 'never'],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-04-05T01:29:59', '+11'],
    ['Australia/Lord_Howe', '2026-04-05T01:30:00', '+11 or +10:30'],
    ['Australia/Lord_Howe', '2026-04-05T01:59:59', '+11 or +10:30'],
    ['Australia/Lord_Howe', '2026-04-05T02:00:00', '+10:30'],
    ['Australia/Lord_Howe', '2026-10-04T01:59:59', '+10:30'],
    ['Australia/Lord_Howe', '2026-10-04T02:00:00', 'never'],
    ['Australia/Lord_Howe', '2026-10-04T02:30:00', '+11'],
    // A quarter of an hour, in the middle of an hour.
    ['Asia/Kathmandu', '1985-12-31T23:59:59', '+5:30'],
    ['Asia/Kathmandu', '1986-01-01T00:00:00', 'never'],
    ['Asia/Kathmandu', '1986-01-01T00:14:59', 'never'],
    ['Asia/Kathmandu', '1986-01-01T00:15:00', '+5:45'],
    // Offsets with seconds.
    ['Africa/Monrovia', '1971-06-01T00:00:00', '-0:44:30'],
    ['Africa/Monrovia', '1972-01-07T00:44:29', 'never'],
    ['Africa/Monrovia', '1972-01-07T00:44:30', '+0'],
    ['America/New_York', '1883-11-18T11:00:00', '-4:56:2'],
    ['America/New_York', '1883-11-18T12:01:00', '-4:56:2 or -5'],
    // A whole day left out.
    ['Pacific/Apia', '2011-12-29T23:59:59', '-10'],
    ['Pacific/Apia', '2011-12-30T12:00:00', 'never'],
    ['Pacific/Apia', '2011-12-31T00:00:00', '+14'],
    ['Asia/Kathmandu', '0001-01-01T00:00:00', '+5:41:16'],
    ['UTC', '0000-01-01T00:00:00', '+0'],
    ['+05:45', '2026-11-23T12:00:00', '+5:45'],
    ['-03:30', '2026-11-01T01:30:00', '-3:30'],
    // POSIX signs, as IANA has them: west is positive.
    ['Etc/GMT+5', '2026-11-01T01:30:00', '-5'],
  ])('%s at %s: %s', (name, local, words) => {
    expect(placeInWords(name, local)).toBe(words)
  })

  it.each([
    '',
    'IST',
    'PST',
    'ist',
    'SystemV/PST8PDT',
    'Europe/Berlin ',
    'Nowhere/Land',
    'local',
    '+5:45',
    '+05:60',
    'Z',
    'IST-5:30',
  ])('knows no zone %j', (name) => {
    expect(zoneOf(name)).toBeUndefined()
  })

  it.each(['EST', 'GMT', 'CET', 'Japan', 'EST5EDT'])('takes %s, an IANA name', (name) => {
    expect(zoneOf(name)?.name).toBe(name)
  })

  it('gives back the instant whose clock face it is', () => {
    const names = [
      'America/New_York',
      'Europe/Dublin',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Gaza',
      'America/St_Johns',
    ]
    const zones = names.map((name) => ({
      zone: zone(name),
      // sv-SE writes ISO-like dates.
      face: new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' }),
    }))
    const instants = fc.integer({ min: Date.UTC(1950) / 1000, max: Date.UTC(2080) / 1000 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, ({ zone, face }, instant) => {
        const local = secondsOfLocal(face.format(instant * 1000)) ?? Number.NaN
        const place = zone.place(local)
        const offsets =
          place.kind === 'once' ? [place.offset] : place.kind === 'twice' ? [place.first, place.second] : []
        expect(offsets.map((offset) => local - offset)).toContain(instant)
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same however many hours were asked before', () => {
    const berlin = zone('Europe/Berlin')
    const start = secondsOfLocal('2026-10-25T00:00:00') ?? 0
    const ask = (): string => JSON.stringify(Array.from({ length: 24 }, (_, hour) => berlin.place(start + hour * 1800)))
    const first = ask()
    for (let hour = 0; hour < 5000; hour++) berlin.place(hour * 3600)
    expect(ask()).toBe(first)
  })
})
