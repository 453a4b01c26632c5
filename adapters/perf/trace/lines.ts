// The lines of an entry: as perf printed it or as it was pasted, with line ends in a name or in a text, wrapped by a
// mailer, or after what another program left in the line.
import { dropNamed } from '../../../src/kernel/drop-line.ts'
import { trimmed, trimmedEnd } from '../../../src/text/blank.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { bulletEnd, unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { isOpen, readEntry, type TraceEntry } from './entry.ts'
import { readFields } from './fields.ts'
import { beginsEntry } from './head.ts'

/** An entry with the lines that it takes. */
export interface FoundEntry {
  readonly entry: TraceEntry
  /** Offset of the line after it. */
  readonly end: number
  /** The input ends with it. */
  readonly isCut: boolean
  /** The text is not as perf printed it. */
  readonly isReformatted: boolean
}

/** An entry goes on in at most so many lines. */
const MOST_LINES = 8

/** The entry that begins with the line. Undefined: there is none. */
export function entryAt(line: TextLine): FoundEntry | 'pause' | undefined {
  const content = contentOf(line)
  const raw = plainText(content)
  for (const text of renderingsOf(content, raw)) {
    const isReformatted = text !== raw && trimmed(text) !== trimmed(raw)
    const entry = readEntry(text)
    if (entry !== undefined && (line.isCut ? !entry.head.mayGoOn : !isOpen(entry)))
      return { entry, end: line.next, isCut: line.isCut, isReformatted }
    if (entry === undefined && !(beginsEntry(text) || isHeadAlone(text))) continue
    const joined = line.isCut ? undefined : joinedEntry(line, text)
    if (joined !== undefined) return joined
  }
  return undefined
}

/**
 * What perf may have printed in the line: what a terminal shows of it, the same without a CR that another program
 * printed within it, and without quotes and list marks.
 */
function renderingsOf(content: string, shown: string): readonly string[] {
  const texts = [shown]
  if (content.includes('\r')) texts.push(plainText(content.replaceAll('\r', '')))
  const bare = unquoted(shown)
  // With squeezed blanks the mark and the time fit in the column of the name.
  if (bare !== shown && /^[>|]/.test(shown)) texts.unshift(bare)
  else if (bare !== shown) texts.push(bare)
  const mark = bulletEnd(bare)
  if (mark > 0) texts.push(bare.startsWith('`') ? bare.slice(1, -1) : bare.slice(mark))
  return texts
}

/** Columns, and the beginning of a thread's name that holds a line end. */
function isHeadAlone(text: string): boolean {
  return /^ *(?:\d{1,16}\.\d{3}|\?) (?:\[\d{3,4}\] )?(?:\([^()]{3,20}\): )?.{0,13}$/.test(text)
}

/**
 * The entry in the line and those after it. A name or a text of perf may hold a line end, and a mailer breaks a line at
 * a blank. Undefined: they are no entry together.
 */
function joinedEntry(line: TextLine, first: string): FoundEntry | 'pause' | undefined {
  const isWrapped = !(isHeadAlone(first) || endsInText(first))
  let text = first
  let end = line.next
  for (let count = 1; count < MOST_LINES; count++) {
    const next = lineAt(line.text, end, line.last)
    if (next === 'pause') return next
    if (next === undefined) return undefined
    const piece = plainText(contentOf(next))
    if ((isWrapped && trimmed(piece) === '') || beginsEntry(piece)) return undefined
    // Another tool reports a drop of its own there.
    if (isWrapped && dropNamed(piece) !== undefined && dropNamed(text) !== undefined) return undefined
    text = isWrapped ? `${trimmedEnd(text)} ${unquoted(piece)}` : `${text}\n${piece}`
    end = next.next
    const entry = readEntry(text)
    if (entry !== undefined && (next.isCut ? !entry.head.mayGoOn : !isOpen(entry)))
      return { entry, end, isCut: next.isCut, isReformatted: isWrapped }
  }
  return undefined
}

/** The line ends within a quoted value. A comma or a bracket follows the quote that ends one. */
function endsInText(text: string): boolean {
  if (trimmedEnd(text).endsWith('"')) return true
  const { body } = readEntry(text) ?? {}
  return (body?.is === 'event' || body?.is === 'call') && readFields(body.name, body.inner)?.isOpen === true
}

const COLUMN = / {1,9}\d{1,9}\.\d{3} (?=[^ ])/g
const LONGEST_GLUED = 8192
const MOST_GLUED = 8

/** Offset in a line (latin1) of an entry after what another program left there without a line end. */
export function gluedAt(content: string): number | undefined {
  if (content.length > LONGEST_GLUED) return undefined
  let count = 0
  for (const { index } of content.matchAll(COLUMN)) {
    if (index === 0) continue
    if (++count > MOST_GLUED) return undefined
    const entry = readEntry(plainText(content.slice(index).replaceAll('\r', '')))
    if (entry !== undefined && !isOpen(entry)) return index
  }
  return undefined
}
