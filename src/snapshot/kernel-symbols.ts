import { gzipSync } from 'node:zlib'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import { chosenKallsyms, type KallsymsChoice } from '../kernel/kallsyms-choice.ts'
import type { Machine } from './machine.ts'

export type OwnSymbols =
  | { readonly kallsyms: NonNullable<Snapshot['kallsyms']> }
  /** Why there are none. */
  | { readonly missing: string }

const PATH = '/proc/kallsyms'

/** The running kernel's symbols, with its build id by which a recording recognizes it. */
export function ownSymbols(machine: Machine, choice: KallsymsChoice): OwnSymbols {
  const bytes = machine.read(PATH)
  if (bytes === undefined) return { missing: `${PATH} cannot be read` }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const chosen = chosenKallsyms(text, choice)
  if (chosen === '') return { missing: `${PATH} hides addresses: run as root, with kernel.kptr_restrict below 2` }
  const buildId = kernelBuildId(machine.read('/sys/kernel/notes'))
  return {
    kallsyms: {
      holds: choice,
      ...(buildId !== undefined && { build_id: buildId }),
      gzip_base64: gzipSync(Buffer.from(chosen, 'latin1')).toString('base64'),
    },
  }
}

const BUILD_ID = 3

/** In ELF notes: three numbers (length of the name, of the content, type), then both, each padded to 4 bytes. */
function kernelBuildId(notes: Uint8Array | undefined): string | undefined {
  if (notes === undefined) return undefined
  const bytes = Buffer.from(notes.buffer, notes.byteOffset, notes.length)
  for (let at = 0; at + 12 <= bytes.length; ) {
    // /sys/kernel/notes has the byte order of this machine.
    const [name = 0, size = 0, type] = new Uint32Array(Uint8Array.from(bytes.subarray(at, at + 12)).buffer)
    const start = at + 12 + Math.ceil(name / 4) * 4
    if (type === BUILD_ID && bytes.toString('latin1', at + 12, at + 15) === 'GNU' && size <= 20)
      return bytes.toString('hex', start, start + size)
    at = start + Math.ceil(size / 4) * 4
  }
  return undefined
}
