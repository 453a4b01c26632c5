import { damaged } from '../kit/damaged.ts'
import type { Random } from '../kit/random.ts'

/** What superlinear code is slow on. */
const PUMPS = [
  ' ',
  '0',
  '9',
  'a',
  '\r',
  '\t',
  '@',
  '/',
  '[',
  '(',
  '#',
  ':',
  '.',
  ',',
  '=',
  '"',
  '\\',
  '{',
  '\0',
  '\x1b',
  '\xe9',
]
const LONGEST_PUMP = 48 * 1024

/** An input that is near to good ones: damaged, cut, pumped up at a border of its tokens, or spliced with another. */
export function mutated(input: Buffer, others: readonly Buffer[], random: Random): Buffer {
  switch (random.below(6)) {
    case 0:
      return input.subarray(0, random.below(input.length + 1))
    case 1:
      return pumped(input, random)
    case 2:
      return spliced(input, others[random.below(others.length)] ?? input, random)
    case 3:
      return damaged(spliced(input, input, random), random)
    default:
      return damaged(input, random)
  }
}

function pumped(input: Buffer, random: Random): Buffer {
  const text = input.toString('latin1')
  const borders = [0, ...[...text.matchAll(/(?<=\w)\W|(?<=\W)\w|(?<=\W)\W/g)].map(({ index }) => index), text.length]
  const at = borders[random.below(borders.length)] ?? 0
  const one = PUMPS[random.below(PUMPS.length)] ?? ' '
  const pump = random.below(3) === 0 ? one + (PUMPS[random.below(PUMPS.length)] ?? '') : one
  const length = 1 + random.below(random.below(4) === 0 ? LONGEST_PUMP : 2000)
  return Buffer.from(text.slice(0, at) + pump.repeat(length).slice(0, length) + text.slice(at), 'latin1')
}

/** The begin of one and the end of another, mostly at line ends. */
function spliced(one: Buffer, other: Buffer, random: Random): Buffer {
  const place = (bytes: Buffer): number => {
    const at = random.below(bytes.length + 1)
    return random.below(4) === 0 ? at : bytes.indexOf(10, at) + 1
  }
  return Buffer.concat([one.subarray(0, place(one)), other.subarray(place(other))])
}
