import type { EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'

/** The marks of notes that people write after a line: `# note`, `// note`, `<--`, `<<<<`, `<cut>`, `(1)`. */
const NOTE = /(?<![ \t])[ \t]+((?:#|\/\/|<(?=[-=<])|<[^<>]+>$|\([0-9]+\)$|\xe2\x86\x90).*)$/s

/** A line (latin1) and the note of a person after it. Undefined: there is no note. */
export function splitNote(line: string): { readonly line: string; readonly note: string } | undefined {
  const match = NOTE.exec(line)
  return match === null || match.index === 0 ? undefined : { line: line.slice(0, match.index), note: match[1] ?? '' }
}

/** Keeps the note as the payload of the record. */
export function keepNote(record: EventRecord, note: string): void {
  record.payload = payloadPart(note)
}
