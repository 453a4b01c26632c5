// What shapes write of samples is what the reader, the stages and the sink write.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chunkings } from '../../../kit/chunks.ts'
import { damaged } from '../../../kit/damaged.ts'
import { type Random, randomOf } from '../../../kit/random.ts'
import { takenOf } from '../../../kit/taken.ts'
import { expectSame, openBoth } from '../../../kit/twice.ts'

/** A document as perf lays it out, with all that changes what its reader knows. */
function documentOf(random: Random, samples: number): string {
  const pick = <T>(...list: readonly [T, ...T[]]): T => list[random.below(list.length)] ?? list[0]
  let ns = 3_000_000_000n
  const frames = (): string =>
    Array.from({ length: pick(1, 1, 1, 2, 0) }, () => {
      const names = pick(
        '"symbol": "sk_skb_reason_drop",\n\t\t\t\t\t"dso": "[kernel.kallsyms]"',
        '"symbol": "f],\\n["',
        '',
      )
      return `\n\t\t\t\t{\n\t\t\t\t\t"ip": "0xffffffff81e42e5${random.below(3)}"${names === '' ? '' : `,\n\t\t\t\t\t${names}`}\n\t\t\t\t}`
    }).join(',')
  const fields = (): readonly string[] => {
    const socket = pick(['"rx_sk": "(nil)"'], ['"rx_sk": "0xffff88810a1b2c3d"'], [])
    const place = `"location": "0xffffffff8204${pick('6f4c', '764f')}"`
    const address = `"skbaddr": "0xffff888${(0x100000000 + random.below(1e8)).toString(16)}"`
    const reason = `"reason": "${pick('2', '3', '3', '1', '77', '-1')}"`
    const all = [address, place, ...socket, `"protocol": "${pick('2048', '34525', '4660')}"`, reason]
    return pick(all, all, all, all, all, all, [], ['"vec": "9"'], all.slice(0, 2), [...all.slice(1), address])
  }
  const sample = (): string => {
    ns += BigInt(pick(1, 70_000, 2_000_000_000, 0))
    const task = `"pid": ${pick(1, 883, 4_194_303)},\n\t\t\t"tid": ${pick(883, 884)},${pick('\n\t\t\t"cpu": 1,', '\n\t\t\t"cpu": 0,', '')}`
    const comm = pick('curl', 'curl', 'x', '[\\n', 'caf\\uffffffc3\\uffffffa9', '\xff')
    const members = [
      `"timestamp": ${pick(`${ns}`, `${ns}`, `${ns}`, `${ns}`, `${ns}00000000`, '5')}`,
      `${task}\n\t\t\t"comm": "${comm}"`,
      `"callchain": [${frames()}\n\t\t\t]`,
      ...fields(),
    ]
    return `\n\t\t{\n\t\t\t${members.join(',\n\t\t\t')}\n\t\t}`
  }
  const clock = pick('', ',\n\t\t"clockid": 1,\n\t\t"clock-time": 3871051880802,\n\t\t"real-time": 1795433701482190000')
  const headers = `"headers": {\n\t\t"hostname": "web-7",\n\t\t"os-release": "6.12.57"${clock}\n\t}`
  const list = `"samples": [${Array.from({ length: samples }, sample).join(',')}\n\t]`
  return `{\n\t"linux-perf-json-version": 1,\n\t${pick([headers, list], [headers, list], [list, headers]).join(',\n\t')}\n}\n`
}

describe('shapes of samples', () => {
  it('take most of them past their reader', async () => {
    const bytes = readFileSync('fixtures/perf/json/clock/input.json', 'latin1')
    const [head = '', list = ''] = bytes.split('"samples": [')
    const samples = list.slice(0, list.lastIndexOf('\n\t]'))
    const many = new Array<string>(1000).fill(samples).join(',')
    expect(await takenOf(`${head}"samples": [${many}\n\t]\n}\n`, ['--kind=all'])).toBeGreaterThan(2900)
  })

  it('write what the reader writes, in any chunks, damaged or not', async () => {
    const { taking, reading } = await openBoth(['--kind=all'], false)
    for (let seed = 1; seed <= 6; seed++) {
      const random = randomOf(seed)
      const text = documentOf(random, 400) + (seed % 3 === 0 ? documentOf(random, 100) : '')
      const whole = Buffer.from(text, 'latin1')
      const bytes = seed % 4 === 0 ? damaged(whole, random) : whole
      const read = await reading.convert(bytes)
      const ways = seed === 1 ? chunkings(bytes, random) : { whole: undefined, drawn: [1 + random.below(3000)] }
      for (const [way, sizes] of Object.entries(ways)) {
        expectSame([await taking.convert(bytes, sizes), read], `${seed}, ${way}`)
      }
    }
  })
})
