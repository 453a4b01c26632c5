const QUOTE = 34
const BACKSLASH = 92

/** Whether a code is that of printable ASCII that JSON writes as it is, within its quotes. */
export function isBare(code: number): boolean {
  return code >= 32 && code <= 126 && code !== QUOTE && code !== BACKSLASH
}
