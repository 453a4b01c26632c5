// What a batch made of each file, as lines of schemas/manifest.v1.schema.json.
import type { Manifest } from '../event/generated/manifest-types.ts'
import type { SideFile } from '../run/side-files.ts'
import { nameOf, pathOf, shownName } from '../text/file-name.ts'

/** The name of the manifest in the folder of results. */
export const MANIFEST = 'manifest.ndjson'

export type ManifestEntry = Manifest

/** What became of one file of the tree: its own entry first, then those of its members by path. */
export type FileEntries = readonly [ManifestEntry, ...ManifestEntry[]]

/** A path as the members of an entry: as records show it, and its bytes where these are not UTF-8. */
export function pathMembers(path: string): Pick<ManifestEntry, 'path' | 'path_base64'> {
  const shown = shownName(path)
  if (shown === path) return { path }
  return { path: shown, path_base64: Buffer.from(pathOf(path)).toString('base64') }
}

/** The path that an entry is of; a byte that is not UTF-8 is a lone surrogate. */
export function exactPath({ path, path_base64 }: ManifestEntry): string {
  return path_base64 === undefined ? path : nameOf(Buffer.from(path_base64, 'base64'))
}

/** What all entries of a file have alike. */
export type AboutFile = Pick<
  ManifestEntry,
  'v' | 'path' | 'path_base64' | 'version' | 'content_sha256' | 'options_sha256' | 'side_inputs'
>

/** Milliseconds since 1970 as the members of an entry. */
export function timesOf(started: number, ended: number): ManifestEntry['times'] {
  return { started: new Date(started).toISOString(), ended: new Date(ended).toISOString() }
}

/** Side files as the members of an entry. */
export function sideInputs(side: readonly SideFile[]): ManifestEntry['side_inputs'] {
  return side.map(({ use, path, sha256 }) => ({ use, path, sha256 }))
}

/** The lines of a file, with their line ends. */
export function manifestLines(entries: readonly ManifestEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

/** The entry without what differs from run to run: two manifests are equal when they are so without it. */
export function withoutTimes({ times: _, ...entry }: ManifestEntry): Omit<ManifestEntry, 'times'> {
  return entry
}

/** Results that nobody can have changed since: those of an entry. */
export function outputsOf(entries: readonly ManifestEntry[]): readonly string[] {
  return entries.flatMap(({ output }) => (output === undefined ? [] : [output]))
}
