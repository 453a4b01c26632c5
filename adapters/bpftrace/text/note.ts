import { seal } from '../../../src/event/part.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

/** Marks by which people begin what they write behind a line: `# note`, `// note`, `<--`, `<<<<`, `<cut>`, `(1)`. */
const NOTE = /(?<![ \t])[ \t]+((?:#|\/\/|<(?=[-=<])|<[^<>]+>$|\([0-9]+\)$|\xe2\x86\x90).*)$/s

/** A line (latin1) without the note of a person behind it; undefined: there is none. */
export function splitNote(line: string): { readonly line: string; readonly note: string } | undefined {
  const match = NOTE.exec(line)
  return match === null || match.index === 0 ? undefined : { line: line.slice(0, match.index), note: match[1] ?? '' }
}

/** Keeps the note of a line with its record. */
export function keepNote(record: EventRecord, note: string): void {
  record.payload = replaced(note) ? seal('payload', utf8(note), 'text_replaced') : seal('payload', utf8(note))
}
