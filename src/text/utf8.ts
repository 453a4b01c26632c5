// Readers work on latin1 windows, one char a byte. Bytes that are kept as text are decoded here, and only here.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

/**
 * The text of a latin1 slice (one char a byte). Invalid UTF-8 and NUL become U+FFFD; `replaced` says whether there are
 * any. ASCII, the usual case, is returned as it is.
 */
export function utf8(bytes: string): string {
  if (isPlain(bytes)) return bytes
  return decoder.decode(Buffer.from(bytes, 'latin1')).replaceAll('\0', '\ufffd')
}

/** True when `utf8` replaces something: then the record has the flag `text_replaced`. */
export function replaced(bytes: string): boolean {
  if (isPlain(bytes)) return false
  if (bytes.includes('\0')) return true
  try {
    strict.decode(Buffer.from(bytes, 'latin1'))
    return false
  } catch {
    return true
  }
}

/** The UTF-8 bytes of a text, one char a byte: what parts and lines are made of. */
export function latin1(text: string): string {
  return isPlain(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** Whether a text is ASCII without NUL. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c >= 128 || c === 0) return false
  }
  return true
}
