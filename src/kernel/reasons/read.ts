import { isBtf, readBtf } from './read-btf.ts'
import { enumsIn, type ReasonsRead, readBpftoolJson, readBpftoolText, readSnapshot } from './read-dump.ts'
import { readFormat } from './read-format.ts'
import { readHeader } from './read-header.ts'

/**
 * The drop reasons in a file of the capturing kernel, found by content: a tracefs `format` file of skb:kfree_skb, raw
 * BTF, a C header, `bpftool btf dump` (JSON or text), a snapshot. The caller unpacks compressed files.
 */
export function readReasons(bytes: Uint8Array): ReasonsRead {
  if (isBtf(bytes)) return readBtf(bytes)
  const packed = PACKED.find(({ magic }) => magic.every((byte, at) => bytes[at] === byte))
  if (packed !== undefined) return { refused: packed.sentence }
  // The text of all types of a kernel has some 20 MiB. There is room for it and its bytes.
  if (bytes.length > LONGEST_TEXT) return { refused: `no file of drop reasons: text of ${bytes.length} bytes` }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
  if (/^\s*\{/.test(text)) return readJson(text)
  if (/^print fmt:/m.test(text)) return readFormat(text)
  if (/^\[\d+\] ENUM(64)? '\w*_drop_reason/m.test(text)) return readBpftoolText(text)
  if (text.includes('_drop_reason') || text.includes('DEFINE_DROP_REASON'))
    return text.length > LONGEST_HEADER ? { refused: `no C header: ${text.length} bytes` } : readHeader(text)
  return { refused: `no drop reasons in it: ${TAKEN}` }
}

const LONGEST_TEXT = 24 * 2 ** 20
/** A C header with all types of a kernel has 4 MiB. */
const LONGEST_HEADER = 8 * 2 ** 20
/** A whole parse takes up to ten times its length. */
const LONGEST_JSON = 2 * 2 ** 20

const TAKEN =
  'a tracefs format file of skb:kfree_skb, raw BTF (/sys/kernel/btf/vmlinux), a C header with enum skb_drop_reason, bpftool btf dump -j, or a snapshot is'

const PACKED: readonly { readonly magic: readonly number[]; readonly sentence: string }[] = [
  { magic: [0x1f, 0x8b], sentence: 'compressed by gzip' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], sentence: 'compressed by zstd' },
  { magic: [0xfd, 0x37, 0x7a, 0x58], sentence: 'compressed by xz' },
  {
    magic: [0x7f, 0x45, 0x4c, 0x46],
    sentence: 'an ELF file; give /sys/kernel/btf/vmlinux, or what "bpftool btf dump file … -j" makes of it',
  },
]

function readJson(text: string): ReasonsRead {
  if (text.length > LONGEST_JSON)
    return readBpftoolJson({ types: enumsIn(text) }) ?? { refused: 'JSON without drop reasons' }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { refused: 'broken JSON' }
  }
  return (
    readBpftoolJson(json) ??
    readSnapshot(json) ?? { refused: 'JSON without drop reasons: neither bpftool btf dump -j nor a snapshot' }
  )
}
