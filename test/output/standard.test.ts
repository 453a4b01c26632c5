import { closeSync, openSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { descriptorOutput, MemoryOutput, type StandardOutput } from '../../src/output/standard.ts'
import { scratchFolder } from '../cli/program.ts'

const scratch = scratchFolder()

const KINDS: readonly (readonly [string, () => { output: StandardOutput; written: () => string }])[] = [
  [
    'a descriptor',
    () => {
      const path = scratch.in('out')
      return { output: descriptorOutput(openSync(path, 'w')), written: () => readFileSync(path, 'utf8') }
    },
  ],
  [
    'memory',
    () => {
      const output = new MemoryOutput()
      return { output, written: () => output.bytes.toString('utf8') }
    },
  ],
]

describe.each(KINDS)('an output that is %s', (_kind, opened) => {
  it('holds blocks in their order; a block is the caller’s again at once', async () => {
    const { output, written } = opened()
    const writer = output.open('stdout')
    const block = Buffer.from('one ')
    writer.write(block)
    block.write('two ')
    writer.write(block)
    await writer.room()
    output.writeNow(Buffer.from('three'), 'stdout')
    await writer.end()
    expect(written()).toBe('one two three')
  })

  it('is no terminal', async () => {
    expect(await opened().output.terminal()).toBeUndefined()
  })
})

describe('a descriptor', () => {
  it('that is not open says so in the name that it was given', () => {
    const fd = openSync(scratch.in('closed'), 'w')
    closeSync(fd)
    const output = descriptorOutput(fd)
    for (const use of [
      () => output.stats('-o'),
      () => output.open('-o'),
      () => output.writeNow(Buffer.from('x'), '-o'),
    ]) {
      expect(use).toThrow(InputError)
      expect(use).toThrow('-o: cannot write: that descriptor is not open')
    }
  })
})
