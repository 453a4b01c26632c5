import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratchFolder, TWO_DROPS, tracenorm } from '../cli/program.ts'

const scratch = scratchFolder()

describe('detect', () => {
  it('sees every byte of an input, also where its first lines are longer than a window', async () => {
    const noise = `${'x'.repeat(9999)}\n`
    writeFileSync(scratch.in('late.txt'), noise.repeat(4) + TWO_DROPS + noise.repeat(40))
    const run = await tracenorm(['detect', scratch.in('late.txt')])
    expect([run.status, run.stdout.toString()]).toEqual([0, expect.stringContaining('perf:script (')])
  })
})
