import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import type { MapFacts } from '../decode/maps.ts'
import { withoutCr } from '../decode/matched-text.ts'
import { Search } from '../match/search.ts'
import { Slots } from '../match/slots.ts'
import { framesEnd } from '../match/stack.ts'
import { drawingAt } from './drawing.ts'
import { type EntryFinding, type EntryHead, foundEntries, foundEntry } from './found-entries.ts'
import { restOf } from './line-rest.ts'
import { exactValue, isTextual, runTogether } from './map-value.ts'
import { splitNote } from './note.ts'

const NAME = /@[A-Za-z0-9_]*/y
const LONGEST_NAME = 256
/** The beginning of an entry. */
const ENTRY = /^@[A-Za-z0-9_]*(?:\[|: )/
/** `1]: 5 | @b[1`: either the key of one entry, or a part of two entries. */
const VALUE_IN_KEY = /\]: -?[0-9]+ /
/** The end of a key is looked for in so many lines, not counting frames of stacks. */
const MOST_KEY_LINES = 64
/** So many places in a line are tried as the end of a key. */
const MOST_CLOSES = 16

/**
 * The entry of a map at a line that begins with `@`. `maps` are the maps of the program: others are not read.
 * Undefined where the program is unknown: then every map is read.
 */
export function entryAt(line: TextLine, maps: ReadonlyMap<string, MapFacts> | undefined): EntryFinding {
  const { text, start } = line
  NAME.lastIndex = start
  const name = NAME.exec(text)?.[0] ?? ''
  const facts = maps?.get(name)
  if (name === '' || (maps !== undefined && facts === undefined)) return undefined
  const after = start + name.length
  if (text[after] === ':') return valueAt(restOf(line, after + 1), { name, key: undefined }, facts)
  return text[after] === '[' ? keyedAt(restOf(line, after + 1), name, facts) : undefined
}

/** A key may hold line ends, and also `]:`. It ends at the last `]:` of a line that a value follows. */
function keyedAt(first: TextLine, name: string, facts: MapFacts | undefined): EntryFinding {
  const { text, last, start: keyStart } = first
  let line = first
  for (let lines = 0; lines < MOST_KEY_LINES; lines++) {
    const found = closedKey(line, keyStart, name, facts)
    if (found !== undefined) return found
    if (line.isCut || !mayGoOn(facts, text.slice(keyStart, line.contentEnd))) return 'broken'
    // The frames of a stack in the key, all at once.
    const frames = framesEnd(text, line.next, text.length, 1)
    const next = lineAt(text, frames, last)
    if (next === 'pause') return 'pause'
    // The next entry is not part of a key that was cut.
    if (next === undefined || ENTRY.test(contentOf(next).slice(0, LONGEST_NAME))) return 'broken'
    line = next
  }
  return 'broken'
}

/** The entry whose key begins at `keyStart` and ends in this line. Undefined: the key does not end in it. */
function closedKey(line: TextLine, keyStart: number, name: string, facts: MapFacts | undefined): EntryFinding {
  const { text, start } = line
  const closes = closesOf(contentOf(line), facts)
  if (closes.length > MOST_CLOSES && isTextual(facts)) return 'ambiguous'
  let only: EntryFinding
  for (const at of closes.slice(0, MOST_CLOSES)) {
    const key = withoutCr(text.slice(keyStart, start + at))
    const value = valueAt(restOf(line, start + at + 2), { name, key }, facts)
    if (value === undefined || value === 'broken') continue
    const holdsValue = VALUE_IN_KEY.test(key)
    if (value === 'pause' || !(holdsValue || isTextual(facts))) return value
    if (!mayBeKey(key, facts)) continue
    if (holdsValue || only !== undefined) return 'ambiguous'
    only = value
  }
  return only
}

/** True if the text fits the keys that the program gives to the map, or if the program does not say what they are. */
function mayBeKey(key: string, facts: MapFacts | undefined): boolean {
  if (facts === undefined || facts.keys.length === 0) return true
  const { segments, captures } = facts.textKey
  const slots = new Slots(captures.length)
  return new Search(captures.length).whole(segments, key, 0, key.length, slots, 0) !== 'none'
}

/**
 * The places of `]:` in a line, the last first. Where a line has several entries, the first place ends the first key.
 */
function closesOf(line: string, facts: MapFacts | undefined): readonly number[] {
  const closes: number[] = []
  for (let at = line.indexOf(']:'); at >= 0; at = line.indexOf(']:', at + 1)) closes.push(at)
  return facts?.runsTogether === true ? closes : closes.toReversed()
}

/** True when the key may go on in the next line. Without the program any key may, for a few lines. */
function mayGoOn(facts: MapFacts | undefined, key: string): boolean {
  if (facts === undefined) return key.split('\n').length < 4 || key.startsWith('\n')
  const types = facts.keys.map(({ value }) => value.type)
  return (
    types.length === 0 ||
    types.some((type) => ['text', 'words', 'stack', 'user_symbol', 'unknown', 'tuple'].includes(type))
  )
}

/** The entry whose value is the rest of the line, or is drawn below it. */
function valueAt(line: TextLine, head: EntryHead, facts: MapFacts | undefined): EntryFinding {
  const { text, next, isCut, last } = line
  const rest = contentOf(line)
  if (rest === '' || rest === ' ') {
    const drawn = drawingAt(text, next, last, head)
    if (drawn !== undefined) return drawn
    if (rest === ' ' && isCut) return foundEntry(head, { kind: 'cut' }, next)
    const isEmptyText = facts === undefined || (facts.type === 'value' && facts.value.value.type !== 'stack')
    return rest === ' ' && isEmptyText ? foundEntry(head, { kind: 'text', bytes: '' }, next) : 'broken'
  }
  if (rest[0] !== ' ') return 'broken'
  const value = rest.slice(1)
  const several = facts?.runsTogether === true ? runTogether(value, head) : undefined
  if (several !== undefined) return foundEntries(several, next)
  if (isCut) return foundEntry(head, { kind: 'cut' }, next)
  const exact = exactValue(value)
  if (exact !== undefined) return foundEntry(head, exact, next)
  const noted = isTextual(facts) ? undefined : splitNote(value)
  const before = noted && exactValue(noted.line)
  if (before !== undefined) return { ...foundEntry(head, before, next), note: noted?.note }
  return facts === undefined || facts.type === 'value'
    ? foundEntry(head, { kind: 'text', bytes: value }, next)
    : 'broken'
}
