import { randomBytes } from 'node:crypto'
import { createGzip, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { gunzip } from '../../src/input/gunzip.ts'
import { mayBeKnown } from '../../src/input/known-forms.ts'
import { layerOf } from '../../src/input/layer.ts'
import { Pieces } from '../../src/input/pieces.ts'
import { dropLine } from '../cli/program.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    // A chunk is good until the next one is asked for: it is spoilt then.
    const chunk = Uint8Array.prototype.slice.call(bytes, start, start + size)
    yield chunk
    chunk.fill(0)
  }
}

interface Unpacked {
  readonly bytes: Buffer
  readonly failure: string | undefined
}

/** What comes of packed bytes, and what ended it. */
async function unpacked(packed: Uint8Array, size = 64 * 1024): Promise<Unpacked> {
  const pieces = new Pieces(inChunks(packed, size))
  const chunks: Buffer[] = []
  try {
    expect(layerOf(await pieces.head(mayBeKnown))).toBe('gzip')
    for await (const chunk of gunzip(pieces, 'x.gz')) chunks.push(Buffer.from(chunk))
    return { bytes: Buffer.concat(chunks), failure: undefined }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { bytes: Buffer.concat(chunks), failure: error.message }
  }
}

const LINES = Buffer.from(Array.from({ length: 50 }, (_, index) => dropLine(index * 7919)).join(''))
const GOOD = gzipSync(LINES)

/** With a byte changed, counted from the end where it is negative. */
function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  const place = at < 0 ? bytes.length + at : at
  copy[place] = (copy[place] ?? 0) ^ 0xff
  return copy
}

/** A header with all that a header may have. */
function decorated(bytes: Buffer): Buffer {
  const head = Buffer.from(GOOD.subarray(0, 10))
  head[3] = 2 + 4 + 8 + 16
  return Buffer.concat([head, Buffer.from('\x03\0abcname\0comment\0', 'latin1'), Buffer.alloc(2), bytes.subarray(10)])
}

describe('gzip', () => {
  const members = Buffer.concat([GOOD, gzipSync(''), decorated(GOOD), GOOD])
  it.each([1, 2, 7, 4096, 100_000])('gives the same bytes in chunks of %i', async (size) => {
    expect(await unpacked(members, size)).toEqual({ bytes: Buffer.concat([LINES, LINES, LINES]), failure: undefined })
  })

  it('of many small members, and of what packs badly or very well', async () => {
    const parts = [
      randomBytes(300_000),
      Buffer.alloc(3_000_000),
      ...Array.from({ length: 300 }, () => Buffer.from('x')),
    ]
    const { bytes, failure } = await unpacked(Buffer.concat(parts.map((part) => gzipSync(part))))
    expect([failure, bytes.equals(Buffer.concat(parts))]).toEqual([undefined, true])
  })

  it('may be flushed in its midst, as a log that is written', async () => {
    const gzip = createGzip()
    const chunks: Buffer[] = []
    gzip.on('data', (chunk) => chunks.push(chunk))
    for (const line of LINES.toString('latin1').split('\n')) {
      gzip.write(`${line}\n`)
      await new Promise<void>((resolve) => gzip.flush(() => resolve()))
    }
    // No end: what was flushed is there.
    const { bytes, failure } = await unpacked(Buffer.concat(chunks), 100)
    expect(bytes.subarray(0, LINES.length).equals(LINES)).toBe(true)
    expect(failure).toBe('x.gz: broken gzip: unexpected end of file')
  })

  it('may have zeros behind it, as a tape has', async () => {
    expect(await unpacked(Buffer.concat([GOOD, Buffer.alloc(512)]))).toEqual({ bytes: LINES, failure: undefined })
  })

  const faults: readonly [string, Buffer, RegExp][] = [
    ['a wrong checksum', damaged(GOOD, -6), /checksum/],
    ['a wrong length', damaged(GOOD, -2), /checksum/],
    ['text after it', Buffer.concat([GOOD, Buffer.from('rubbish')]), /the bytes before \d+ are not a gzip header/],
    ['one byte behind it', Buffer.concat([GOOD, Buffer.from('r')]), /broken gzip/],
    ['half a magic number behind it', Buffer.concat([GOOD, GOOD.subarray(0, 1)]), /broken gzip/],
    ['half a header behind it', Buffer.concat([GOOD, GOOD.subarray(0, 5)]), /unexpected end of file/],
    ['an unknown method behind it', Buffer.concat([GOOD, damaged(GOOD, 2)]), /method/],
    ['zeros and text behind it', Buffer.concat([GOOD, Buffer.alloc(9), Buffer.from('r')]), /broken gzip/],
    ['a member behind it that breaks at once', Buffer.concat([GOOD, damaged(GOOD, 10)]), /broken gzip/],
    ['no trailer', GOOD.subarray(0, -8), /unexpected end of file/],
    ['half a trailer', GOOD.subarray(0, -3), /unexpected end of file/],
  ]
  it.each(faults)('with %s gives every good byte, and then fails', async (_title, packed, why) => {
    for (const size of [1, 100_000]) {
      const { bytes, failure } = await unpacked(packed, size)
      expect(bytes.subarray(0, LINES.length).equals(LINES)).toBe(true)
      expect(failure).toMatch(why)
    }
  })

  it('that ends early gives all that its bytes hold', async () => {
    const full = gzipSync(randomBytes(200_000).toString('hex'))
    const whole = (await unpacked(full)).bytes
    for (const length of [20, 1000, 4096, 77_777, full.length - 9]) {
      const { bytes, failure } = await unpacked(full.subarray(0, length))
      expect(failure).toBe('x.gz: broken gzip: unexpected end of file')
      expect(whole.subarray(0, bytes.length).equals(bytes)).toBe(true)
      expect(bytes.length).toBeGreaterThan(length - 2000)
    }
  })

  it('of every length and with every byte changed ends, and never otherwise', async () => {
    const small = gzipSync(LINES.subarray(0, 200))
    for (let at = 2; at < small.length; at++) {
      await unpacked(small.subarray(0, at))
      await unpacked(damaged(small, at))
    }
  })
})
