import { randomBytes } from 'node:crypto'
import { appendFileSync, closeSync, existsSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import type { CaptureBytes } from '../../src/input/capture-bytes.ts'
import { openInput, readWhole } from '../../src/input/open.ts'
import { descriptorStdin, memoryStdin } from '../../src/input/stdin.ts'
import { scratchFolder } from '../cli/program.ts'
import { firstCapture } from '../first-capture.ts'
import { NO_STDIN } from '../io.ts'

const scratch = scratchFolder()

describe('a gzipped file', () => {
  const warnings: Error[] = []
  const keep = (warning: Error): number => warnings.push(warning)
  beforeAll(() => process.on('warning', keep))
  afterAll(() => process.off('warning', keep))

  it('of any length is read without a warning of Node', async () => {
    const bytes = randomBytes(4 * 1024 * 1024)
    writeFileSync(scratch.in('long.gz'), gzipSync(bytes))
    expect((await readWhole(scratch.in('long.gz'), 8 * 2 ** 20, NO_STDIN)).equals(bytes)).toBe(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })

  it('may be left before its end', async () => {
    writeFileSync(scratch.in('left.gz'), gzipSync(randomBytes(4 * 1024 * 1024)))
    let chunks = 0
    for await (const chunk of openInput(scratch.in('left.gz'), NO_STDIN)) if (chunk.length > 0 && ++chunks === 3) break
    expect(chunks).toBe(3)
  })
})

describe.runIf(existsSync('/proc/self/fd'))('a descriptor', () => {
  const open = (): number => readdirSync('/proc/self/fd').length

  it.each(['plain', 'packed'])('is closed where a %s file is left at its first bytes, or never begun', async (name) => {
    writeFileSync(scratch.in('plain'), 'x'.repeat(100_000))
    writeFileSync(scratch.in('packed'), gzipSync(randomBytes(100_000)))
    const before = open()
    for (let times = 0; times < 20; times++) {
      const left = await firstCapture(scratch.in(name))
      for await (const chunk of left.bytes) if (chunk.length > 0) break
      await left.close()
      await (await firstCapture(scratch.in(name))).close()
    }
    expect(open()).toBe(before)
  })
})

describe('any bytes of a capture', () => {
  /** What is offered after the first chunk. */
  async function offered(path: string, stdin = NO_STDIN): Promise<CaptureBytes['seekable']> {
    const { bytes } = await firstCapture(path, stdin)
    await bytes[Symbol.asyncIterator]().next()
    return bytes.seekable
  }

  it('are there where it is a plain file, until it is closed', async () => {
    writeFileSync(scratch.in('slices'), '0123456789'.repeat(20_000))
    const opened = await firstCapture(scratch.in('slices'))
    const { bytes: capture } = opened
    let bytes = 0
    for await (const chunk of capture) bytes += chunk.length
    const text = (start: number, end: number): string =>
      Buffer.from(capture.seekable?.slice(start, end) ?? []).toString()
    expect([bytes, capture.seekable?.size]).toEqual([200_000, 200_000])
    expect([text(12, 15), text(199_998, 300_000), text(5, 5), text(400_000, 400_001)]).toEqual(['234', '89', '', ''])
    appendFileSync(scratch.in('slices'), 'more')
    expect(text(199_999, 200_004)).toBe('9more')
    await opened.close()
    expect(capture.seekable).toBeUndefined()
  })

  it('are not, where it is packed or a pipe', async () => {
    writeFileSync(scratch.in('packed.gz'), gzipSync('x'.repeat(1000)))
    expect(await offered(scratch.in('packed.gz'))).toBeUndefined()
    expect(await offered('-', memoryStdin([Buffer.from('x')]))).toBeUndefined()
  })

  it.runIf(process.platform === 'linux')('are, where stdin is a file at its beginning, and only there', async () => {
    writeFileSync(scratch.in('stdin'), '0123456789')
    const fd = openSync(scratch.in('stdin'), 'r')
    const seekable = await offered('-', descriptorStdin(fd))
    expect(Buffer.from(seekable?.slice(2, 4) ?? []).toString()).toBe('23')
    const other = openSync(scratch.in('stdin'), 'r')
    readSync(other, Buffer.alloc(3))
    expect(await offered('-', descriptorStdin(other))).toBeUndefined()
    closeSync(fd)
    closeSync(other)
  })
})

describe('what is read whole', () => {
  it.runIf(process.platform === 'linux')('must have an end', async () => {
    await expect(readWhole('/dev/zero', 2 ** 20, NO_STDIN)).rejects.toThrow(InputError)
  })

  it('is bounded unpacked, and may be just as long', async () => {
    writeFileSync(scratch.in('bomb.gz'), gzipSync(Buffer.alloc(2 ** 20 + 1)))
    await expect(readWhole(scratch.in('bomb.gz'), 2 ** 20, NO_STDIN)).rejects.toThrow('bomb.gz: longer than 1 MiB')
    writeFileSync(scratch.in('just.gz'), gzipSync(Buffer.alloc(2 ** 20)))
    expect(await readWhole(scratch.in('just.gz'), 2 ** 20, NO_STDIN)).toHaveLength(2 ** 20)
  })
})
