import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { spawned } from './processes.ts'
import { dropLine, root, scratchFolder } from './program.ts'

const scratch = scratchFolder()
const FORBIDDEN = 'NETFILTER_DROP'
/** A build takes 10 s of CPU. */
const BUILD_MS = 400_000

interface Section {
  readonly properties?: { readonly reason?: { pattern: string } }
}

/** What git would check out of the sources, not yet built, and the packages beside it. */
function copySources(): void {
  const isMade = (path: string): boolean => path.endsWith('/generated') || path.endsWith('adapters/registry.ts')
  const parts = ['src', 'adapters', 'scripts', 'schemas', 'docs', 'fixtures/perf/data', 'package.json', 'README.md']
  for (const part of [...parts, ...CONFIGURATIONS])
    cpSync(join(root, part), scratch.in(part), { recursive: true, filter: (path) => !isMade(path) })
  symlinkSync(join(root, 'node_modules'), scratch.in('node_modules'))
}

const CONFIGURATIONS = ['tsconfig.json', 'tsconfig.build.json']

describe('a fresh checkout whose schema forbids a reason', () => {
  let files: readonly string[] = []

  beforeAll(() => {
    copySources()
    const path = scratch.in('schemas/event.v1.schema.json')
    const schema = JSON.parse(readFileSync(path, 'utf8'))
    let edited = 0
    for (const section of Object.values<Section>(schema.$defs)) {
      const reason = section.properties?.reason
      if (reason === undefined) continue
      reason.pattern = `^(?!${FORBIDDEN}$)${reason.pattern.slice(1)}`
      edited++
    }
    expect(edited).toBeGreaterThan(0)
    writeFileSync(path, JSON.stringify(schema))
    // It builds first.
    const packed = execFileSync('npm', ['pack', '--json', '--silent'], { cwd: scratch.path, encoding: 'utf8' })
    const [made] = JSON.parse(packed.slice(packed.indexOf('[\n')))
    files = made.files.map(({ path: name }: { readonly path: string }) => name)
  }, BUILD_MS)

  it('makes a package with the program, its schemas, its docs and the guide of each adapter', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/tracenorm.cjs',
        'dist/program/every-run.cjs',
        'dist/program/every-run.cjs.cache',
        'dist/program/every-run.cjs.map',
        'dist/src/main.js',
        'dist/adapters/registry.js',
        'schemas/event.v1.schema.json',
        'docs/faq.md',
        'README.md',
        ...['perf', 'bpftrace', 'dropwatch', 'tracenorm'].map((adapter) => `adapters/${adapter}/README.md`),
      ]),
    )
  })

  it('makes a program that holds records against it: a capture with that reason fails', async () => {
    const main = scratch.in('dist/tracenorm.cjs')
    const good = dropLine(1)
    const bad = dropLine(2).replace('NO_SOCKET', FORBIDDEN)
    expect((await spawned([], { input: good + bad })).status).toBe(0)
    expect((await spawned([], { main, input: good })).status).toBe(0)
    const quarantine = scratch.in('bad.ndjson')
    const run = await spawned(['--quarantine', quarantine], { main, input: good + bad + good })
    expect(run.status).toBe(70)
    expect(run.records).toHaveLength(2)
    expect(run.stderr).toContain('a record of ours fails the schema: drop')
    const entry = JSON.parse(readFileSync(quarantine, 'utf8'))
    expect(entry).toMatchObject({ line: 2, offset: good.length, why: 'invalid' })
    expect(Buffer.from(entry.base64, 'base64').toString('latin1')).toBe(bad)
  })
})
