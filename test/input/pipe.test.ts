import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openInput } from '../../src/input/open.ts'
import { descriptorSource, descriptorStdin } from '../../src/input/stdin.ts'
import { until } from '../cli/processes.ts'
import { scratchFolder } from '../cli/program.ts'
import { NO_STDIN } from '../io.ts'
import { anonymousPipe, HAS_PIPES } from './anonymous-pipe.ts'

const scratch = scratchFolder()

describe.runIf(HAS_PIPES)('a pipe', () => {
  let reader: number
  let writer: number
  let isOpen: boolean

  beforeEach(async () => {
    const ends = await anonymousPipe()
    reader = ends.reader
    writer = ends.writer
    isOpen = true
  })
  afterEach(() => {
    closeSync(reader)
    close()
  })

  function close(): void {
    if (isOpen) closeSync(writer)
    isOpen = false
  }

  /** How many descriptors of this process lead there. */
  function descriptorsOf(target: string): number {
    const links = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`))
    return links.filter((link) => link === target).length
  }

  it('gives what a writer of one byte at a time sends, each byte before the next', async () => {
    const source = descriptorSource(reader)
    const buffer = Buffer.alloc(10)
    for (const byte of Buffer.from('bytes')) {
      const read = source.read(buffer)
      writeSync(writer, Buffer.from([byte]))
      expect([await read, buffer[0]]).toEqual([1, byte])
    }
    close()
    expect([await source.read(buffer), await source.read(buffer)]).toEqual([0, 0])
  })

  it('gives all bytes in their order, into buffers of any size', async () => {
    const text = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join('')
    for (const size of [10, 4096, 100_000]) {
      const source = descriptorSource(reader)
      const buffer = Buffer.alloc(size)
      writeSync(writer, text)
      let read = ''
      while (read.length < text.length) read += buffer.toString('latin1', 0, await source.read(buffer))
      expect(read).toBe(text)
      source.close?.()
    }
  })

  it('that is silent ends when its writer closes it', async () => {
    const read = descriptorSource(reader).read(Buffer.alloc(10))
    await setTimeout(20)
    close()
    expect(await read).toBe(0)
  })

  it('stays blocking for the processes that share the descriptor', async () => {
    const stdin = descriptorStdin(reader)
    writeSync(writer, 'some')
    expect(await stdin.read(Buffer.alloc(10))).toBe(4)
    expect(readFileSync(`/proc/self/fdinfo/${reader}`, 'latin1')).toMatch(/^flags:\s+0[0-3]*0000[0-7]$/m)
    stdin.close?.()
  })

  it('is closed where it is left before its end', async () => {
    for (let times = 0; times < 10; times++) {
      writeSync(writer, 'some')
      for await (const chunk of openInput(`/proc/self/fd/${reader}`, NO_STDIN)) if (chunk.length > 0) break
    }
    await until(() => descriptorsOf(readlinkSync(`/proc/self/fd/${reader}`)) === 2)
  })
})

/** Undefined for the descriptor that read the folder, which is closed. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

describe('a FIFO with a name', () => {
  it('ends when its writer has left before it is read', async () => {
    const fifo = scratch.in('fifo')
    execFileSync('mkfifo', [fifo])
    const writer = openSync(fifo, 'r+')
    const reader = openSync(fifo, 'r')
    writeSync(writer, 'some')
    closeSync(writer)
    const source = descriptorSource(reader)
    const buffer = Buffer.alloc(10)
    expect([await source.read(buffer), await source.read(buffer)]).toEqual([4, 0])
    closeSync(reader)
  })
})
