import { ask, ours, type Setting, TRACENORM, type Verdict } from '../ask.ts'
import { fill, kept, million } from '../captures.ts'

/** What tracenorm does with its own NDJSON, beside a script that parses each line and writes it. */
export async function records(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { events } = input
  const path = kept(`records-${events}.ndjson`, (file) => fill(file, ['node', TRACENORM, '-q', input.path]))
  return await ask(setting, {
    title: `NDJSON, ${events} records`,
    base: PEER,
    contenders: [
      { name: PEER, events, command: ['node', 'bench/peers/parse-and-write.mjs', path] },
      ours('filter, all kept', events, ['filter', 'skb.protocol == 2048', path]),
      ours('filter, few kept', events, ['filter', 'drop.reason == "TCP_CSUM"', path]),
      ours('filter --select', events, ['filter', 'true', '--select', 'clock,process,drop', path]),
      ours('export --to csv', events, ['export', path]),
      ours('summary', events, ['summary', path]),
    ],
    aims: [
      {
        what: 'filter of NDJSON',
        who: 'filter, all kept',
        peer: PEER,
        by: 'cpuSeconds',
        isRate: true,
        must: 0.7,
        aim: 1,
      },
    ],
  })
}

const PEER = 'JSON.parse and write'
