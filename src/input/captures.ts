import { CaptureBytes, type SpilledCapture, type Thrown, UnreadForm } from './capture-bytes.ts'
import type { ArchiveEntry, SkipCause } from './entry.ts'
import { Expansion, type ExpansionLimits } from './expansion.ts'
import type { FileSlices } from './file-slices.ts'
import { type FilesOfFolder, type FolderSlices, openFolder } from './folder.ts'
import { contentForm, type KnownForm, mayBeKnown, packedForm } from './known-forms.ts'
import { type Container, layerOf, mayBeTar, type Packing } from './layer.ts'
import { type OpenInput, openSource, rawBytes } from './open.ts'
import { ENDLESS, type Patience } from './patience.ts'
import { Pieces } from './pieces.ts'
import type { Stdin } from './stdin.ts'
import { unpacked } from './unpack.ts'

/** What unpacking may use, and how much may come of it. Plain data. */
export interface Unpacking {
  readonly limits: ExpansionLimits
  /** The folder of temporary files. */
  readonly folder: string
  /** The folders of programs, as PATH has them. */
  readonly searchPath: string
}

/** `more`: it is to be asked again with more bytes. */
export type NeedsSeeking = (head: Uint8Array) => boolean | 'more'

/** What INPUTs are opened with. */
export interface CaptureSource {
  readonly stdin: Stdin
  readonly patience?: Patience | undefined
  readonly unpacking: Unpacking
  /** Which captures are read out of order, by their first bytes. Without it none is. */
  readonly needsSeeking?: NeedsSeeking | undefined
  /** Which files of a folder are one capture. Without it folders are refused. */
  readonly filesOfFolder?: FilesOfFolder | undefined
  /** No INPUT comes after it. */
  readonly isLast: boolean
  /** Where the bytes of the INPUT are. Undefined: at its path. */
  readonly at?: string | undefined
}

/** A file of its own, or one out of an archive. */
export interface OpenedCapture {
  readonly as: 'capture'
  /** The INPUT as given, and `!` before each name in an archive: `caps.tar.gz!host/perf.txt`. */
  readonly path: string
  readonly bytes: CaptureBytes
}

/** An entry of an archive that is not read. */
export interface SkippedEntry {
  readonly as: 'skipped'
  readonly path: string
  readonly why: SkipCause
}

/** Archives in one another. */
const DEEPEST = 8
/** Packings of one stream. */
const MOST_PACKINGS = 8

/**
 * The captures in an INPUT, one after the other: one of a plain or packed file, all files of an archive and of the
 * archives in it. Its bytes say what a file is, not its name. Each capture is good until the next is asked for, and
 * one that is not read to its end is skipped. What cannot be opened or read is a capture too, whose bytes throw
 * InputError, or what `patience` throws; so is an archive that is damaged, under its own name, after what could be
 * read of it.
 */
export async function* openCaptures(path: string, from: CaptureSource): AsyncGenerator<OpenedCapture | SkippedEntry> {
  const { stdin, patience = ENDLESS, unpacking, needsSeeking, filesOfFolder, isLast, at = path } = from
  const unpacker = new Unpacker(path, unpacking, needsSeeking)
  let opened: Pick<OpenInput, 'close'> | undefined
  try {
    const folder = path === '-' || filesOfFolder === undefined ? undefined : openFolder(at, filesOfFolder)
    if (folder !== undefined) {
      opened = folder
      yield unpacker.opened(new Pieces(folder.chunks()), { path, depth: 0, seekable: folder })
      return
    }
    const input = await openSource(at, stdin, patience)
    opened = input
    const { source } = input
    const seekable = source.slices?.(path)
    const pieces = new Pieces(unpacker.expansion.packed(rawBytes(source, path, patience, isLast)))
    yield* unpacker.through(pieces, { path, depth: 0, seekable })
  } catch (error) {
    yield* unpacker.failed(path, 0, error)
  } finally {
    opened?.close()
  }
}

/** True when these bytes are too few to say what they begin. */
function mayBeHead(head: Uint8Array): boolean {
  return mayBeTar(head) || mayBeKnown(head)
}

/** Where in the archives of an INPUT bytes are from. */
interface LayerPlace {
  readonly path: string
  /** Archives around it. */
  readonly depth: number
  /** Any of these bytes, where they are a plain file. */
  readonly seekable?: FileSlices | undefined
}

/** The same of a capture, which may be a folder. */
interface CapturePlace extends Omit<LayerPlace, 'seekable'> {
  readonly seekable?: FileSlices | FolderSlices | undefined
}

/** The way through the layers of an INPUT. */
class Unpacker {
  readonly expansion: Expansion
  private readonly thrown: Thrown = new WeakSet()
  private readonly unpacking: Unpacking
  private readonly needsSeeking: NeedsSeeking

  constructor(path: string, unpacking: Unpacking, needsSeeking: NeedsSeeking = () => false) {
    this.needsSeeking = needsSeeking
    this.expansion = new Expansion(path, unpacking.limits)
    this.unpacking = unpacking
  }

  /** The captures in these bytes. What damages their layers becomes a capture that throws it. */
  async *through(packed: Pieces, place: LayerPlace): AsyncGenerator<OpenedCapture | SkippedEntry> {
    const { path, depth } = place
    let pieces = packed
    try {
      let { seekable } = place
      for (let packings = 0; ; packings++) {
        const head = await pieces.head((bytes) => mayBeHead(bytes) || this.needsSeeking(bytes) === 'more')
        const layer = layerOf(head)
        if (layer === undefined) {
          yield this.capture(pieces, head, { ...place, seekable })
          return
        }
        if (depth === DEEPEST || packings === MOST_PACKINGS) {
          yield { as: 'skipped', path, why: 'archive nested deeper than 8' }
          return
        }
        if (layer === 'tar' || layer === 'zip') {
          yield* this.entries(layer, await this.open(layer, pieces, { ...place, seekable }), place)
          return
        }
        pieces = new Pieces(await this.unpack(layer, pieces, path))
        seekable = undefined
      }
    } catch (error) {
      yield* this.failed(path, depth, error)
    } finally {
      // A way to unpack may be a process, which is left at any byte.
      pieces.close()
    }
  }

  /** A capture without bytes, which throws this; nothing where it was thrown already. */
  *failed(path: string, depth: number, error: unknown): Generator<OpenedCapture> {
    if (error instanceof Error && this.thrown.has(error)) return
    yield this.opened(Pieces.failing(error), { path, depth })
  }

  private capture(pieces: Pieces, head: Uint8Array, place: LayerPlace): OpenedCapture | SkippedEntry {
    const { path, depth } = place
    const packing = packedForm(head)
    if (packing !== undefined && depth > 0) return { as: 'skipped', path, why: 'file of a packing that is not read' }
    const form: KnownForm | undefined = packing ?? contentForm(head)
    if (form !== undefined) return this.opened(Pieces.failing(new UnreadForm(path, form)), place)
    const isSpilled = place.seekable === undefined && this.needsSeeking(head) === true
    return this.opened(pieces, place, isSpilled ? { path, folder: this.unpacking.folder } : undefined)
  }

  /** A capture in these bytes. */
  opened(pieces: Pieces, { path, depth, seekable }: CapturePlace, spills?: SpilledCapture): OpenedCapture {
    const bytes = new CaptureBytes(pieces, { isMember: depth > 0, seekable, thrown: this.thrown, spills })
    return { as: 'capture', path, bytes }
  }

  private async unpack(packing: Packing, pieces: Pieces, path: string): Promise<AsyncGenerator<Uint8Array>> {
    return this.expansion.unpacked(await unpacked(packing, pieces, path, this.unpacking.searchPath))
  }

  private async open(container: Container, pieces: Pieces, place: LayerPlace): Promise<AsyncGenerator<ArchiveEntry>> {
    if (container === 'tar') {
      const { readTar } = await import('./tar.ts')
      return readTar(pieces, place.path)
    }
    const { readZip } = await import('./zip.ts')
    return readZip(pieces, place.path, place.seekable, this.unpacking.folder)
  }

  /** A tar holds files as they are, a zip packs them. */
  private member(container: Container, bytes: AsyncGenerator<Uint8Array>): Pieces {
    return new Pieces(container === 'zip' ? this.expansion.unpacked(bytes) : bytes)
  }

  private async *entries(
    container: Container,
    entries: AsyncGenerator<ArchiveEntry>,
    { path, depth }: LayerPlace,
  ): AsyncGenerator<OpenedCapture | SkippedEntry> {
    for await (const entry of entries) {
      if (entry.as === 'damage') yield* this.failed(path, depth, entry.error)
      else {
        const name = `${path}!${entry.name}`
        if (entry.as === 'skipped') yield { as: 'skipped', path: name, why: entry.why }
        else yield* this.through(this.member(container, entry.bytes), { path: name, depth: depth + 1 })
      }
      if (this.expansion.isOver) return
    }
  }
}
