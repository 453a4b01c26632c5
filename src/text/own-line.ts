/** A line of tracenorm's own NDJSON may hold any other tool's within a string: whatever else it looks like, it is that tool's first. */
export function isOwnLine(text: string, start = 0): boolean {
  return text.startsWith(OWN, start) && OWN_HEAD.test(text.slice(start, start + LONGEST_HEAD))
}

const OWN = '{"v":'
const OWN_HEAD = /^\{"v": ?\d+, ?"kind": ?"/
const LONGEST_HEAD = 32
