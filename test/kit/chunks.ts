import type { Random } from './random.ts'

/** Ways to cut an input into pieces, as sizes of them: the last one again and again. */
export function chunkings(input: Uint8Array, random: Random): Readonly<Record<string, readonly number[]>> {
  return {
    'of one byte': [1],
    'of seven': [7],
    'of 4,096': [4096],
    'of a line': sizesTo(input, (at) => input[at - 1] === LF),
    'that end within each line end': sizesTo(input, (at) => input[at] === LF),
    'that end behind the first character of each value': sizesTo(
      input,
      (at) => isBlank(input[at - 2]) && !isBlank(input[at - 1]),
    ),
    'that end before the last character of each value': sizesTo(
      input,
      (at) => !isBlank(input[at]) && isBlank(input[at + 1]),
    ),
    ...Object.fromEntries(
      [1, 2].map((draw) => [`as drawn, ${draw}`, Array.from({ length: input.length }, () => 1 + random.below(200))]),
    ),
  }
}

const LF = 10

function isBlank(byte: number | undefined): boolean {
  return byte === undefined || byte === 32 || byte === LF || byte === 58 || byte === 61
}

/** Pieces that end where `ends` says so. */
function sizesTo(input: Uint8Array, ends: (at: number) => boolean): readonly number[] {
  const sizes: number[] = []
  let start = 0
  for (let at = 1; at < input.length; at++) {
    if (!ends(at)) continue
    sizes.push(at - start)
    start = at
  }
  return [...sizes, input.length - start || 1]
}
