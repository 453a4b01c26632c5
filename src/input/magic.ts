/** Bytes by which a form is known. */
export interface Magic {
  readonly magic: readonly number[]
  /** Their offset; 0 without it. */
  readonly at?: number
}

/** True when the bytes are there. */
export function isThere({ magic, at = 0 }: Magic, head: Uint8Array): boolean {
  return magic.every((byte, index) => head[at + index] === byte)
}

/** True when `head` is shorter than a magic number at the beginning, and may begin it. */
export function mayBegin({ magic, at = 0 }: Magic, head: Uint8Array): boolean {
  return at === 0 && head.length < magic.length && magic.slice(0, head.length).every((byte, i) => head[i] === byte)
}

/** The codes of ASCII characters. */
export function codes(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0))
}
