/**
 * The same latin1 text in memory of its own. V8 keeps a joined text as a tree and walks it at each use; and a slice of
 * 13 chars or more keeps alive the whole text that it was cut from.
 */
export function detached(latin1Text: string): string {
  return Buffer.from(latin1Text, 'latin1').toString('latin1')
}

/** The same for a text that may have any character. */
export function detachedUnicode(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
