import { InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'
import type { FileSlices } from './file-slices.ts'
import type { KnownForm } from './known-forms.ts'
import { allOf, type Pieces } from './pieces.ts'

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

/** The bytes of a capture in their order, or why there are none. Of a plain file, any bytes can be read meanwhile. */
export class CaptureBytes implements AsyncIterable<Uint8Array> {
  /** Undefined: a pipe, packed, or out of an archive. */
  seekable: FileSlices | undefined
  /** A file out of an archive. */
  readonly isMember: boolean
  private readonly pieces: Pieces
  private readonly thrown: Thrown

  constructor(
    pieces: Pieces,
    of: { readonly isMember: boolean; readonly seekable?: FileSlices | undefined; readonly thrown: Thrown },
  ) {
    this.pieces = pieces
    this.isMember = of.isMember
    this.seekable = of.seekable
    this.thrown = of.thrown
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* allOf(this.pieces)
    } catch (error) {
      if (error instanceof Error) this.thrown.add(error)
      throw error
    }
  }

  /** Nothing more is asked of it. Whoever opened it frees the file. */
  close(): void {
    this.seekable = undefined
  }
}
