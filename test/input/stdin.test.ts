import { closeSync, openSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openInput } from '../../src/input/open.ts'
import { descriptorStdin, memoryStdin, type Stdin } from '../../src/input/stdin.ts'
import { scratchFolder } from '../cli/program.ts'

const scratch = scratchFolder()
const TEXT = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`).join('')

async function textOf(stdin: Stdin): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of openInput('-', stdin)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

describe('stdin', () => {
  it('that is a file is read from where it is to its end, and stays open', async () => {
    writeFileSync(scratch.in('text'), TEXT)
    const fd = openSync(scratch.in('text'), 'r')
    const stdin = descriptorStdin(fd)
    expect(await textOf(stdin)).toBe(TEXT)
    expect(await textOf(stdin)).toBe('')
    expect([stdin.stats?.isFile(), await stdin.isTerminal()]).toEqual([true, false])
    closeSync(fd)
  })

  it('that is a folder is refused', async () => {
    const fd = openSync(scratch.path, 'r')
    await expect(textOf(descriptorStdin(fd))).rejects.toThrow('stdin: is a directory')
    closeSync(fd)
  })

  it('in memory gives its pieces, of any size, also from a stream', async () => {
    const bytes = Buffer.from(TEXT)
    for (const size of [1000, 65_536, 200_000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      expect(await textOf(memoryStdin(pieces))).toBe(TEXT)
      async function* later(): AsyncGenerator<Uint8Array> {
        for (const piece of pieces) yield piece
      }
      expect(await textOf(memoryStdin(later()))).toBe(TEXT)
    }
  })
})
