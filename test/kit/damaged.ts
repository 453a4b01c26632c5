import type { Random } from './random.ts'

/** A few edits: bytes changed, NULs, pieces lost, doubled, exchanged, binary put in. */
export function damaged(input: Buffer, random: Random): Buffer {
  let bytes = input
  for (let edits = 1 + random.below(6); edits > 0; edits--) {
    const at = random.below(bytes.length + 1)
    const rest = random.below(80)
    const before = bytes.subarray(0, at)
    const piece = bytes.subarray(at, at + rest)
    const after = bytes.subarray(at + rest)
    const edit = random.below(6)
    const put =
      edit === 0
        ? []
        : edit === 1
          ? [piece, piece]
          : edit === 2
            ? [random.bytes(rest)]
            : edit === 3
              ? [Buffer.alloc(1 + random.below(4)), piece]
              : edit === 4
                ? [Buffer.from(piece.toString('latin1').replace(/[\n ]/g, ''), 'latin1')]
                : [piece, random.bytes(1), input.subarray(0, rest)]
    bytes = Buffer.concat([before, ...put, after])
  }
  return bytes
}
