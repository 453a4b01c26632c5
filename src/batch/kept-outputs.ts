import { join } from 'node:path'
import type { Patience } from '../input/patience.ts'
import { factsOf } from './file-facts.ts'
import type { ManifestEntry } from './manifest.ts'

/**
 * The results among those of the entries that are not what their entry says: missing, or with other bytes. Reads them
 * all. Throws Interrupted.
 */
export async function alteredOutputs(
  folder: string,
  entries: readonly ManifestEntry[],
  patience: Patience,
): Promise<readonly string[]> {
  const altered: string[] = []
  for (const { output, output_sha256 } of entries) {
    if (output === undefined) continue
    const facts = await factsOf({ path: join(folder, output) }, patience)
    if ('failure' in facts || facts.sha256 !== output_sha256) altered.push(output)
  }
  return altered
}
