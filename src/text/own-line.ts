/**
 * True for a line of our own NDJSON. A string in it may hold a line of any other tool, so it must be recognized
 * first.
 */
export function isOwnLine(text: string, start = 0): boolean {
  return text.startsWith(OWN, start) && OWN_HEAD.test(text.slice(start, start + LONGEST_HEAD))
}

const OWN = '{"v":'
const OWN_HEAD = /^\{"v": ?\d+, ?"kind": ?"/
const LONGEST_HEAD = 32
