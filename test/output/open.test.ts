import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { programIn } from '../../src/input/program.ts'
import { type OpenOutput, openOutput } from '../../src/output/open.ts'
import { scratchFolder } from '../cli/program.ts'

const scratch = scratchFolder()
const zstd = programIn(process.env.PATH ?? '', 'zstd')

function opened(path: string): Promise<OpenOutput> {
  return openOutput({ kind: 'replaced', name: path, path, old: undefined, identity: undefined }, { zstd })
}

it.each(zstd === undefined ? ['gz'] : ['gz', 'zst'])(
  'a file that is given up while it is packed as .%s writes nothing into the next one',
  async (ending) => {
    const first = await opened(scratch.in(`first.${ending}`))
    first.write('a line\n'.repeat(50_000))
    first.flush()
    first.discard()
    // It gets the descriptor that has become free.
    const second = await opened(scratch.in(`second.${ending}.txt`))
    await setTimeout(200)
    second.write('its own\n')
    await second.end()
    await second.sync()
    second.keep()
    expect(readFileSync(scratch.in(`second.${ending}.txt`), 'utf8')).toBe('its own\n')
  },
)
