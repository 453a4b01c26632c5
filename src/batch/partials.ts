import { readdirSync, unlinkSync } from 'node:fs'
import { nameOf, pathOf } from '../text/file-name.ts'
import type { TreeFile } from './tree.ts'

/** What Replacement puts at the end of a name. */
const PARTIAL = /\.partial-[0-9a-f]{16}$/

/**
 * Removes what a run that was killed left half written: results of these files, and the file of this name. Those of
 * other files may be another run's, which is still at work.
 */
export function removePartials(folder: string, files: readonly TreeFile[], manifest: string): void {
  const places = new Set([manifest, ...files.flatMap((file) => [file.place, file.folder])])
  const isOurs = (place: string): boolean => {
    for (let end = place.length; end > 0; end = place.lastIndexOf('/', end - 1))
      if (places.has(place.slice(0, end))) return true
    return false
  }
  walk(folder, '', (place) => {
    if (PARTIAL.test(place) && isOurs(place.replace(PARTIAL, ''))) unlinkSync(pathOf(`${folder}/${place}`))
  })
}

function walk(folder: string, below: string, see: (place: string) => void): void {
  for (const entry of readdirSync(pathOf(`${folder}/${below}`), { encoding: 'buffer', withFileTypes: true })) {
    const place = `${below}${nameOf(entry.name)}`
    if (entry.isDirectory()) walk(folder, `${place}/`, see)
    else see(place)
  }
}
