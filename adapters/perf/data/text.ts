// Texts and numbers in the bytes of a recording.

/** The text (latin1) from `start` to its first NUL, or to `end`. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  const nul = bytes.indexOf(0, start)
  const stop = nul < 0 || nul > end ? end : nul
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, stop - start)).toString('latin1')
}

/** Lower-case hexadecimal digits of these bytes. */
export function hexOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex')
}
