// Numbers as text, put into bytes that are there. No text is made: V8's collector copies each.

const ZERO = 48
const BILLION = 1_000_000_000
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Puts a whole number into so many bytes. False where it has another count of digits. */
export function putNumber(bytes: Uint8Array, at: number, digits: number, value: number): boolean {
  if (digits <= 9) return putDigits(bytes, at, digits, value) && (bytes[at] !== ZERO || digits === 1)
  const billions = Math.floor(value / BILLION)
  if (billions === 0 || !putNumber(bytes, at, digits - 9, billions)) return false
  return putDigits(bytes, at + digits - 9, 9, value - billions * BILLION)
}

/** Puts a whole number into at most 9 bytes, with zeros before it. False where it has more digits. */
export function putDigits(bytes: Uint8Array, at: number, digits: number, value: number): boolean {
  if (!(value < BILLION)) return false
  // Integers of 32 bits are divided by a multiplication.
  let rest = value | 0
  for (let place = at + digits - 1; place >= at; place--) {
    const next = (rest / 10) | 0
    bytes[place] = ZERO + rest - next * 10
    rest = next
  }
  return rest === 0
}

/** Puts 32 bits as 8 hexadecimal digits. */
export function putHex(bytes: Uint8Array, at: number, value: number): void {
  for (let place = 0; place < 8; place++) bytes[at + 7 - place] = HEX[(value >>> (4 * place)) & 15] ?? 0
}
