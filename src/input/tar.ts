import type { InputError } from '../errors.ts'
import { damageOf } from './damage.ts'
import { type ArchiveEntry, nameWithin, type SkipCause } from './entry.ts'
import { isTarHeader, TAR_BLOCK } from './layer.ts'
import type { Pieces } from './pieces.ts'
import { paxRecords, type TarHeader, tarHeader, untilNul } from './tar-header.ts'

/** A name or a block of pax that is longer is damage. */
const LONGEST_META = 1024 * 1024
const CHUNK_BYTES = 64 * 1024

const FILES = new Set(['0', '\0', '7'])
const FOLDER = '5'
/** Old GNU tar's folders with a list of their files. */
const GNU_FOLDER = 'D'
const CAUSES: ReadonlyMap<string, SkipCause> = new Map([
  ['1', 'link'],
  ['2', 'link'],
  ['3', 'device'],
  ['4', 'device'],
  ['6', 'device'],
  ['S', 'sparse file'],
])
/** The label of a volume. */
const LABEL = 'V'

/**
 * The entries of a tar in their order, of the kinds that GNU tar 1.35 and POSIX pax write. Sparse files are not read:
 * what a tar holds of them are other bytes than those of the file. After a damaged header the next good one is looked
 * for. Throws what the bytes throw, and InputError where the archive is cut.
 */
export async function* readTar(packed: Pieces, path: string): AsyncGenerator<ArchiveEntry> {
  const tar = new Tar(packed, path)
  for (let header = await tar.next(); header !== undefined; header = await tar.next()) {
    if (header === 'damaged') {
      yield { as: 'damage', error: tar.damaged('a header without the checksum of its bytes') }
      continue
    }
    const meta = await tar.readMeta(header)
    if (meta === 'damaged') yield { as: 'damage', error: tar.damaged('a long name or a pax header') }
    if (meta !== 'none') continue
    const entry = tar.entry(header)
    if (header.hasMapBlocks) await tar.skipMapBlocks()
    if (entry !== undefined) yield entry
    await tar.skipRest()
  }
}

/** What blocks before a header say about its entry. */
interface Said {
  path?: string | undefined
  size?: number | undefined
  isSparse?: boolean
}

class Tar {
  /** Bytes of the entry at hand that were not read, and those that fill its last block. */
  private left = 0
  private padding = 0
  private said: Said = {}
  /** Of a global header of pax. */
  private saidOfAll: Said = {}
  /** Blocks of zeros, which end a tar, since the last entry. */
  private zeros = 0
  /** Blocks are passed over until one is a header. */
  private isLost = false
  private cut: InputError | undefined
  private readonly packed: Pieces
  private readonly path: string

  constructor(packed: Pieces, path: string) {
    this.packed = packed
    this.path = path
  }

  damaged(what: string): InputError {
    return damageOf(this.path, 'tar')(`${what}, before byte ${this.packed.taken}`)
  }

  /** The next header. `damaged`: the first of blocks that are no headers. Undefined: the archive has ended. */
  async next(): Promise<TarHeader | 'damaged' | undefined> {
    for (;;) {
      const block = await this.block()
      if (block === undefined) return undefined
      if (block.every((byte) => byte === 0)) this.zeros++
      else {
        const header = isTarHeader(block) ? tarHeader(block) : undefined
        this.zeros = 0
        if (header !== undefined) {
          this.isLost = false
          return header
        }
        if (!this.isLost) {
          this.isLost = true
          this.said = {}
          return 'damaged'
        }
      }
    }
  }

  /** Undefined at the end of the archive, which blocks of zeros must come before. */
  private async block(): Promise<Buffer | undefined> {
    const { packed } = this
    if ((await packed.some(1)) === undefined) {
      if (this.zeros === 0) throw this.damaged('it ends without its end mark: it may be cut')
      return undefined
    }
    packed.giveBack(1)
    const block = await packed.exactly(TAR_BLOCK)
    if (block === undefined) throw this.damaged('it is cut within a header')
    return block
  }

  /** Reads what is no entry but says something about the next one. `none`: it is an entry. */
  async readMeta({ type, size }: TarHeader): Promise<'read' | 'damaged' | 'none'> {
    if (!['L', 'K', 'x', 'g'].includes(type)) return 'none'
    this.begin(size)
    if (size > LONGEST_META) {
      await this.skipRest()
      return 'damaged'
    }
    const bytes = await this.packed.exactly(size)
    if (bytes === undefined) throw this.damaged('it is cut within a header')
    this.left = 0
    await this.skipRest()
    return this.learn(type, bytes) ? 'read' : 'damaged'
  }

  private learn(type: string, bytes: Buffer): boolean {
    if (type === 'L') this.said.path = untilNul(bytes)
    if (type === 'L' || type === 'K') return true
    const records = paxRecords(bytes)
    if (records === undefined) return false
    const said = type === 'g' ? this.saidOfAll : this.said
    const size = records.get('size')
    if (size !== undefined && !/^\d{1,15}$/.test(size)) return false
    said.path = records.get('path') ?? said.path
    said.size = size === undefined ? said.size : Number(size)
    if ([...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) said.isSparse = true
    return true
  }

  /** What the header says; undefined of a folder. */
  entry(header: TarHeader): ArchiveEntry | undefined {
    const said = { ...this.saidOfAll, ...defined(this.said) }
    this.said = {}
    const { type } = header
    this.begin(said.size ?? header.size)
    const given = said.path ?? header.name
    const isFile = FILES.has(type)
    if (type === FOLDER || type === GNU_FOLDER || type === LABEL || (isFile && given.endsWith('/'))) return undefined
    const name = nameWithin(given)
    if (name === undefined) return { as: 'skipped', name: given, why: 'name that leads out of the archive' }
    if (said.isSparse === true) return { as: 'skipped', name, why: 'sparse file' }
    if (!isFile) return { as: 'skipped', name, why: CAUSES.get(type) ?? 'entry of an unknown type' }
    return { as: 'file', name, bytes: this.bytes(name) }
  }

  private begin(size: number): void {
    this.left = size
    this.padding = (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK
  }

  private async *bytes(name: string): AsyncGenerator<Uint8Array> {
    while (this.left > 0) yield await this.some(`within ${name}`)
  }

  /** Goes to the end of the last block of the entry. */
  async skipRest(): Promise<void> {
    while (this.left > 0) await this.some('within an entry')
    this.left = this.padding
    this.padding = 0
    while (this.left > 0) await this.some('after an entry')
  }

  /** The last one says so at byte 504 (GNU tar 1.35, `struct sparse_header`). */
  async skipMapBlocks(): Promise<void> {
    for (let isLast = false; !isLast; ) {
      const block = await this.packed.exactly(TAR_BLOCK)
      if (block === undefined) throw this.damaged('it is cut within a header')
      isLast = block[504] === 0
    }
  }

  private async some(where: string): Promise<Uint8Array> {
    const piece = await this.packed.some(Math.min(this.left, CHUNK_BYTES))
    if (piece === undefined) {
      // It is one error, whoever meets it.
      this.cut ??= this.damaged(`it is cut ${where}`)
      throw this.cut
    }
    this.left -= piece.length
    return piece
  }
}

/** Without members that are undefined. */
function defined(said: Said): Said {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}
