// Recordings of perf, in all their forms. See docs/formats/perf-data.md.
import type { Context, Out, Reader, Reject, SeekableInput, Window } from '../../../src/contract.ts'
import { type FileHeader, PIPE_HEADER_BYTES, readHeader } from './file-header.ts'
import { type FilePart, partsOf } from './file-parts.ts'
import { learnFile } from './open-file.ts'
import { CUT_RECORD, NO_RECORD, PIECE_BYTES, RecordStream, type StreamStep } from './record-stream.ts'
import { Recording } from './recording.ts'
import { recordBytes } from './run.ts'

const NOT_SEEKABLE: Reject = {
  word: 'unsupported',
  text: 'a recording of the file form, which cannot be read from a pipe: name the file',
}
const REST: Reject = {
  word: 'malformed',
  text: 'bytes that are in no part of the recording by its header, which is wrong, or the recording is cut',
}
const FOREIGN: Reject = {
  word: 'malformed',
  text: 'bytes after the recording: another recording, or text, must be an input of its own',
}
const RINGS_APART =
  'the records of this recording are in the files data.0, data.1, … of its folder: name the folder in place of its file data'

/** Opens a reader of one recording. */
export function dataReader(context: Context, input: SeekableInput | undefined): Reader {
  return new DataReader(context, input)
}

class DataReader implements Reader {
  private recording: Recording | undefined
  private stream: RecordStream | undefined
  /** Undefined before the header was read. */
  private parts: FilePart[] | undefined
  /** Of what belongs to nothing. */
  private restWhy = REST
  /** Bytes of the input before the window. */
  private position = 0
  private readonly context: Context
  private readonly input: SeekableInput | undefined

  constructor(context: Context, input: SeekableInput | undefined) {
    this.context = context
    this.input = input
  }

  read(window: Window, out: Out): void {
    this.recording?.giveTo(out)
    // Records wait for their turn: those of a pipe in a copy.
    const isKept = this.input === undefined
    const shown = isKept ? Uint8Array.prototype.slice.call(window.bytes) : window.bytes
    const bytes = recordBytes(shown, this.position, isKept)
    let at = this.parts === undefined ? this.begin(shown, window.last, out) : 0
    for (;;) {
      const part = this.partAt(this.position + at)
      if (part === undefined) break
      const end = Math.min(part.end - this.position, Number.MAX_SAFE_INTEGER)
      const step =
        part.holds === 'records' && this.stream !== undefined
          ? this.stream.step(bytes, at, end, out)
          : this.takePiece(part, shown.length, at, end, window.last, out)
      if (step === 'lost') this.lose(part, at, NO_RECORD)
      else if (step === 'cut') this.lose(part, at, CUT_RECORD)
      else if (step === 'foreign') this.lose(part, at, FOREIGN)
      else if (typeof step === 'number') at = step
      else break
      if (this.recording?.order.isDue === true) break
    }
    this.position += at
  }

  give(out: Out, last: boolean): boolean {
    const { recording } = this
    recording?.giveTo(out)
    if (last) recording?.order.finish()
    return recording?.order.give() === true
  }

  end(out: Out): void {
    this.recording?.giveTo(out)
    this.stream?.finish()
    this.recording?.end()
  }

  /** Claims the header. Gives where reading goes on: 0 while it is not whole. */
  private begin(bytes: Uint8Array, last: boolean, out: Out): number {
    const header = bytes.length < PIPE_HEADER_BYTES ? undefined : readHeader(bytes)
    if (header === undefined) {
      if (last) this.parts = []
      return 0
    }
    if (header.form === 'refused') return this.refuse({ word: 'unsupported', text: header.why })
    if (header.form === 'file') return this.beginFile(header, out)
    this.open(header.isLittle, out)
    this.parts = [{ start: PIPE_HEADER_BYTES, end: Number.POSITIVE_INFINITY, holds: 'records' }]
    out.claim('structure', PIPE_HEADER_BYTES)
    return PIPE_HEADER_BYTES
  }

  private beginFile(header: FileHeader, out: Out): number {
    const { input } = this
    if (input === undefined) return this.refuse(NOT_SEEKABLE)
    const recording = this.open(header.isLittle, out)
    const [main, ...rings] = input.parts ?? [{ start: 0, end: input.size }]
    const file = main === undefined ? input : { size: main.end, slice: input.slice.bind(input) }
    const sections = learnFile(header, file, recording, out)
    if (recording.isOfFolder && input.parts === undefined) out.hint(RINGS_APART)
    this.parts = partsOf(header, sections, file.size)
    for (const { start, end } of rings) if (start < end) this.parts.push({ start, end, holds: 'records' })
    return 0
  }

  private open(isLittle: boolean, out: Out): Recording {
    this.recording = new Recording(isLittle, this.context, this.input)
    this.recording.giveTo(out)
    this.stream = new RecordStream(this.recording)
    return this.recording
  }

  private refuse(why: Reject): number {
    this.restWhy = why
    this.parts = [{ start: 0, end: Number.POSITIVE_INFINITY, holds: 'rest' }]
    return 0
  }

  /** The part at this place. Records at the end of the file may be cut: their part has no end then. */
  private partAt(offset: number): FilePart | undefined {
    const { parts } = this
    while (parts?.[0] !== undefined && offset >= parts[0].end) {
      parts.shift()
      // Each file of a folder has a compressed stream of its own.
      if (parts[0]?.holds === 'records') this.stream = this.stream?.next()
    }
    return parts?.[0]
  }

  /** Claims a piece of bytes that are no records. */
  private takePiece(part: FilePart, shown: number, at: number, end: number, last: boolean, out: Out): StreamStep {
    const wanted = Math.min(end, at + PIECE_BYTES)
    const next = last ? Math.min(wanted, shown) : wanted
    if (next > shown || next === at) return 'more'
    if (part.holds === 'structure') out.claim('structure', next)
    else if (!out.reject(this.restWhy, next, at)) return 'stopped'
    return next
  }

  /** No whole record begins there: what is left of the part cannot be read. */
  private lose(part: FilePart, at: number, why: Reject): void {
    this.restWhy = why
    this.parts?.splice(0, 1, { start: this.position + at, end: part.end, holds: 'rest' })
  }
}
