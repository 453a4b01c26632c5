import type { Snapshot } from '../event/generated/snapshot-types.ts'
import { validateSnapshot } from '../event/generated/validate-snapshot.ts'
import { refusalBy } from '../event/refusal.ts'

/** Real snapshots have some 10 KiB, and up to 4 MiB with all symbols of a kernel. */
const LONGEST = 16 * 1024 * 1024

/**
 * A snapshot that `tracenorm snapshot` or `scripts/snapshot.sh` wrote. The refusal is a sentence that goes on after the
 * file's name.
 */
export function readSnapshot(text: string): { readonly snapshot: Snapshot } | { readonly refused: string } {
  if (text.length > LONGEST) return { refused: `no snapshot: ${text.length} characters` }
  if (text.trim() === '') return { refused: 'no snapshot: it is empty' }
  let json: unknown
  try {
    // Windows writes a mark of the byte order before the text.
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { refused: `no snapshot: ${/^\s*\{/.test(text) ? 'broken' : 'no'} JSON` }
  }
  if (isSnapshot(json)) return { snapshot: json }
  const version = versionOf(json)
  if (version !== undefined && version !== 1)
    return { refused: `a snapshot of version ${version}, and only version 1 is known` }
  const { field, why } = refusalBy(validateSnapshot)
  return { refused: `no snapshot: ${field || 'it'} ${why}` }
}

function versionOf(json: unknown): number | undefined {
  return typeof json === 'object' && json !== null && 'v' in json && typeof json.v === 'number' ? json.v : undefined
}

function isSnapshot(json: unknown): json is Snapshot {
  return validateSnapshot(json)
}

/**
 * Why a snapshot is not of the host that a capture is from, by what the capture's header says; undefined: nothing
 * contradicts it. A host's name may be short in one and with its domain in the other.
 */
export function contradictionOf(
  { host }: Snapshot,
  facts: { readonly host?: string; readonly kernel?: string },
): string | undefined {
  if (facts.kernel !== undefined && facts.kernel !== host.kernel)
    return `the capture is of kernel ${facts.kernel}, the snapshot of ${host.kernel}`
  if (facts.host !== undefined && host.name !== undefined && !isSameHost(facts.host, host.name))
    return `the capture is of host ${facts.host}, the snapshot of ${host.name}`
  return undefined
}

function isSameHost(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}

/** The name of the interface in a record's `device`, when the snapshot is certain of it. */
export type NameInterface = (ifindex: number, netns: number | undefined) => string | undefined

/**
 * An ifindex is a number within a network namespace: 2 is one interface of the host and another in each container. So a
 * name is given where the record's namespace is the snapshot's, or where it is unknown and no other was seen on the
 * host.
 */
export function interfaceNames({ interfaces, network_namespace: own }: Snapshot): NameInterface {
  const names = new Map(Object.entries(interfaces).map(([ifindex, name]) => [Number(ifindex), name]))
  return (ifindex, netns) => {
    const isOwn = own !== undefined && (netns === undefined ? own.is_alone !== false : netns === own.inode)
    return isOwn ? names.get(ifindex) : undefined
  }
}
