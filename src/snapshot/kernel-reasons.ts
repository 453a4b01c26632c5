import { readBtf } from '../kernel/reasons/read-btf.ts'
import { readFormat } from '../kernel/reasons/read-format.ts'
import type { ReasonTable } from '../kernel/reasons/reasons.ts'
import type { Machine } from './machine.ts'
import { TRACEFS, whyNoTracefs } from './tracefs.ts'

export type OwnReasons =
  | { readonly table: ReasonTable; readonly from: 'btf' | 'format' }
  /** Why there are none. */
  | { readonly missing: string }

const BTF = '/sys/kernel/btf'

/**
 * The running kernel's drop reasons, from its BTF with those of its modules, or else from tracefs, which has core
 * reasons only.
 */
export function ownReasons(machine: Machine): OwnReasons {
  const refusals: string[] = []
  const btf = machine.read(`${BTF}/vmlinux`)
  if (btf !== undefined) {
    const read = readBtf(btf, modulesOf(machine))
    if ('table' in read) return { table: read.table, from: 'btf' }
    refusals.push(`${BTF}/vmlinux: ${read.refused}`)
  }
  for (const tracefs of TRACEFS) {
    const path = `${tracefs}/events/skb/kfree_skb/format`
    const format = machine.readText(path)
    if (format === undefined) continue
    const read = readFormat(format)
    if ('table' in read) return { table: read.table, from: 'format' }
    refusals.push(`${path}: ${read.refused}`)
  }
  return {
    missing: refusals.length > 0 ? refusals.join('; ') : `there is no ${BTF}/vmlinux, and ${whyNoTracefs(machine)}`,
  }
}

/** mac80211 and openvswitch have their reasons in a BTF of their own where they are modules. */
function modulesOf(machine: Machine): readonly Uint8Array[] {
  return machine
    .list(BTF)
    .filter((name) => name !== 'vmlinux')
    .map((name) => machine.read(`${BTF}/${name}`))
    .filter((module) => module !== undefined)
    .filter((module) => Buffer.from(module.buffer, module.byteOffset, module.length).includes('_drop_reason'))
}
