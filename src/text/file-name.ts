// A file's name is bytes, and a path here is a string: a byte that is no UTF-8 is kept in it as a lone surrogate, U+DC00 and the byte, which no UTF-8
// has. So different names stay different, and lead back to their files.

const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
const ESCAPED = /[\udc80-\udcff]/

export function nameOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return piecesOf(bytes)
  }
}

/** The name as Node's functions take it. */
export function pathOf(name: string): string | Buffer {
  if (!ESCAPED.test(name)) return name
  const pieces = [...name].map((character) =>
    ESCAPED.test(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character, 'utf8'),
  )
  return Buffer.concat(pieces)
}

/** The name as records and people see it. */
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

/** 0: no character begins there. */
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
