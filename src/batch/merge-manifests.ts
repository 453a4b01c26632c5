import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.ts'
import type { Patience } from '../input/patience.ts'
import { attempt } from '../output/fault.ts'
import { pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import { alteredOutputs } from './kept-outputs.ts'
import { type FileEntries, MANIFEST } from './manifest.ts'
import { ManifestFile } from './manifest-file.ts'
import { type Shard, shardManifests, shardOfManifest, UNFINISHED } from './shard.ts'

/**
 * Makes one manifest of those of all shards in a folder of results, sorted by path as that of one machine is. `each` is
 * called with the entries of each file. Throws InputError where a shard is missing or did not end, or a result is not
 * what its manifest says; then all stays as it was. Throws Interrupted.
 */
export async function mergeManifests(
  folder: string,
  patience: Patience,
  each: (entries: FileEntries) => void,
): Promise<void> {
  const names = shardManifests(shardsIn(folder))
  const parts = names.map((name) => new ManifestFile(join(folder, name)))
  try {
    await refuseAltered(folder, parts, patience)
    rmSync(pathOf(join(folder, MANIFEST)), { force: true })
    const merged = new ManifestFile(join(folder, MANIFEST))
    for (const part of parts) {
      for (const path of part.paths()) {
        const entries = part.entriesOf(path)
        if (entries === undefined) continue
        merged.append(entries)
        each(entries)
      }
    }
    await merged.sort()
    merged.close()
  } finally {
    for (const part of parts) part.close()
  }
}

/** The number of shards whose manifests are all in the folder. */
function shardsIn(folder: string): number {
  const names = attempt(folder, () => readdirSync(pathOf(folder)))
  const found = names.flatMap((name) => shardOfManifest(name) ?? [])
  const [first] = found
  if (first === undefined) {
    throw new InputError(`${shellWord(folder)}: no manifest of a shard`, 'run tracenorm batch --shard I/N for each I')
  }
  const missing = missingOf(found, first.of)
  const other = found.find(({ of }) => of !== first.of)
  if (other !== undefined) {
    throw new InputError(
      `${shellWord(folder)}: manifests of ${first.of} shards and of ${other.of}`,
      'remove those of the run that does not count',
    )
  }
  if (missing.length > 0) {
    throw new InputError(
      `${shellWord(folder)}: ${missing.length} of ${first.of} shards have no manifest: ${missing.slice(0, 10).join(', ')}`,
      'run them, also those without a file: each writes its manifest',
    )
  }
  const begun = names.find((name) => name.endsWith(UNFINISHED))
  if (begun !== undefined) {
    throw new InputError(
      `${shellWord(join(folder, begun))}: this shard was begun and did not end`,
      'run it again; what it finished is not done again',
    )
  }
  return first.of
}

function missingOf(found: readonly Shard[], of: number): readonly number[] {
  const indices = new Set(found.map(({ index }) => index))
  return Array.from({ length: of }, (_, before) => before + 1).filter((index) => !indices.has(index))
}

async function refuseAltered(folder: string, parts: readonly ManifestFile[], patience: Patience): Promise<void> {
  const altered: string[] = []
  for (const part of parts) {
    for (const path of part.paths())
      altered.push(...(await alteredOutputs(folder, part.entriesOf(path) ?? [], patience)))
  }
  if (altered.length === 0) return
  throw new InputError(
    `${shellWord(folder)}: ${altered.length} results are missing or are not what their manifest says: ${altered.slice(0, 3).join(', ')}`,
    'run the shards again',
  )
}
