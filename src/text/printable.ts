// Makes foreign text safe to show. A character that could move the cursor, change colours, end the line, or hide or
// turn the text after it becomes an escape.

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * A text that is safe on one line of a terminal. Doing it twice changes nothing more, so it may be done where text
 * comes in and again where it leaves.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = byteOf(character) ?? character.codePointAt(0) ?? 0
    return code < 256 ? `\\x${hex(code, 2)}` : `\\u{${code.toString(16)}}`
  })
}

/** JSON of the same value without characters that a terminal would obey. `indent` is that of JSON.stringify. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : [...unitsOf(character)].map((unit) => `\\u${hex(unit, 4)}`).join(''),
  )
}

/** A name as one would type it into a shell: a plain word as it is, any other in quotes. */
export function shellWord(name: string): string {
  if (/^[\p{L}\p{M}\p{N}_@%+=:,./-]+$/u.test(name)) return name
  if (name.search(UNPRINTABLE) < 0) return `'${name.replaceAll("'", "'\\''")}'`
  const escaped = name.replace(/[\\']/g, '\\$&').replace(UNPRINTABLE, (character) => {
    const byte = byteOf(character)
    const code = character.codePointAt(0) ?? 0
    if (byte !== undefined) return `\\x${hex(byte, 2)}`
    if (code < 128) return `\\x${hex(code, 2)}`
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
  })
  return `$'${escaped}'`
}

/** The name of an input as people see it: `stdin`, or the path as a word of a shell. */
export function inputName(path: string): string {
  return path === '-' ? 'stdin' : shellWord(path)
}

/**
 * The byte that a lone surrogate stands for in the name of a file (text/file-name.ts); undefined for other characters.
 */
function byteOf(character: string): number | undefined {
  const code = character.charCodeAt(0)
  return character.length === 1 && code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : undefined
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}

function* unitsOf(text: string): Generator<number> {
  for (let at = 0; at < text.length; at++) yield text.charCodeAt(at)
}
