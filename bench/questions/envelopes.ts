import { ask, ours, type Setting, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

const ENVELOPES = ['es-bulk', 'hec', 'loki', 'otlp']

/** Request bodies of log platforms beside NDJSON. */
export async function envelopes(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  // Of perf's own clock: without a wall clock all records would be left out.
  const words = ['--clock', 'realtime', path]
  return await ask(setting, {
    title: `Envelopes, ${events} events`,
    base: 'NDJSON',
    contenders: [
      ours('NDJSON', events, words),
      ...ENVELOPES.map((name) => ours(name, events, ['--to', name, ...words])),
    ],
    aims: ENVELOPES.map((name) => ({ what: name, who: name, peer: 'NDJSON', by: 'cpuSeconds', must: 1.5, aim: 1.2 })),
  })
}
