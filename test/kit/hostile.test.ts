// Values that are almost good, in the places of good ones: whatever an adapter makes of them, it is a valid record or
// none.
import { describe, it } from 'vitest'
import { openConverter, readCases } from './harness.ts'
import { holds } from './holds.ts'
import { type Random, randomOf } from './random.ts'

/** For each fixture; `TRACENORM_HOSTILE=2000` for a search. */
const RUNS = Number(process.env.TRACENORM_HOSTILE ?? 2)

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '00',
  '0x',
  '0X0',
  '0x0',
  '0xg',
  '99999999999999999999',
  '9007199254740993',
  '18446744073709551615',
  '-9223372036854775808',
  '4294967296',
  '65536',
  '1e5',
  '1.5',
  'ffffffffffffffffff',
  '0xffffffffffffffff',
  '0xfffffffffffffffff',
  '+0xffff018f12345678',
]
const TEXTS = [
  '',
  ' ',
  '()',
  '([])',
  '[]',
  '(nil)',
  '(nil)x',
  '...',
  '[unknown]',
  '\0',
  '\xc3',
  '\xa0',
  '\r',
  '\x1b[31m',
  '@',
  '@a[',
  ']: ',
  '{"',
  '\\u0000',
  '\\ud800',
  '__proto__',
  'constructor',
  'A'.repeat(130),
  'NO_SOCKET',
  '(inlined)',
  '2026-02-30',
  '24:60:61.000000',
  '1999999999999-01-01',
  ' ABI:2    AX:0x0',
  ' [1, 2)  1 |@|',
  '\t',
  '\n',
]

describe('almost good values', () => {
  it.each(readCases())(
    'are read or rejected: $name',
    async ({ args, folder, input }) => {
      const converter = await openConverter(
        ['--kind=all', ...args.filter((word) => !word.startsWith('--kind'))],
        folder,
      )
      const random = randomOf(input.length)
      for (let run = 0; run < RUNS; run++) await holds(converter, hostile(input.toString('latin1'), random))
    },
    600_000,
  )
})

/** A few lines, with words of them exchanged. */
function hostile(input: string, random: Random): Buffer {
  const lines = input.split(/(?<=\n)/)
  const start = random.below(Math.max(lines.length - 40, 1))
  const piece = lines.slice(start, start + 80)
  for (let edits = 1 + random.below(4); edits > 0; edits--) {
    const at = random.below(piece.length)
    const words = (piece[at] ?? '').split(/(?<=[\s=():,[\]+/"{}])|(?=[\s=():,[\]+/"{}])/)
    const of = random.below(words.length)
    const put = random.below(2) === 0 ? NUMBERS : TEXTS
    words[of] = `${random.below(3) === 0 ? (words[of] ?? '') : ''}${put[random.below(put.length)] ?? ''}`
    piece[at] = words.join('')
  }
  return Buffer.from(piece.join(''), 'latin1')
}
