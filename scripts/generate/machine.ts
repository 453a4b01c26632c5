import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MEMORY_BYTES } from '../../src/shapes/machine/layout.ts'

const PAGE_BYTES = 65536
/** In the order in which they need each other; the last one exports. */
const PARTS = ['layout.ts', 'simd.as', 'keys.ts', 'leaves.ts', 'write.ts', 'run.ts']
const IMPORTS = /^import .*?'$/gms
const EXPORTS = /^export (?=const|function)/gm
const COMPILER = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js')
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd']

/**
 * The inner loop of shapes as WebAssembly: the text of a module that exports its bytes in base64. `folder` is
 * `src/shapes/machine`. To compile takes 5 s, so what `file` has is kept when nothing changed. Throws where it does not
 * compile.
 */
export function machineModule(folder: string, file: string): string {
  const source = PARTS.map((part) => textOf(join(folder, part), part === PARTS.at(-1))).join('\n')
  const mark = `// Made of src/shapes/machine/ by scripts/generate.ts: ${createHash('sha256').update(source).digest('hex')}\n`
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (before.startsWith(mark)) return before
  return `${mark}export const WASM = '${compiled(source).toString('base64')}'\n`
}

/** A part as it stands in one text with the others. */
function textOf(file: string, isLast: boolean): string {
  const text = readFileSync(file, 'utf8').replaceAll(IMPORTS, '')
  return isLast ? text : text.replaceAll(EXPORTS, '')
}

function compiled(source: string): Buffer {
  const work = mkdtempSync(join(tmpdir(), 'tracenorm-machine-'))
  try {
    writeFileSync(join(work, 'machine.ts'), source)
    const pages = String(MEMORY_BYTES / PAGE_BYTES)
    const words = [COMPILER, 'machine.ts', '--outFile', 'machine.wasm', ...OPTIONS]
    execFileSync(process.execPath, [...words, '--initialMemory', pages, '--maximumMemory', pages], { cwd: work })
    return readFileSync(join(work, 'machine.wasm'))
  } finally {
    rmSync(work, { recursive: true })
  }
}
