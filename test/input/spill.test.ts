import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { spill } from '../../src/input/spill.ts'
import { scratchFolder } from '../cli/program.ts'

const scratch = scratchFolder()

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

describe('bytes that are spilled', () => {
  it('can be read from any place, and leave no name', async () => {
    const { slices, close } = await spill(chunks('0123', '', '456789'), 'pipe', scratch.path)
    expect(slices.size).toBe(10)
    expect(Buffer.from(slices.slice(3, 6)).toString()).toBe('345')
    expect(readdirSync(scratch.path)).toEqual([])
    close()
  })

  it('are refused by the name of the folder that has no place for them', async () => {
    const spilled = spill(chunks('0'), 'a.zip', scratch.in('absent'))
    await expect(spilled).rejects.toThrow(InputError)
    await expect(spilled).rejects.toThrow(/^a\.zip: its bytes are needed out of order.*absent: ENOENT$/)
  })

  it('fail as their source does', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('0')
      throw new InputError('a.gz: broken gzip')
    }
    await expect(spill(broken(), 'a.zip', scratch.path)).rejects.toThrow('a.gz: broken gzip')
  })
})
