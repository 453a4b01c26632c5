import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Batch } from './conversion.ts'

/** So many captures a run: starting the program takes longer than most captures do. */
const MOST_FILES = 40

/** Every `nth` file of a folder, in batches. Captures beside one bpftrace program are read with it. */
export function batchesOf(corpus: string, nth: number): readonly Batch[] {
  const all = readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(corpus.length + 1))
    .toSorted()
  const programs = new Map<string, number>()
  for (const file of all) if (file.endsWith('.bt')) programs.set(dirname(file), (programs.get(dirname(file)) ?? 0) + 1)

  const batches: { files: string[]; flags: readonly string[] }[] = []
  const plain: string[] = []
  const beside = new Map<string, string[]>()
  for (const file of all.filter((_, index) => index % nth === 0)) {
    const folder = dirname(file)
    if (programs.get(folder) !== 1) plain.push(file)
    else beside.set(folder, [...(beside.get(folder) ?? []), file])
  }
  for (const files of beside.values()) batches.push({ files, flags: ['--program', 'auto'] })
  for (let at = 0; at < plain.length; at += MOST_FILES)
    batches.push({ files: plain.slice(at, at + MOST_FILES), flags: [] })
  return batches
}
