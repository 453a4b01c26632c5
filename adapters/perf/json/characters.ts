// The codes of characters that mean something in JSON.

export const TAB = 9
export const LF = 10
export const CR = 13
export const BLANK = 32
/** Those before it are control characters, which stand in no text. */
export const FIRST_PRINTABLE = 32
export const QUOTE = 34
export const COMMA = 44
export const MINUS = 45
export const ZERO = 48
export const COLON = 58
export const OPEN_LIST = 91
export const BACKSLASH = 92
export const CLOSE_LIST = 93
export const OPEN = 123
export const CLOSE = 125
