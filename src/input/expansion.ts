import { InputError } from '../errors.ts'
import { inputName } from '../text/printable.ts'

/** How much may come out of one INPUT. */
export interface ExpansionLimits {
  /** Bytes that all its layers may give together. */
  readonly bytes: number
  /** Times its own bytes, as soon as `FREE_BYTES` came. */
  readonly ratio: number
}

/** So many bytes may come of any input: the ratio of a few bytes means nothing. */
const FREE_BYTES = 256 * 2 ** 20

/** Counts what the layers of an INPUT give, so that a small file does not keep a machine busy for days. */
export class Expansion {
  private given = 0
  private read = 0
  private readonly path: string
  private readonly limits: ExpansionLimits

  constructor(path: string, limits: ExpansionLimits) {
    this.path = path
    this.limits = limits
  }

  /** Set when a limit was passed: no more is to be unpacked. */
  get isOver(): boolean {
    return this.fault !== undefined
  }

  /** Counts bytes of the INPUT itself. */
  async *packed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.read += chunk.length
      yield chunk
    }
  }

  /** Counts bytes that a layer gave. Throws InputError where they are too many. */
  async *unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.given += chunk.length
      const { fault } = this
      if (fault !== undefined) throw fault
      yield chunk
    }
  }

  private get fault(): InputError | undefined {
    const { given, read, path, limits } = this
    const name = inputName(path)
    if (given > limits.bytes)
      return new InputError(`${name}: more than ${limits.bytes} bytes come out of it`, RAISE('--max-expand BYTES'))
    if (given > FREE_BYTES && given > limits.ratio * read)
      return new InputError(
        `${name}: more than ${limits.ratio} times its own bytes come out of it`,
        RAISE('--max-expand-ratio N'),
      )
    return undefined
  }
}

const RAISE = (flag: string): string => `what came before was read; ${flag} allows more`
