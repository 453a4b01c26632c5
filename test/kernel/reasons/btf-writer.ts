// Writes BTF (include/uapi/linux/btf.h) with the enums that a test wants, after one type of every other kind.

export interface WrittenEnum {
  readonly name: string
  readonly values: readonly (readonly [name: string, value: number])[]
  /** ENUM64 with this upper half of every value. */
  readonly upper?: number
}

export interface Shape {
  readonly order?: 'little' | 'big'
  /** Bytes of a later, longer header, which today's readers skip. */
  readonly headerExtra?: number
  /** The name of the one struct: what tells a kernel's BTF. */
  readonly struct?: string
  /** Strings of the kernel that a module's offsets go on from. */
  readonly baseStringBytes?: number
}

export function writeBtf(
  enums: readonly WrittenEnum[],
  { order = 'little', headerExtra = 0, struct = 'sk_buff', baseStringBytes = 0 }: Shape = {},
): Uint8Array<ArrayBuffer> {
  const strings: number[] = baseStringBytes === 0 ? [0] : []
  const offsets = new Map<string, number>()
  const nameOf = (name: string): number => {
    const known = offsets.get(name)
    if (known !== undefined) return known
    const offset = baseStringBytes + strings.length
    offsets.set(name, offset)
    strings.push(...Buffer.from(name, 'latin1'), 0)
    return offset
  }
  const words: number[] = []
  const type = (name: number, kind: number, vlen: number, size: number, ...following: number[]): void => {
    words.push(name, ((kind << 24) | vlen) >>> 0, size, ...following)
  }
  type(nameOf('int'), 1, 0, 4, 32)
  type(0, 2, 0, 1)
  type(0, 3, 0, 0, 1, 1, 4)
  type(nameOf(struct), 4, 2, 8, nameOf('next'), 2, 0, nameOf('len'), 1, 32)
  type(0, 5, 1, 4, 0, 1, 0)
  type(nameOf('sock'), 7, 0, 0)
  type(nameOf('u32'), 8, 0, 1)
  for (const kind of [9, 10, 11, 18]) type(0, kind, 0, 1)
  type(0, 13, 2, 1, nameOf('skb'), 2, 0, 1)
  type(nameOf('kfree_skb'), 12, 0, 12)
  type(nameOf('jiffies'), 14, 0, 1, 1)
  type(nameOf('.data'), 15, 1, 8, 14, 0, 8)
  type(nameOf('double'), 16, 0, 8)
  type(nameOf('user'), 17, 0, 2, 0xffffffff)
  type(nameOf('skb_drop_reason'), 6, 0, 4)
  for (const { name, values, upper } of enums) {
    const following = values.flatMap(([value, number]) =>
      upper === undefined ? [nameOf(value), number] : [nameOf(value), number, upper],
    )
    type(nameOf(name), upper === undefined ? 6 : 19, values.length, upper === undefined ? 4 : 8, ...following)
  }
  const headerBytes = 24 + headerExtra
  const bytes = new Uint8Array(headerBytes + words.length * 4 + strings.length)
  const view = new DataView(bytes.buffer)
  const little = order === 'little'
  view.setUint16(0, 0xeb9f, little)
  view.setUint8(2, 1)
  for (const [at, word] of [headerBytes, 0, words.length * 4, words.length * 4, strings.length].entries())
    view.setUint32(4 + at * 4, word, little)
  for (const [at, word] of words.entries()) view.setUint32(headerBytes + at * 4, word >>> 0, little)
  bytes.set(strings, headerBytes + words.length * 4)
  return bytes
}
