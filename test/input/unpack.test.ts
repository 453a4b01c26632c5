import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import type { Packing } from '../../src/input/layer.ts'
import { Pieces } from '../../src/input/pieces.ts'
import { programIn } from '../../src/input/program.ts'
import { unpacked } from '../../src/input/unpack.ts'
import { dropLine } from '../cli/program.ts'
import { randomOf } from '../kit/random.ts'

const PATH = process.env.PATH ?? ''
const PACKINGS = ['zstd', 'xz', 'bzip2'] as const
type Tool = (typeof PACKINGS)[number]
const DECODERS = [
  ['the program', PATH],
  ['a decoder of ours', ''],
] as const

const CASES = PACKINGS.flatMap((packing) =>
  DECODERS.map(([decoder, searchPath]) => ({ packing, decoder, searchPath })),
).filter(({ packing }) => programIn(PATH, packing) !== undefined)
const ABSENT = PACKINGS.filter((packing) => programIn(PATH, packing) === undefined)

function packedBy(tool: Tool, bytes: Uint8Array, ...flags: readonly string[]): Buffer {
  return execFileSync(tool, ['-cq', ...flags], { input: bytes, maxBuffer: 2 ** 30 })
}

interface Unpacked {
  readonly bytes: Buffer
  readonly failure: string | undefined
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    // A chunk is good until the next one is asked for: it is spoilt then.
    const chunk = Uint8Array.prototype.slice.call(bytes, start, start + size)
    yield chunk
    chunk.fill(0)
  }
}

/** What comes of packed bytes, and what ended it. */
async function all(packing: Packing, packed: Uint8Array, searchPath: string, size = 64 * 1024): Promise<Unpacked> {
  const chunks: Buffer[] = []
  try {
    const bytes = await unpacked(packing, new Pieces(inChunks(packed, size)), 'x', searchPath)
    for await (const chunk of bytes) chunks.push(Buffer.from(chunk))
    return { bytes: Buffer.concat(chunks), failure: undefined }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { bytes: Buffer.concat(chunks), failure: error.message }
  }
}

const LINES = Buffer.from(Array.from({ length: 1500 }, (_, index) => dropLine(index * 7919)).join(''))

it.runIf(ABSENT.length > 0)(`is not tried without ${ABSENT.join(', ')}`, ({ skip }) => {
  skip(`no ${ABSENT.join(', ')}`)
})

describe.each(CASES)('$packing by $decoder', ({ packing, searchPath }) => {
  const good = packedBy(packing, LINES)
  const flipped = (place: number): Buffer => {
    const copy = Buffer.from(good)
    const at = place < 0 ? good.length + place : place
    copy[at] = (copy[at] ?? 0) ^ 0xff
    return copy
  }

  it('gives all bytes of several streams, in chunks of any length', async () => {
    const several = Buffer.concat([good, packedBy(packing, Buffer.alloc(0)), good])
    const twice = Buffer.concat([LINES, LINES])
    for (const size of [4099, 1_000_000]) {
      const found = await all(packing, several, searchPath, size)
      expect([found.failure, found.bytes.equals(twice)]).toEqual([undefined, true])
    }
    const short = packedBy(packing, LINES.subarray(0, 300))
    expect((await all(packing, short, searchPath, 1)).bytes.equals(LINES.subarray(0, 300))).toBe(true)
  })

  it('says so where it is cut, after all that came before', async () => {
    for (const end of [good.length - 1, good.length - 9, good.length >> 1, 8]) {
      const { bytes, failure } = await all(packing, good.subarray(0, end), searchPath)
      expect(failure).toMatch(new RegExp(`^x: broken ${packing}: `))
      expect(LINES.subarray(0, bytes.length).equals(bytes)).toBe(true)
    }
  })

  it('says so where a byte of the data or of the checksum is another, and ends', async () => {
    for (const place of [good.length >> 1, -1, -2])
      expect((await all(packing, flipped(place), searchPath)).failure).toMatch(new RegExp(`^x: broken ${packing}: `))
  })

  it('says so where something else follows', async () => {
    const { bytes, failure } = await all(packing, Buffer.concat([good, Buffer.from('something else')]), searchPath)
    expect(failure).toMatch(new RegExp(`^x: broken ${packing}: `))
    // The decoder of xz gives nothing of the bytes in which it meets an error.
    const isAll = packing !== 'xz' || searchPath !== ''
    expect(bytes.equals(isAll ? LINES : LINES.subarray(0, bytes.length))).toBe(true)
  })

  it('throws nothing but what names the input, however it is damaged', { timeout: 30_000 }, async () => {
    const random = randomOf(18)
    const rounds = Number(process.env.TRACENORM_ROUNDS ?? 6)
    for (let round = 0; round < rounds; round++) {
      const copy = Buffer.from(good.subarray(0, 1 + random.below(good.length)))
      for (let times = random.below(4); times > 0; times--) copy[random.below(copy.length)] = random.below(256)
      const { bytes } = await all(packing, copy, searchPath)
      expect(bytes.length).toBeLessThan(64 * 2 ** 20)
    }
  })

  it('throws what its source throws', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield good.subarray(0, good.length >> 1)
      throw new InputError('the pipe')
    }
    const bytes = await unpacked(packing, new Pieces(failing()), 'x', searchPath)
    const read = async (): Promise<void> => {
      for await (const chunk of bytes) expect(chunk).toBeDefined()
    }
    await expect(read()).rejects.toThrow('the pipe')
  })

  it('may be left at its first bytes, again and again', async () => {
    for (let times = 0; times < 3; times++) {
      const bytes = await unpacked(packing, new Pieces(inChunks(good, 100)), 'x', searchPath)
      for await (const chunk of bytes) if (chunk.length > 0) break
    }
    expect((await all(packing, good, searchPath)).bytes.equals(LINES)).toBe(true)
  })
})

describe.runIf(programIn(PATH, 'zstd') !== undefined)('zstd', () => {
  const zstd = (bytes: Uint8Array, ...flags: readonly string[]): Buffer => packedBy('zstd', bytes, ...flags)

  it.each(DECODERS)('looks back over 128 MiB: by %s', { timeout: 60_000 }, async (_, searchPath) => {
    const far = randomBytes(300_000)
    const bytes = Buffer.concat([far, Buffer.alloc(20 * 2 ** 20), far])
    const packed = zstd(bytes, '--long=27', '-1')
    expect(packed.length).toBeLessThan(400_000)
    const found = await all('zstd', packed, searchPath)
    expect([found.failure, found.bytes.equals(bytes)]).toEqual([undefined, true])
  })

  it.each(DECODERS)('passes over frames that are to be skipped: by %s', async (_, searchPath) => {
    const skipped = Buffer.concat([Buffer.from('5f2a4d1805000000', 'hex'), Buffer.from('12345')])
    const packed = Buffer.concat([skipped, zstd(LINES), skipped, zstd(LINES), skipped])
    const { bytes, failure } = await all('zstd', packed, searchPath)
    expect([bytes.length, failure]).toEqual([2 * LINES.length, undefined])
  })

  it.each(DECODERS)('has blocks of all types, with and without a checksum: by %s', async (_, searchPath) => {
    const bytes = Buffer.concat([randomBytes(300_000), Buffer.alloc(400_000, 'x'), LINES])
    for (const flags of [['--no-check'], ['--check'], ['-19'], ['--no-content-size', '--fast=5']]) {
      const found = await all('zstd', zstd(bytes, ...flags), searchPath)
      expect([flags, found.failure, found.bytes.equals(bytes)]).toEqual([flags, undefined, true])
    }
  })
})

describe.runIf(programIn(PATH, 'xz') !== undefined)('xz', () => {
  it('within xz is refused where only one decoder can be at work, and does not wait for ever', async () => {
    const packed = packedBy('xz', packedBy('xz', LINES))
    const outer = await unpacked('xz', new Pieces(inChunks(packed, 100)), 'x', '')
    const inner = await unpacked('xz', new Pieces(outer), 'x', '')
    const read = async (): Promise<void> => {
      for await (const chunk of inner) expect(chunk).toBeDefined()
    }
    await expect(read()).rejects.toThrow('xz in xz is read only where the program xz is installed')
    expect((await all('xz', packedBy('xz', LINES), '')).bytes.equals(LINES)).toBe(true)
  })
})
