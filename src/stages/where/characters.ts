// The classes of characters in a pattern, and their syntax in a RegExp with the flag `v`.

/** The characters from `first` to `last`, as code points. */
export type CharacterRange = readonly [first: number, last: number]

/** The classes of `\d`, `\w` and `\s`, by their letter. */
export const CLASSES: Readonly<Record<string, readonly CharacterRange[]>> = {
  d: [[48, 57]],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  // As in RE2: without \v and the blanks of Unicode.
  s: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
}

/** The classes that are written `[:name:]`, by name. */
export const NAMED_CLASSES: Readonly<Record<string, readonly CharacterRange[]>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: [[48, 57]],
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}

/** A class of these ranges, or of all other characters, in the syntax of RegExp. */
export function classSource(ranges: readonly CharacterRange[], isNegated: boolean): string {
  return `[${isNegated ? '^' : ''}${ranges.map(rangeSource).join('')}]`
}

/** A range inside a class, in the syntax of RegExp. */
export function rangeSource([first, last]: CharacterRange): string {
  return first === last ? codeSource(first) : `${codeSource(first)}-${codeSource(last)}`
}

/** A code point in the syntax of RegExp. */
export function codeSource(code: number): string {
  return `\\u{${code.toString(16)}}`
}
