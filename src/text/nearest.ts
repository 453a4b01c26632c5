/** Up to three of the names that may have been meant by `word`, the likeliest first: they differ in a few letters. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase()
  return names
    .map((name) => ({ name, distance: distanceBetween(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance < wanted.length && distance <= Math.max(1, wanted.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** Up to three of the dotted names that may have been meant by `path`: `drop.reason` for `reason` or `drop.reasn`. */
export function nearestPaths(path: string, paths: readonly string[]): readonly string[] {
  const ends = paths.filter((name) => name.endsWith(`.${path}`))
  if (ends.length > 0) return ends.slice(0, 3)
  const near = nearest(path, paths)
  if (near.length > 0) return near
  const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
  const keys = nearest(last(path), [...new Set(paths.map(last))])
  return paths.filter((name) => keys.includes(last(name))).slice(0, 3)
}

/**
 * Whether at most so many letters differ: replaced, removed or added. Texts whose lengths differ by more are not
 * compared, so a very long one costs nothing.
 */
export function isWithin(letters: number, a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= letters && distanceBetween(a, b) <= letters
}

/** The Levenshtein distance: how many letters to replace, remove or add. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
