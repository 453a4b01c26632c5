import type { TextLine } from '../../../src/text/lines.ts'

/** The line without what is before `start`, an offset in its content. */
export function restOf({ text, contentEnd, next, isCut, last }: TextLine, start: number): TextLine {
  return { text, start, contentEnd, next, isCut, last }
}
