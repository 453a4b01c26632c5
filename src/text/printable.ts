// Text of others, for people: what would move a cursor, change colours, end a line, hide or turn what follows is written as an escape.

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A text on one line of a terminal. Done twice it is the same: so it may be done where text comes in, and again where it leaves. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = byteOf(character) ?? character.codePointAt(0) ?? 0
    return code < 256 ? `\\x${hex(code, 2)}` : `\\u{${code.toString(16)}}`
  })
}

/** JSON that shows what it holds: the same value, and no character that a terminal would obey. `indent` is that of JSON.stringify. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : [...unitsOf(character)].map((unit) => `\\u${hex(unit, 4)}`).join(''),
  )
}

/** A name as it is typed into a shell, and told to people: as it is where that is a plain word, else in quotes. */
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

/** The name of an input, told to people. */
export function inputName(path: string): string {
  return path === '-' ? 'stdin' : shellWord(path)
}

/** Of a file's name that is no UTF-8 (text/file-name.ts). */
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
