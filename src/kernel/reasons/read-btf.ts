// BTF, the kernel's type information (include/uapi/linux/btf.h, Linux 5.2 to 7.3): a header, a section of types, a
// section of strings. It is read once from front to back. No reference is followed, so nothing can loop, and only drop
// reason enums are kept.
import { type EnumValue, isReasonEnum, type KernelEnum, tableOfEnums } from './enums.ts'
import type { ReasonsRead } from './read-dump.ts'
import { EMPTY_TABLE } from './reasons.ts'

const MAGIC = 0xeb9f
const HEADER_BYTES = 24
const TYPE_BYTES = 12

const KIND_STRUCT = 4
const KIND_ENUM = 6
const KIND_ENUM64 = 19

/** Bytes that follow a type of each kind: fixed, and for each of its `vlen` members. */
const FOLLOWING: readonly (readonly [fixed: number, each: number] | undefined)[] = [
  undefined, // 0 is no kind
  [4, 0], // INT
  [0, 0], // PTR
  [12, 0], // ARRAY
  [0, 12], // STRUCT
  [0, 12], // UNION
  [0, 8], // ENUM
  [0, 0], // FWD
  [0, 0], // TYPEDEF
  [0, 0], // VOLATILE
  [0, 0], // CONST
  [0, 0], // RESTRICT
  [0, 0], // FUNC
  [0, 8], // FUNC_PROTO
  [4, 0], // VAR
  [0, 12], // DATASEC
  [0, 0], // FLOAT
  [4, 0], // DECL_TAG
  [0, 0], // TYPE_TAG
  [0, 12], // ENUM64
]

/** The kernel's own limit is 512. Names of drop reasons are much shorter. */
const LONGEST_NAME = 128
/**
 * The most names that are kept, of at most `LONGEST_NAME` bytes: a bound for forged files. The fullest kernel has 230.
 */
const MOST_VALUES = 10_000

/** Of either byte order. */
export function isBtf(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x9f && bytes[1] === 0xeb) || (bytes[0] === 0xeb && bytes[1] === 0x9f)
}

/**
 * All drop reasons in raw BTF. `vmlinux` is `/sys/kernel/btf/vmlinux`; `modules` are `/sys/kernel/btf/mac80211` and its
 * like, which hold the reasons of subsystems that are built as modules. Refuses what is not BTF, is cut off, or has an
 * unknown kind of type.
 */
export function readBtf(vmlinux: Uint8Array, modules: readonly Uint8Array[] = []): ReasonsRead {
  const base = openBtf(vmlinux)
  if (typeof base === 'string') return { refused: base }
  const scan = scanTypes(base)
  if (typeof scan === 'string') return { refused: scan }
  const enums = [...scan.enums]
  for (const bytes of modules) {
    const module = openBtf(bytes, base)
    const more = typeof module === 'string' ? module : scanTypes(module)
    if (typeof more === 'string') return { refused: `BTF of a module: ${more}` }
    enums.push(...more.enums)
  }
  const table = tableOfEnums(enums)
  if (typeof table === 'string') return { refused: table }
  if (table !== undefined) return { table, by: 'btf' }
  if (scan.isKernel) return { table: EMPTY_TABLE, by: 'btf' }
  return {
    refused:
      'BTF without enum skb_drop_reason: of a module, or of something else than a kernel; give /sys/kernel/btf/vmlinux',
  }
}

interface Btf {
  readonly view: DataView
  readonly little: boolean
  readonly types: ByteSpan
  readonly strings: ByteSpan
  /** The string offsets of a module continue those of the kernel. */
  readonly base: Btf | undefined
}

interface ByteSpan {
  readonly start: number
  readonly end: number
}

function openBtf(bytes: Uint8Array, base?: Btf): Btf | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isBtf(bytes)) return 'no BTF'
  if (bytes.length < HEADER_BYTES) return 'cut within the header'
  const little = view.getUint16(0, true) === MAGIC
  if (view.getUint8(2) !== 1) return `BTF of version ${view.getUint8(2)}, only 1 is known`
  const headerBytes = view.getUint32(4, little)
  const span = (offsetAt: number): ByteSpan => {
    const start = headerBytes + view.getUint32(offsetAt, little)
    return { start, end: start + view.getUint32(offsetAt + 4, little) }
  }
  const types = span(8)
  const strings = span(16)
  if (headerBytes < HEADER_BYTES || types.end > bytes.length || strings.end > bytes.length)
    return 'cut: its header promises more than there is'
  return { view, little, types, strings, base }
}

function scanTypes(btf: Btf): { readonly enums: readonly KernelEnum[]; readonly isKernel: boolean } | string {
  const { view, little, types } = btf
  const enums: KernelEnum[] = []
  let isKernel = false
  let kept = 0
  let at = types.start
  while (at < types.end) {
    if (types.end - at < TYPE_BYTES) return 'cut within a type'
    const info = view.getUint32(at + 4, little)
    const kind = (info >>> 24) & 0x1f
    const vlen = info & 0xffff
    const following = FOLLOWING[kind]
    if (following === undefined) return `a type of unknown kind ${kind} at byte ${at}`
    const members = at + TYPE_BYTES
    const next = members + following[0] + following[1] * vlen
    if (next > types.end) return 'cut within a type'
    if (kind === KIND_STRUCT && !isKernel) isKernel = nameAt(btf, view.getUint32(at, little)) === 'sk_buff'
    // An enum without values is a forward declaration.
    if ((kind === KIND_ENUM || kind === KIND_ENUM64) && vlen > 0) {
      const name = nameAt(btf, view.getUint32(at, little))
      if (name !== undefined && isReasonEnum(name)) {
        kept += vlen
        if (kept > MOST_VALUES) return `more than ${MOST_VALUES} drop reasons`
        const values = valuesAt(btf, members, vlen, following[1])
        if (values === undefined) return `enum ${name} has a name that is not there`
        enums.push({ name, values })
      }
    }
    at = next
  }
  return { enums, isKernel }
}

/** `bytesEach`: 8, a name and a value; 12 in ENUM64, whose upper half is 0 in every reason. */
function valuesAt(btf: Btf, start: number, count: number, bytesEach: number): readonly EnumValue[] | undefined {
  const { view, little } = btf
  const values: EnumValue[] = []
  for (let at = start; at < start + count * bytesEach; at += bytesEach) {
    const name = nameAt(btf, view.getUint32(at, little))
    if (name === undefined) return undefined
    if (bytesEach === 8 || view.getUint32(at + 8, little) === 0)
      values.push({ name, value: view.getUint32(at + 4, little) })
  }
  return values
}

/**
 * Undefined for no name, for one that is not there, is longer than any of ours, or has bytes that are in no C name.
 */
function nameAt({ view, strings, base }: Btf, offset: number): string | undefined {
  const baseBytes = base === undefined ? 0 : base.strings.end - base.strings.start
  if (base !== undefined && offset < baseBytes) return nameAt(base, offset)
  const start = strings.start + offset - baseBytes
  const limit = Math.min(strings.end, start + LONGEST_NAME + 1)
  let name = ''
  for (let at = start; at < limit; at++) {
    const byte = view.getUint8(at)
    if (byte === 0) return name === '' ? undefined : name
    const isWord =
      (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 95
    if (!isWord) return undefined
    name += String.fromCharCode(byte)
  }
  return undefined
}
