import type { Verdict } from '../../../src/contract.ts'

const SURE = 95

/** Only perf writes this member. */
const VERSION_KEY = '"linux-perf-json-version"'
const VERSION = /^(?:[\t ]{0,64}\{?[\t ]{0,64}|\{"headers":[^\n]*,)"linux-perf-json-version"[\t ]{0,64}:/m
const VERDICT: Verdict = { format: 'json', score: SURE, why: 'the member "linux-perf-json-version"' }

/** The line by which a document is found in other text. */
export function detectJsonLine(lines: string): Verdict | undefined {
  return VERSION.test(lines) ? VERDICT : undefined
}

const FIRST_KEY = /^\{[ \t\r\n]{0,64}"(linux-perf-json-version|headers|samples)"[ \t\r\n]{0,64}:/
/** The longest text that may come before the colon of the first key. */
const BEFORE_COLON = 256

/**
 * The first bytes of a document. perf writes the version first; other programs may have sorted the members. Then those
 * of the headers, or of the first sample, show what it is.
 */
export function detectJsonHead(head: string): Verdict | 'more' | undefined {
  const [, key] = FIRST_KEY.exec(head) ?? []
  if (key === undefined) return mayBegin(head) ? 'more' : undefined
  if (head.includes(VERSION_KEY)) return VERDICT
  const names = key === 'headers' ? HEADERS : SAMPLE
  if (names.every((name) => head.includes(name)))
    return { format: 'json', score: SURE, why: `"${key}" with ${names.join(' and ')}` }
  return 'more'
}

const HEADERS = ['"os-release"', '"perf-version"']
const SAMPLE = ['"timestamp"', '"callchain"']

/** Whether the bytes may be the beginning of `{ "key":`. */
function mayBegin(head: string): boolean {
  if (head.length > BEFORE_COLON || !head.startsWith('{')) return false
  const rest = head.slice(1).trimStart()
  return KEYS.some((key) => key.startsWith(rest) || (rest.startsWith(key) && rest.slice(key.length).trim() === ''))
}

const KEYS = [VERSION_KEY, '"headers"', '"samples"']
