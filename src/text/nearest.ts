/** Of `names` those that `word` may have been meant for, the likeliest first: they differ by a few letters, or one holds the other. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase()
  return names
    .map((name) => ({ name, distance: distanceBetween(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance < wanted.length && distance <= Math.max(1, wanted.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

/**
 * Of dotted names those that `path` may have been meant for: `reason` and `drop.reasn` for `drop.reason`.
 */
export function nearestPaths(path: string, paths: readonly string[]): readonly string[] {
  const ends = paths.filter((name) => name.endsWith(`.${path}`))
  if (ends.length > 0) return ends.slice(0, 3)
  const near = nearest(path, paths)
  if (near.length > 0) return near
  const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
  const keys = nearest(last(path), [...new Set(paths.map(last))])
  return paths.filter((name) => keys.includes(last(name))).slice(0, 3)
}

/** At most so many letters are overwritten, taken out or put in. However long one of them is: it is only looked at where the other is nearly as long. */
export function isWithin(letters: number, a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= letters && distanceBetween(a, b) <= letters
}

/** Levenshtein's: how many letters are to be overwritten, taken out or put in. */
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
