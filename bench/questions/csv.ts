import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

/** A table beside NDJSON. */
export async function csv(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  return await ask(setting, {
    title: `CSV, ${events} events`,
    base: 'NDJSON',
    contenders: [ours('NDJSON', events, [path]), ours('CSV', events, ['--to', 'csv', path])],
    aims: [{ what: 'CSV', who: 'CSV', peer: 'NDJSON', by: 'cpuSeconds', must: 1, aim: 0.9 }],
  })
}
