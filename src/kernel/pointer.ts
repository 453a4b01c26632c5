/** A pointer in full: with `0x`, or as wide as the kernel prints it. */
const POINTER_X = /^(?:0x[0-9a-fA-F]{1,16}|[0-9a-fA-F]{8}|[0-9a-fA-F]{16}|\(nil\))x$/

/**
 * A pointer without the `x` of `%px`: a libtraceevent that knows only `%p` prints the pointer, then the `x` (pasted
 * outputs of RHEL 7 and 8). Other text as it is.
 */
export function withoutX(text: string): string {
  return text.endsWith('x') && POINTER_X.test(text) ? text.slice(0, -1) : text
}
