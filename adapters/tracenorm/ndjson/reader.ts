import type { Out, Reader, Window } from '../../../src/contract.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { Lines } from '../../../src/text/lines.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import { type NoEvent, readAnyLine } from './any-line.ts'
import { outlineOfOwnLine } from './outline.ts'
import { ownLineReader } from './own-line.ts'

/**
 * Makes a record of each line. The record was stamped when it was made. It keeps its line, and is written as it came
 * unless a stage changes it. Any line that is not an event is rejected: our own output holds nothing else.
 */
export function ndjsonReader(): Reader {
  const readOwnLine = ownLineReader()
  return {
    regular: { outline: outlineOfOwnLine, epoch: 0 },
    read({ text, last }: Window, out: Out): void {
      // Once for all lines: to check each line takes half the time of reading it.
      const isAscii = Buffer.byteLength(text) === text.length
      const line = new Lines(text, last)
      while (line.moveTo(line.next)) {
        const { start, contentEnd: end, next } = line
        const record = readOwnLine(text, start, end, isAscii) ?? readOther(text.slice(start, end), isAscii)
        if (record === undefined) out.claim('blank', next)
        else if ('at' in record) {
          // The input ends within the line: the core reports that.
          if (line.isCut && !record.isJson && text.charCodeAt(start) === 123) return
          if (!out.reject({ word: 'malformed', text: record.text }, next, start + record.at)) return
        } else {
          record.source = text.slice(start, end)
          record.isPublished = true
          out.claim('data', next)
          out.record(record)
        }
      }
    },
  }
}

/** Undefined for a blank line. */
function readOther(line: string, isAscii: boolean): EventRecord | NoEvent | undefined {
  if (line.trim() === '') return undefined
  // A NUL is ASCII. What is said of a line must not depend on the other lines of its window.
  const nul = line.indexOf('\0')
  if (nul >= 0 || (!isAscii && replaced(line)))
    return { text: NO_TEXT, at: nul >= 0 ? nul : badByteOf(line), isJson: false }
  if (isAscii) return readAnyLine(line)
  const text = utf8(line)
  const read = readAnyLine(text)
  return 'at' in read ? { ...read, at: Buffer.byteLength(text.slice(0, read.at)) } : read
}

const NO_TEXT = 'not UTF-8, or a NUL in it'

/** Index of the first byte that is not UTF-8. The line itself may hold U+FFFD. */
function badByteOf(line: string): number {
  let at = 0
  for (const character of utf8(line)) {
    if (character === '\ufffd' && !line.startsWith('\xef\xbf\xbd', at)) return at
    at += Buffer.byteLength(character)
  }
  return at
}
