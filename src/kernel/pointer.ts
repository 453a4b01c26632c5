import { hexEnd, pointer } from '../text/scan.ts'

/** A pointer in full: with `0x`, or as wide as the kernel prints it. */
const POINTER_X = /^(?:0x[0-9a-fA-F]{1,16}|[0-9a-fA-F]{8}|[0-9a-fA-F]{16}|\(nil\))x$/

/**
 * A pointer without the `x` of `%px`: a libtraceevent that knows only `%p` prints the pointer, then the `x` (pasted
 * outputs of RHEL 7 and 8). Other text as it is.
 */
export function withoutX(text: string): string {
  return text.endsWith('x') && POINTER_X.test(text) ? text.slice(0, -1) : text
}

const HASH_DIGITS = 16
const ZERO = 48

/**
 * A pointer in any form that tools and the kernel print, as the event has it. The kernel's text hashes pointers
 * (`lib/vsprintf.c`, Linux 4.15): 16 digits without `0x`, of which the first eight are zeros. A hash keeps its zeros,
 * so that it differs from an address: `000000006e9d80af` → `0x000000006e9d80af`. Undefined: it is no pointer.
 */
export function kernelPointer(text: string, start: number, end: number): string | undefined {
  if (end - start !== HASH_DIGITS || text.charCodeAt(start) !== ZERO) return pointer(text, start, end)
  let zeros = start
  while (zeros < end && text.charCodeAt(zeros) === ZERO) zeros++
  const isHash = zeros >= start + 8 && zeros < end && hexEnd(text, zeros) >= end
  return isHash ? `0x${text.slice(start, end).toLowerCase()}` : pointer(text, start, end)
}

/** True for what `kernelPointer` gives of a hash: only a hash has leading zeros. */
export function isHash(addr: string): boolean {
  return addr.length === HASH_DIGITS + 2 && addr.charCodeAt(2) === ZERO
}
