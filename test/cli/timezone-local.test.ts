// `--timezone local`: the zone that the C library gives a process, by which dropwatch and perf print on this host.
import { existsSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spawned } from './processes.ts'
import { tracenorm } from './program.ts'

const DROP = `drop at: tcp_v4_rcv+0x91/0xd40 (0xffffffff9a1b2c3d)
origin: software
timestamp: Thu Jul 23 18:03:36 2026 370138884 nsec
protocol: 0x800
length: 74

`

const LOCALTIME = '/etc/localtime'
const [, systemZone] = (existsSync(LOCALTIME) && /\/zoneinfo\/(.+)$/.exec(linkOf(LOCALTIME))) || []

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

describe('--timezone local', () => {
  it.each([
    ['Asia/Kathmandu', 'Asia/Kathmandu', '2026-07-23T12:18:36.370138884Z'],
    [':America/New_York', 'America/New_York', '2026-07-23T22:03:36.370138884Z'],
    // POSIX counts westward, and Node takes such a zone for UTC.
    ['IST-5:30', '+05:30', '2026-07-23T12:33:36.370138884Z'],
    ['<-03>3', '-03:00', '2026-07-23T21:03:36.370138884Z'],
    ['', 'UTC', '2026-07-23T18:03:36.370138884Z'],
  ])('is the zone of TZ=%s', async (TZ, zone, ts) => {
    const { status, records } = await tracenorm(['--timezone', 'local'], { input: DROP, env: { TZ } })
    expect(records).toMatchObject([{ ts, clock: { id: 'realtime', zone, local: '2026-07-23T18:03:36.370138884' } }])
    expect(status).toBe(0)
  })

  it.each([
    ['IST-5:30', '+05:30'],
    ['Asia/Kathmandu', 'Asia/Kathmandu'],
  ])('is that of a process with TZ=%s', async (TZ, zone) => {
    const { records } = await spawned(['--timezone', 'local'], { input: DROP, env: { TZ } })
    expect(records).toMatchObject([{ clock: { zone } }])
  })

  it.skipIf(systemZone === undefined).each([undefined, `:${LOCALTIME}`, LOCALTIME])(
    'is that of the system with TZ=%s',
    async (TZ) => {
      const { records } = await tracenorm(['--timezone', 'local'], { input: DROP, env: { TZ } })
      expect(records).toMatchObject([{ clock: { zone: systemZone } }])
    },
  )

  it.each(['EST5EDT,M3.2.0,M11.1.0', 'Nowhere/Land', '/nowhere/localtime'])(
    'is refused where TZ=%s names none that is known',
    async (TZ) => {
      const { status, stdout, stderr } = await tracenorm(['--timezone', 'local'], { input: DROP, env: { TZ } })
      expect({ status, stdout: stdout.length }).toEqual({ status: 2, stdout: 0 })
      expect(stderr).toMatch(/^tracenorm: .*--timezone.*\n$/)
      expect(stderr).toContain(`TZ is "${TZ}"`)
    },
  )
})
