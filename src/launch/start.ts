import { readFileSync, writeSync } from 'node:fs'
import type { Places, ProgramOfProcess } from '../program-of-process.ts'
import { setFlags } from './flags.ts'

/**
 * Starts the program. `load` brings in the commands and validators, which take longer than to print the version:
 * `tracenorm --version` does without.
 */
export async function start(
  words: readonly string[],
  places: Places,
  load: () => ProgramOfProcess | Promise<ProgramOfProcess>,
): Promise<void> {
  setFlags()
  const version = versionOf(places.home)
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V') && isWritten(`${version}\n`)) return
  const { run, leave } = await load()
  leave(await run(words, version, places))
}

/** False: the program says what is wrong with stdout. */
function isWritten(text: string): boolean {
  try {
    writeSync(1, text)
    return true
  } catch {
    return false
  }
}

function versionOf(home: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}
