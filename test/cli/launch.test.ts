// How the program starts: from bundled scripts and V8's cache of their code.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spawned } from './processes.ts'
import { dropLine, root, scratchFolder } from './program.ts'

const scratch = scratchFolder()

/** The installed program, to be damaged. */
function copied(name: string): { readonly main: string; readonly scripts: string } {
  const home = scratch.in(name)
  for (const part of ['package.json', 'dist/tracenorm.cjs', 'dist/program'])
    cpSync(join(root, part), join(home, part), { recursive: true })
  return { main: join(home, 'dist/tracenorm.cjs'), scripts: join(home, 'dist/program') }
}

const cachesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.cache'))
    .map((name) => join(folder, name))

describe('the cache of compiled code', () => {
  it('is taken by this Node under the flags of the program', () => {
    const ask = `import { readdirSync, readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { setFlags } from './dist/src/launch/flags.js'
setFlags()
const caches = readdirSync('dist/program').filter((name) => name.endsWith('.cache'))
console.log(JSON.stringify(caches.map((cache) => {
  const text = readFileSync('dist/program/' + cache.replace(/\\.cache$/, ''), 'latin1')
  return new Script(text, { cachedData: readFileSync('dist/program/' + cache) }).cachedDataRejected
})))`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', ask], { cwd: root, encoding: 'utf8' })
    const rejected: unknown = JSON.parse(said)
    expect(rejected).toEqual(cachesIn(join(root, 'dist/program')).map(() => false))
    expect(rejected).not.toEqual([])
  })

  it('is there for every script', () => {
    const names = readdirSync(join(root, 'dist/program'))
    const scripts = names.filter((name) => name.endsWith('.cjs'))
    expect(names.filter((name) => name.endsWith('.cache'))).toEqual(scripts.map((name) => `${name}.cache`))
  })

  it.each<[string, (cache: string) => void]>([
    ['is missing', (cache) => rmSync(cache)],
    ['is empty', (cache) => writeFileSync(cache, '')],
    ['is cut off', (cache) => writeFileSync(cache, readFileSync(cache).subarray(0, -8))],
    [
      'is of another version',
      (cache) => writeFileSync(cache, Buffer.concat([Buffer.alloc(64, 7), readFileSync(cache)])),
    ],
  ])('may be refused: the same comes out when it %s', async (name, damage) => {
    const { main, scripts } = copied(name)
    for (const cache of cachesIn(scripts)) damage(cache)
    const whole = await spawned([], { input: dropLine(1) })
    const { stdout, stderr, status } = await spawned([], { main, input: dropLine(1) })
    expect({ stdout, stderr, status }).toEqual({ stdout: whole.stdout, stderr: whole.stderr, status: 0 })
  })

  it('may be refused: the same comes out under other flags of V8', async () => {
    const whole = await spawned([], { input: dropLine(1) })
    const env = { NODE_OPTIONS: '--max-old-space-size=300' }
    const { stdout, stderr, status } = await spawned([], { env, input: dropLine(1) })
    expect({ stdout, stderr, status }).toEqual({ stdout: whole.stdout, stderr: whole.stderr, status: 0 })
  })
})

describe('an internal error', () => {
  const fail = `const was = JSON.parse
JSON.parse = (text, ...rest) => {
  if (String(text).startsWith('{"v":1,')) throw new TypeError('of the test')
  return was(text, ...rest)
}`
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fail)}` }

  it('has a stack of our sources, not of the bundle', async () => {
    const { status, stderr } = await spawned(['-q'], { env, input: dropLine(1) })
    expect(status).toBe(70)
    expect(stderr).toMatch(/^tracenorm: TypeError: of the test$/m)
    const [, path = '', line = ''] = /^tracenorm: {5}at .*faultInLine .*\((src\/[^:]*):(\d+):\d+\)$/m.exec(stderr) ?? []
    expect(readFileSync(join(root, path), 'utf8').split('\n')[Number(line) - 1]).toContain('JSON.parse(')
    expect(stderr).not.toContain('dist/program')
  })

  it('still has a stack where the source maps are gone', async () => {
    const { main, scripts } = copied('without-maps')
    for (const name of readdirSync(scripts)) if (name.endsWith('.map')) rmSync(join(scripts, name))
    const { status, stderr } = await spawned(['-q'], { main, env, input: dropLine(1) })
    expect(status).toBe(70)
    expect(stderr).toMatch(
      /^tracenorm: TypeError: of the test\ntracenorm: {5}at .*\ntracenorm: {5}at .*faultInLine .*\(dist\/program\//m,
    )
  })
})
