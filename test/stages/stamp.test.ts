// A record with two times: perf's `tod` column, local, beside the time of a clock.
import { describe, expect, it } from 'vitest'
import { openConverter } from '../kit/harness.ts'

const drop = (tod: string, time: string): string =>
  `         swapper     0 [000] 2026-${tod}.840644960   ${time}: skb:kfree_skb: skbaddr=0xff38cea44fc9b100 protocol=4 location=0xffffffff95fde5ca reason: UNHANDLED_PROTO\n`
const DROP = drop('11-23 12:46:27', '134.576546021')

/** What became of time in each record. */
async function timesOf(input: string, ...words: readonly string[]) {
  const { ndjson, outcome } = await (await openConverter(words, '.')).convert(Buffer.from(input))
  const records = ndjson.split('\n').slice(0, -1)
  return {
    times: records.map((line) => {
      const { ts, clock, flags } = JSON.parse(line)
      return { ts, clock, flags }
    }),
    hints: [...outcome.hints],
    untimed: outcome.untimed,
    conflicts: [...outcome.conflicts.keys()],
  }
}

describe('a local time beside the time of a clock', () => {
  it('becomes ts by its zone where no pair of the clock is known', async () => {
    const { times, hints } = await timesOf(DROP, '--timezone=Europe/Berlin')
    const local = '2026-11-23T12:46:27.840644960'
    expect(times).toEqual([
      {
        ts: '2026-11-23T11:46:27.840644960Z',
        clock: { id: 'unknown', ns: '134576546021', local, zone: 'Europe/Berlin' },
      },
    ])
    expect(hints).toEqual([])
  })

  it('does not become ts where a pair is known, and has no zone then', async () => {
    const words = ['--timezone=Europe/Berlin', '--boot-time=2026-11-23T11:44:13.25Z']
    const { times } = await timesOf(DROP, ...words)
    expect(times).toEqual([
      {
        ts: '2026-11-23T11:46:27.826546021Z',
        clock: { id: 'unknown', ns: '134576546021', local: '2026-11-23T12:46:27.840644960' },
      },
    ])
  })

  it('gives no ts without a zone, and is counted', async () => {
    const { times, untimed } = await timesOf(DROP)
    expect(times).toMatchObject([{ ts: undefined, clock: { local: '2026-11-23T12:46:27.840644960' } }])
    expect(untimed).toEqual({ zone: 1, clock: 0 })
  })

  it('is flagged where the hour happens twice, and a conflict where it never happens', async () => {
    const input = drop('10-25 02:30:00', '1.000000000') + drop('03-29 02:30:00', '2.000000000')
    const { times, conflicts } = await timesOf(input, '--timezone=Europe/Berlin')
    expect(times).toMatchObject([{ ts: undefined, flags: ['time_ambiguous'] }, { ts: undefined }])
    expect(conflicts).toEqual([expect.stringContaining('does not exist in Europe/Berlin')])
  })
})
