import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What a capture's meta.json says, in the members that are looked at here. */
export interface Meta {
  readonly id: string
  readonly tool_version: string
  readonly env: { readonly TZ?: string }
  readonly category: string
  /** The file with dropwatch's output; null where there is none. */
  readonly primary: string | null
  readonly notes: string
  readonly expected?: {
    readonly packet?: {
      readonly alerts: number
      readonly by_origin: Counts
      readonly by_reason: Counts
      readonly cookies: number
      readonly port_names: number
      readonly cut_symbols: number
      readonly incomplete_alerts: number
    }
    readonly summary?: {
      readonly summary_lines: number
      readonly summary_drops?: number
      readonly raw_locations?: number
    }
    readonly session?: {
      readonly tail_dropped: readonly number[]
      readonly enobufs_lines: number
      readonly prompts: number
    }
    readonly field_by_field?: {
      readonly stdout_alerts: number
      readonly netlink_alerts: number
      readonly same_in_order: number
    }
  }
}

export type Counts = Readonly<Record<string, number>>

/** An alert as the kernel announced it to a second listener. */
export interface Announced {
  readonly origin: 'software' | 'hardware'
  readonly pc?: string
  readonly symbol?: string
  readonly reason?: string
  readonly trap?: string
  readonly trap_group?: string
  readonly ifindex?: number
  readonly ifname?: string
  readonly cookie?: string
  /** Too large for a number: kept as text. */
  readonly timestamp_ns: string
  readonly orig_len?: number
  readonly proto?: string
  readonly length?: number
}

export interface Capture {
  readonly name: string
  readonly meta: Meta
  read(file: string): Buffer
  has(file: string): boolean
}

/**
 * The folder of captures by other people's tools, as the environment says; undefined, and told, when it is not there.
 */
export function captures(): readonly Capture[] | undefined {
  const root = join(resolve(ROOT, process.env.TRACENORM_CORPUS ?? '../shared'), 'corpus/dropwatch')
  if (!existsSync(root)) {
    console.log('skipped: no corpus/dropwatch in TRACENORM_CORPUS')
    return undefined
  }
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'meta.json')))
    .sort()
    .map((name) => ({
      name,
      meta: JSON.parse(readFileSync(join(root, name, 'meta.json'), 'utf8')),
      read: (file) => readFileSync(join(root, name, file)),
      has: (file) => existsSync(join(root, name, file)),
    }))
}

/** Lines of JSON. Nanoseconds since 1970 are no safe integers: they become strings. */
export function jsonLines<T>(bytes: Buffer): readonly T[] {
  const lines = bytes.toString('utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line.replaceAll(/("\w+_ns": )(\d+)/g, '$1"$2"')))
}

/** The zones of the captures' TZ, in POSIX's spelling (which counts westward). */
const ZONES: Readonly<Record<string, string>> = {
  UTC: 'UTC',
  'EST5EDT,M3.2.0,M11.1.0': 'America/New_York',
  'IST-5:30': 'Asia/Kolkata',
  'NPT-5:45': 'Asia/Kathmandu',
}

export function zoneNameOf({ meta }: Capture): string {
  const { TZ } = meta.env
  const zone = TZ === undefined ? 'UTC' : ZONES[TZ]
  if (zone === undefined) throw new Error(`no zone for TZ=${TZ}`)
  return zone
}
