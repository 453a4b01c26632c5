import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { openCapture, openInput, readWhole } from '../../src/input/open.ts'
import { scratchFolder } from '../cli/program.ts'
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
      for await (const chunk of openCapture(scratch.in(name), NO_STDIN)) if (chunk.length > 0) break
      await openCapture(scratch.in(name), NO_STDIN).return(undefined)
    }
    expect(open()).toBe(before)
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
