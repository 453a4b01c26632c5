// docs/adapters.md, done as it says: each of its files is written where it belongs, and the core reads the fixture
// with it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { registryModule } from '../../scripts/generate/registry.ts'
import type { Adapter } from '../../src/contract.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import { BARE_PLAN } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import { convertBytes } from './convert-bytes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/adapters.md'), 'utf8')

/** The files that the page has, in its order; of a file that it has twice, both. */
const files = [...page.matchAll(/^`([\w./-]+)`[^\n]*:\n\n```\w+\n([\s\S]*?)^```/gm)].map(
  ([, path = '', text = '']) => ({
    path,
    text,
  }),
)
const fileOf = (path: string): readonly string[] => files.filter((file) => file.path === path).map(({ text }) => text)

const [input = ''] = fileOf('fixtures/netdrops/text/first/input.txt')
const [nothing = '', whole = ''] = fileOf('adapters/netdrops/text.ts')

const folders = ['nothing', 'whole'].map((step) => mkdtempSync(join(tmpdir(), `tracenorm-tutorial-${step}-`)))

/** A checkout with the page's adapter in it: sources are those of this one. */
function checkout(folder: string, reader: string): void {
  for (const shared of ['src', 'node_modules', 'package.json']) symlinkSync(join(root, shared), join(folder, shared))
  for (const { path, text } of [...files, { path: 'adapters/netdrops/text.ts', text: reader }]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

interface Converted {
  readonly outcome: InputOutcome
  readonly lines: readonly string[]
  readonly rejected: readonly string[]
}

async function convert(adapter: Adapter, text: string, chunkBytes = 64 * 1024): Promise<Converted> {
  const wired = await wire({ ...BARE_PLAN, validate: 'full' }, [...adapters, adapter])
  const { output, rejected, outcome } = await convertBytes(wired, Buffer.from(text, 'latin1'), { sizes: [chunkBytes] })
  expect(outcome.bugs).toEqual([])
  return {
    outcome,
    lines: Buffer.from(output, 'latin1').toString('utf8').split('\n').slice(0, -1),
    rejected: rejected.map(({ why, bytes }) => `${why.word}: ${bytes}`),
  }
}

describe('the adapter of docs/adapters.md', () => {
  let first: Adapter
  let adapter: Adapter

  beforeAll(async () => {
    const steps = [nothing, whole].map(async (reader, step) => {
      const folder = folders[step] ?? ''
      checkout(folder, reader)
      const made: { adapter: Adapter } = await import(pathToFileURL(join(folder, 'adapters/netdrops/adapter.ts')).href)
      return made.adapter
    })
    ;[first, adapter] = (await Promise.all(steps)) as [Adapter, Adapter]
  })

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true })
  })

  it('is all there: its files, and both readers', () => {
    expect(new Set(files.map(({ path }) => path))).toEqual(
      new Set([
        'fixtures/netdrops/text/first/input.txt',
        'fixtures/netdrops/text/first/origin.md',
        'fixtures/netdrops/text/first/args',
        'adapters/netdrops/adapter.ts',
        'adapters/netdrops/text.ts',
      ]),
    )
    expect([nothing.length > 0, whole.length > nothing.length]).toEqual([true, true])
  })

  it('compiles, by the settings of this project', () => {
    const [, folder = ''] = folders
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: { noEmit: true },
        include: ['adapters'],
      }),
    )
    expect(() => execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })).not.toThrow()
  })

  it('has a name that the registry takes', () => {
    expect(registryModule([adapter.name])).toContain('netdrops')
  })

  it('understands nothing at first, and loses nothing', async () => {
    const { outcome, rejected } = await convert(first, input)
    expect(outcome.readers.map(({ name }) => name)).toEqual(['netdrops'])
    expect(outcome.ledger.units.rejected.bytes).toBe(input.length)
    expect(rejected).toHaveLength(8)
  })

  it('gives in the end the record that the page shows, and rejects the one line', async () => {
    const { outcome, lines, rejected } = await convert(adapter, input)
    const [shown] = /^\{"v":1,.*\}$/m.exec(page) ?? []
    expect(lines[0]).toBe(shown)
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['drop', 'drop', 'loss', 'message', 'drop'])
    expect(lines.map((line) => JSON.parse(line).process?.comm)).toEqual(['curl', 'a b/c', undefined, undefined, 'curl'])
    for (const line of lines) expect(validateStrict(JSON.parse(line))).toBe(true)
    expect(rejected).toEqual(['malformed: 12.5 cpu0 swapper/0 NO_SOCKET at tcp_v6_rcv+0x137\n'])
    expect(outcome.ledger.units).toMatchObject({ structure: { units: 1 }, blank: { units: 1 }, data: { units: 4 } })
  })

  it('gives the same for any chunking and line end', async () => {
    const { lines } = await convert(adapter, input)
    for (const size of [1, 2, 7, 64]) expect((await convert(adapter, input, size)).lines).toEqual(lines)
    expect((await convert(adapter, input.replaceAll('\n', '\r\n'))).lines).toEqual(lines)
  })

  it('takes an input that ends within a line for what it is', async () => {
    const end = async (bytes: number): Promise<unknown> => {
      const { lines, rejected } = await convert(adapter, input.slice(0, bytes))
      return rejected.at(-1) ?? JSON.parse(lines.at(-1) ?? '{}')
    }
    const secondLine = input.indexOf('\n') + 1
    expect(await end(secondLine + 20)).toBe('truncated: 12.345678901 cpu1 cu')
    expect(await end(secondLine + 52)).toMatchObject({ kind: 'drop', flags: ['incomplete'] })
    expect(await end(secondLine + 52)).not.toHaveProperty('location')
  })
})
