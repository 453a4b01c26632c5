import { InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'
import type { FileSlices } from './file-slices.ts'
import type { FolderSlices } from './folder.ts'
import type { KnownForm } from './known-forms.ts'
import { allOf, type Pieces } from './pieces.ts'
import type { Spilled } from './spill.ts'

const CHUNK_BYTES = 256 * 1024

/** Content of a known form that is not read. */
export class UnreadForm extends InputError {
  readonly form: KnownForm

  constructor(path: string, form: KnownForm) {
    const name = inputName(path)
    super(`${name}: ${form.name} is not read`, form.next(path === '-' ? undefined : name))
    this.form = form
  }
}

/** Errors that were thrown to whom asked for bytes: they are not said twice of one input. */
export type Thrown = WeakSet<object>

/** A capture whose bytes are put into a temporary file first, so that any of them can be read. */
export interface SpilledCapture {
  readonly path: string
  /** Of temporary files. */
  readonly folder: string
}

/** The bytes of a capture in their order, or why there are none. Of a plain file, any bytes can be read meanwhile. */
export class CaptureBytes implements AsyncIterable<Uint8Array> {
  /** Undefined: a pipe, packed, or out of an archive, and not put into a file. Known when the first chunk has come. */
  seekable: FileSlices | FolderSlices | undefined
  /** A file out of an archive. */
  readonly isMember: boolean
  private readonly pieces: Pieces
  private readonly thrown: Thrown
  private readonly spills: SpilledCapture | undefined
  private spilled: Spilled | undefined

  constructor(
    pieces: Pieces,
    of: {
      readonly isMember: boolean
      readonly seekable?: FileSlices | FolderSlices | undefined
      readonly thrown: Thrown
      readonly spills?: SpilledCapture | undefined
    },
  ) {
    this.pieces = pieces
    this.isMember = of.isMember
    this.seekable = of.seekable
    this.thrown = of.thrown
    this.spills = of.spills
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.spills === undefined ? allOf(this.pieces) : this.outOfFile(this.spills)
    } catch (error) {
      if (error instanceof Error) this.thrown.add(error)
      throw error
    }
  }

  /** Nothing more is asked of it. Whoever opened it frees the file; a temporary one is freed here. */
  close(): void {
    this.seekable = undefined
    this.spilled?.close()
    this.spilled = undefined
  }

  private async *outOfFile({ path, folder }: SpilledCapture): AsyncGenerator<Uint8Array> {
    const { spill } = await import('./spill.ts')
    this.spilled = await spill(allOf(this.pieces), path, folder)
    const { slices } = this.spilled
    this.seekable = slices
    for (let at = 0; at < slices.size; at += CHUNK_BYTES) yield slices.slice(at, at + CHUNK_BYTES)
  }
}
