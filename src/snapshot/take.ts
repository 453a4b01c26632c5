import { InputError } from '../errors.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import type { KallsymsChoice } from '../kernel/kallsyms-choice.ts'
import { rfc3339Of } from '../time/rfc3339.ts'
import { readClocks } from './clocks.ts'
import { distributionOf, hostOf, interfacesOf, networkNamespaceOf, toolsOf } from './host.ts'
import { ownReasons } from './kernel-reasons.ts'
import { ownSymbols } from './kernel-symbols.ts'
import { localZone } from './local-zone.ts'
import type { Machine } from './machine.ts'

export interface SnapshotRequest {
  /** `tracenorm 0.1.0`. */
  readonly takenBy: string
  /** Whether to ask the tools for their versions, which takes a moment. */
  readonly tools: boolean
  /** Which symbols of the kernel; undefined: none. */
  readonly kallsyms?: KallsymsChoice | undefined
}

/** Reads all that a later conversion needs to know about this host. Throws InputError on anything but Linux. */
export function takeSnapshot(machine: Machine, { takenBy, tools, kallsyms }: SnapshotRequest): Snapshot {
  const host = hostOf(machine)
  const taken = rfc3339Of(BigInt(machine.clock.wallMs()) * 1_000_000n)
  if (host === undefined || taken === undefined) {
    throw new InputError('a snapshot is taken of a Linux host, and this one has no /proc/sys/kernel/osrelease')
  }
  const clocks = readClocks(machine)
  const reasons = ownReasons(machine)
  const distribution = distributionOf(machine)
  const zone = localZone(machine)
  const interfaces = interfacesOf(machine)
  const symbols = kallsyms === undefined ? undefined : ownSymbols(machine, kallsyms)
  const namespace = networkNamespaceOf(machine)
  const missing = [
    ...[...clocks.missing].map(([id, why]) => ({ what: `clocks.${id}`, why })),
    ...('missing' in reasons ? [{ what: 'reasons', why: reasons.missing.slice(0, 512) }] : []),
    ...(symbols !== undefined && 'missing' in symbols ? [{ what: 'kallsyms', why: symbols.missing }] : []),
    ...(zone === undefined ? [{ what: 'timezone', why: NO_ZONE }] : []),
    ...(interfaces === undefined
      ? [{ what: 'interfaces', why: 'sysfs shows another network namespace than this process is in' }]
      : []),
  ]
  const offset = zone === undefined ? utcOffset(machine) : undefined
  return {
    v: 1,
    taken,
    taken_by: takenBy,
    host,
    ...(distribution !== undefined && { distribution }),
    ...(zone !== undefined ? { timezone: { zone } } : offset !== undefined && { timezone: { utc_offset: offset } }),
    clocks: clocks.pairs,
    ...('table' in reasons && { reasons: reasons.table, reasons_from: reasons.from }),
    ...(namespace !== undefined && { network_namespace: namespace }),
    interfaces: interfaces ?? {},
    ...(symbols !== undefined && 'kallsyms' in symbols && { kallsyms: symbols.kallsyms }),
    tools: tools ? toolsOf(machine) : {},
    missing,
  }
}

const NO_ZONE = 'TZ or /etc/localtime names no zone of the IANA database; give --timezone when you convert'

function utcOffset(machine: Machine): string | undefined {
  const [, hours, minutes] = /^([+-]\d\d)(\d\d)$/.exec(machine.run('date', ['+%z'])?.trim() ?? '') ?? []
  return hours === undefined ? undefined : `${hours}:${minutes}`
}
