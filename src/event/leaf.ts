import { isBare } from '../text/bare.ts'

/** Texts that a mould may leave open, with the most bytes that their scanner lets through. */
export const TEXT_LEAVES = { ns: 20, addr: 18, rx_sk: 18, address: 18, local: 29, ts: 30 } as const

/**
 * Texts of any characters, with the most bytes that a mould takes. It takes printable ASCII that JSON writes as it is;
 * the validator judges all others.
 */
export const FREE_TEXT_LEAVES = { comm: 64, symbol: 512, module: 64 } as const

/** Integers, from 0 (`line` from 1), that a mould may leave open, with the largest value that the schema allows. */
export const NUMBER_LEAVES = {
  line: Number.MAX_SAFE_INTEGER,
  offset: Number.MAX_SAFE_INTEGER,
  length: Number.MAX_SAFE_INTEGER,
  len: Number.MAX_SAFE_INTEGER,
  orig_len: Number.MAX_SAFE_INTEGER,
  count: Number.MAX_SAFE_INTEGER,
  size: Number.MAX_SAFE_INTEGER,
  tid: 2 ** 31 - 1,
  pid: 2 ** 31 - 1,
  code: 2 ** 32 - 1,
  protocol: 2 ** 16 - 1,
} as const

/** The name of a leaf that `Mould.fill` puts in. `ts` is the whole of its member, the others are keys of one. */
export type Leaf = keyof typeof TEXT_LEAVES | keyof typeof FREE_TEXT_LEAVES | keyof typeof NUMBER_LEAVES

/** What a leaf may be: a text of so many bytes, or a number in a range. A limit for one kind refuses the other. */
export interface LeafLimit {
  readonly leastBytes: number
  readonly mostBytes: number
  /** No scanner promises which characters the text has. */
  readonly isFree: boolean
  readonly least: number
  readonly most: number
}

/** Refuses everything. */
export const NO_LEAF: LeafLimit = { leastBytes: 0, mostBytes: -1, isFree: false, least: 0, most: -1 }

/** The limit of a leaf; `NO_LEAF` when there is no leaf. */
export function limitOf(leaf: Leaf | undefined): LeafLimit {
  if (leaf === undefined) return NO_LEAF
  if (isTextLeaf(leaf)) {
    const mostBytes = TEXT_LEAVES[leaf]
    // The scanner of times always gives all digits.
    return { ...NO_LEAF, leastBytes: leaf === 'ts' ? mostBytes : 1, mostBytes }
  }
  if (isFreeTextLeaf(leaf)) return { ...NO_LEAF, leastBytes: 1, mostBytes: FREE_TEXT_LEAVES[leaf], isFree: true }
  return { ...NO_LEAF, least: leaf === 'line' ? 1 : 0, most: NUMBER_LEAVES[leaf] }
}

/** Whether a leaf keeps its limit: a text its length in bytes, a number its range, and that it is an integer. */
export function isWithinLimit(limit: LeafLimit, leaf: string | number): boolean {
  if (typeof leaf === 'string')
    return leaf.length >= limit.leastBytes && leaf.length <= limit.mostBytes && (!limit.isFree || isBareInJson(leaf))
  return leaf >= limit.least && leaf <= limit.most && Math.floor(leaf) === leaf
}

/** Whether a text is printable ASCII that JSON writes without escapes. */
function isBareInJson(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isBare(text.charCodeAt(at))) return false
  return true
}

function isTextLeaf(leaf: Leaf): leaf is keyof typeof TEXT_LEAVES {
  return Object.hasOwn(TEXT_LEAVES, leaf)
}

function isFreeTextLeaf(leaf: Leaf): leaf is keyof typeof FREE_TEXT_LEAVES {
  return Object.hasOwn(FREE_TEXT_LEAVES, leaf)
}
