// Where the machine's memory holds what. All numbers are of 32 bits, aligned, but for those said to be f64.
import type { i32 } from './words.ts'

/** What a run left. */
export const OUTPUT_END: i32 = 0
export const UNITS: i32 = 4
export const LINES: i32 = 8
/** Where its last unit begins. */
export const LAST_START: i32 = 12
/** Of those lines, the ones that are empty and of no unit, and their bytes; not zero: they are taken. */
export const BLANKS: i32 = 40
export const BLANK_BYTES: i32 = 44
export const TAKES_BLANKS: i32 = 20
/** Where what its reader looks at ends: after it, or in the unit after it. */
export const LAST_END: i32 = 76
/** Where a unit begins that fits, if only the bytes after it are as they must be; 0: there is none. */
export const WAITING: i32 = 80
/** Not zero: the run stopped because `SECOND_TEXT` has another second than `SECOND` (f64). */
export const WANTS_SECOND: i32 = 16
export const SECOND: i32 = 24

/** The second (f64) whose text is in `SECOND_TEXT`: `2023-02-23T18:03:36.` */
export const TEXT_SECOND: i32 = 32
export const SECOND_TEXT: i32 = 48
export const SECOND_TEXT_BYTES: i32 = 20

/** Of the time of the unit at hand, below its second. */
export const NANOSECOND: i32 = 68

/** The number of the next line, in decimal digits that end where `LINE_DIGITS_END` is; and where they begin. */
export const LINE_START: i32 = 72
export const LINE_DIGITS_END: i32 = 112

/** Of each step of the unit at hand: a key's entry, or where a leaf begins; and how long it is. */
export const FOUND: i32 = 128
export const FOUND_BYTES: i32 = 8
export const MOST_STEPS: i32 = 63
/** The same of the unit after it. */
export const FOUND_AHEAD: i32 = FOUND + FOUND_BYTES * (MOST_STEPS + 1)

/** Entries of keys that were found together. */
export const ENTRIES: i32 = 2048

/** The input of a run: a window that holds its longest unit. */
export const INPUT: i32 = 4096
const INPUT_BYTES: i32 = 1024 * 1024
/** A run stops when its output has come so far. */
/** One unit by itself, of which is learned. */
export const UNIT: i32 = INPUT + INPUT_BYTES + 4096
export const UNIT_BYTES: i32 = 64 * 1024
export const OUTPUT: i32 = UNIT + UNIT_BYTES + 4096
export const OUTPUT_BYTES: i32 = 256 * 1024
/** What one line may add to it. */
const LONGEST_LINE: i32 = 512 * 1024
/** What was learned: shapes, keys and their texts. */
export const LEARNED: i32 = OUTPUT + OUTPUT_BYTES + LONGEST_LINE + 4096
export const LEARNED_BYTES: i32 = 8 * 1024 * 1024
/** Whole pages of 64 KiB. */
export const MEMORY_BYTES: i32 = 160 * 65536

/** A shape: these, then its steps and its puts, four numbers each. */
export const SHAPE_STEPS: i32 = 0
export const SHAPE_PUTS: i32 = 4
/** Line ends in its literals. */
export const SHAPE_LINES: i32 = 8
/** From its seconds to the wall clock: seconds (f64), nanoseconds; which seconds it applies to (f64, both included). */
export const OFFSET_NANOSECONDS: i32 = 12
export const OFFSET_SECONDS: i32 = 16
export const OFFSET_LEAST: i32 = 24
export const OFFSET_MOST: i32 = 32
/** So many of its steps must begin the unit after it, too. */
export const SHAPE_AHEAD: i32 = 40
export const SHAPE_BYTES: i32 = 48
export const CODE_BYTES: i32 = 16

// A step of a unit is one of these, with three numbers of its own.

/** Where its text is, its length. */
export const LITERAL: i32 = 0
/** The byte that follows it, and 256 times how many such places it holds; a second byte or -1; where the key is. */
export const KEY: i32 = 1
/** How many digits of a fraction, 0 in nanoseconds; 1 where they make a time of the wall clock. */
export const SECONDS: i32 = 2
/** How many digits. */
export const POINTER: i32 = 3
export const HEX: i32 = 4
/** The width of its column, or 0; the largest number. */
export const DECIMAL: i32 = 5
/** The width of its column, or 0; the most bytes; where the table is that says which bytes it may have. */
export const TEXT: i32 = 6
/** How many decimal digits; the largest byte that may be the first. */
export const DIGITS: i32 = 7
/** Its length; nothing; where the key is. */
export const FIXED_KEY: i32 = 8
/** No bytes. Where the places are of the entries of keys, how many; the key whose values are such entries together. */
export const TOGETHER: i32 = 9
/** In that table, of a byte: 0 no text holds it, `MAY_FOLLOW`, or a text may also begin with it. */
export const MAY_FOLLOW: i32 = 1
export const MAY_BEGIN: i32 = 2
export const TEXT_TABLE_BYTES: i32 = 256

// A put is one of these, the step that it is of, and two numbers of its own.

/** Where it is, its length. */
export const CONSTANT: i32 = 0
/** Which of the key's texts. */
export const PIECE: i32 = 1
export const LEAF: i32 = 2
/** The digits of a pointer. */
export const POINTER_LEAF: i32 = 3
/** How many digits of a fraction. */
export const NANOSECONDS: i32 = 4
/** In decimal digits what stands in hexadecimal ones. */
export const HEX_NUMBER: i32 = 5
export const TS: i32 = 6
export const LINE_NUMBER: i32 = 7

/** A key: the entry that was found last, and a table of entries by hash. */
export const KEY_LATEST: i32 = 0
export const KEY_SLOTS: i32 = 16
export const SLOTS: i32 = 8192
export const KEY_BYTES: i32 = KEY_SLOTS + 4 * SLOTS

/** An entry: a value of a key, and what it chooses: the places and lengths of texts. */
export const ENTRY_HASH: i32 = 0
export const ENTRY_START: i32 = 4
export const ENTRY_LENGTH: i32 = 8
export const ENTRY_LINES: i32 = 12
export const ENTRY_HITS: i32 = 16
/** The how manieth value of its key it is. */
export const ENTRY_NUMBER: i32 = 20
export const ENTRY_PIECES: i32 = 24
/** Numbers of a piece: where the text is, its length. */
export const PIECE_BYTES: i32 = 8

export const LF: i32 = 10
export const CR: i32 = 13
export const BLANK: i32 = 32
export const POINT: i32 = 46
export const ZERO: i32 = 48
export const NINE: i32 = 57
export const LETTER_A: i32 = 97
/** Digits of nanoseconds. */
export const FRACTION: i32 = 9
