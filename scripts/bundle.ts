// The program as users start it (run by `npm run build`): dist/tracenorm.cjs, the launcher, dist/coworker.cjs, that of
// its threads, and dist/program/, a script for what every run needs and one for each part that is loaded on demand,
// with source maps and V8's code cache.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { PERF } from './bundle/samples.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const LAUNCHERS = [
  { from: 'src/launcher.ts', to: join(root, 'dist/tracenorm.cjs') },
  { from: 'src/coworker-launcher.ts', to: join(root, 'dist/coworker.cjs') },
]
const FOLDER = join(root, 'dist/program')

const FORM = { format: 'cjs', comments: false } as const

async function bundleLaunchers(): Promise<void> {
  for (const { from, to } of LAUNCHERS) {
    const made = await rolldown({ cwd: root, input: join(root, from), platform: 'node' })
    await made.write({ ...FORM, file: to })
    chmodSync(to, 0o755)
  }
}

/** The program's scripts: src/launch/scripts.ts says what one is. */
async function bundleProgram(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const made = await rolldown({
    cwd: root,
    input: join(root, 'src/program-of-process.ts'),
    platform: 'node',
    // Only packages ask for it, to make a `require` of Node's modules. A script has no place of its own.
    transform: { define: { 'import.meta.url': '"file:///"' } },
  })
  const { output } = await made.generate({
    ...FORM,
    dir: FOLDER,
    entryFileNames: 'program.cjs',
    chunkFileNames: '[name].cjs',
    dynamicImportInCjs: false,
    // All that the first module brings in, in one script: without a group, a script for each set of importers.
    codeSplitting: { groups: [{ name: 'every-run', test: /program-of-process\.ts$/ }] },
    strict: true,
    sourcemap: 'hidden',
    sourcemapExcludeSources: true,
  })
  for (const part of output) {
    // The text keeps its lines, which its source map counts.
    const text = part.type === 'chunk' ? `(function (exports, require) {${asAscii(part.code)}\n})\n` : part.source
    writeFileSync(join(FOLDER, part.fileName), text)
  }
}

/** Escapes other characters than ASCII. They are in texts and regular expressions only. */
function asAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Runs the program in a process of its own, under the flags of the launcher, and keeps the code that it compiled. */
function fillCache(): void {
  const words = [process.execPath, ...process.execArgv, join(root, 'scripts/bundle/fill-cache.ts')]
  // Through cat: what Node gives a child is a socket, and users have a pipe.
  const { status, stderr } = spawnSync('sh', ['-c', 'cat | "$0" "$@"', ...words], { encoding: 'utf8', input: PERF })
  if (status !== 0) throw new Error(`scripts/bundle/fill-cache.ts ended with ${status}: ${stderr}`)
}

await bundleLaunchers()
await bundleProgram()
fillCache()
