import { offsetSeconds } from '../time/rfc3339.ts'
import { zoneOf } from '../time/zone.ts'
import type { Machine } from './machine.ts'

type Host = Pick<Machine, 'clock' | 'env' | 'read' | 'readLink' | 'readText'>

/**
 * The zone of this process as its C library has it, by a name that `zoneOf` knows: by `TZ`, or else by the system.
 * Undefined where there is no such name: `TZ` may hold rules (`EST5EDT,M3.2.0,M11.1.0`), and the runtime takes those,
 * and `IST-5:30`, for UTC.
 */
export function localZone(host: Host): string | undefined {
  const { TZ } = host.env
  return TZ === undefined ? (zoneOfFile(LOCALTIME, host) ?? known(host.clock.zone)) : zoneOfVariable(TZ, host)
}

const LOCALTIME = '/etc/localtime'

function zoneOfVariable(text: string, host: Host): string | undefined {
  const value = text.startsWith(':') ? text.slice(1) : text
  if (value === '') return 'UTC'
  if (value.startsWith('/')) return zoneOfFile(value, host)
  return known(value) ?? fixedOffset(value)
}

/** A file of the zone database, a link to one, or the system's copy of one: Debian has its name in `/etc/timezone`. */
function zoneOfFile(path: string, host: Host): string | undefined {
  const named = known(afterZoneinfo(path)) ?? known(afterZoneinfo(host.readLink(path)))
  if (named !== undefined || path !== LOCALTIME || host.read(path) === undefined) return named
  return known(host.readText('/etc/timezone')?.trim())
}

function known(name: string | undefined): string | undefined {
  return name === undefined ? undefined : zoneOf(name)?.name
}

/**
 * `/usr/share/zoneinfo/posix/Europe/Berlin` → `Europe/Berlin`. `right/` counts leap seconds, so its times are others.
 */
function afterZoneinfo(path: string | undefined): string | undefined {
  return /\/zoneinfo\/(?:posix\/)?(.+)$/.exec(path ?? '')?.[1]
}

/** POSIX: `IST-5:30` and `<+0545>-5:45` are east of Greenwich, and have no summer time. */
function fixedOffset(text: string): string | undefined {
  const [, sign, hours, minutes = '00'] =
    /^(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([+-]?)(\d{1,2})(?::(\d\d))?$/.exec(text) ?? []
  if (hours === undefined) return undefined
  const offset = `${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`
  return offsetSeconds(offset) === undefined ? undefined : offset.replace('-00:00', '+00:00')
}
