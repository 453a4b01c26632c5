// Trees of captures, and trees of results as tests compare them.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withoutTimes } from '../../src/batch/manifest.ts'
import { dropLine } from '../cli/program.ts'

/** Writes files, and the folders above them. */
export function plant(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** What perf script prints of so many drops. */
export function drops(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => dropLine(from + index)).join('')
}

/** All files below a folder, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** One hash of all results and their names, and of the manifest but for its times. */
export function hashOfTree(folder: string): string {
  const hash = createHash('sha256')
  for (const name of filesBelow(folder)) {
    const bytes = readFileSync(join(folder, name))
    hash.update(`${name}\0`).update(name === 'manifest.ndjson' ? timeless(bytes) : bytes)
  }
  return hash.digest('hex')
}

export function entriesIn(folder: string): readonly ReturnType<typeof withoutTimes>[] {
  return linesOf(readFileSync(join(folder, 'manifest.ndjson')))
}

function timeless(manifest: Buffer): string {
  return JSON.stringify(linesOf(manifest))
}

function linesOf(manifest: Buffer): readonly ReturnType<typeof withoutTimes>[] {
  return manifest
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => withoutTimes(JSON.parse(line)))
}
