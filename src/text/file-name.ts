// The name of a file is bytes, and a path here is a string. A byte that is not UTF-8 becomes a lone surrogate, U+DC00
// plus the byte, which no UTF-8 decodes to. So different names stay different, and lead back to their files.

const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
const ESCAPED = /[\udc80-\udcff]/

/** The name of a file as a string. */
export function nameOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return piecesOf(bytes)
  }
}

/** The name as the functions of Node take it. */
export function pathOf(name: string): string | Buffer {
  if (!ESCAPED.test(name)) return name
  const pieces = [...name].map((character) =>
    ESCAPED.test(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character, 'utf8'),
  )
  return Buffer.concat(pieces)
}

/** The name as records and people see it: U+FFFD for each byte that is not UTF-8. */
export function shownName(name: string): string {
  return name.replace(/\p{Surrogate}/gu, '\ufffd')
}

function piecesOf(bytes: Uint8Array): string {
  let name = ''
  let start = 0
  while (start < bytes.length) {
    const length = characterLength(bytes, start)
    name += length === 0 ? String.fromCharCode(0xdc00 + (bytes[start] ?? 0)) : decoded(bytes, start, length)
    start += Math.max(1, length)
  }
  return name
}

/** The bytes of the character that begins there; 0 when none does. */
function characterLength(bytes: Uint8Array, start: number): number {
  const longest = Math.min(4, bytes.length - start)
  for (let length = 1; length <= longest; length++) {
    try {
      strict.decode(bytes.subarray(start, start + length))
      return length
    } catch {}
  }
  return 0
}

function decoded(bytes: Uint8Array, start: number, length: number): string {
  return strict.decode(bytes.subarray(start, start + length))
}
