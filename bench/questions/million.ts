import { ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { has, million } from '../captures.ts'
import { handMade, naive, REFERENCE } from '../peers.ts'

/** perf text to validated NDJSON: a capture of one kind of traffic, 20 combinations of thread, place and reason. */
export async function perfText(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  return await ask(setting, {
    title: `perf text, ${events} events of one kind`,
    base: 'hand-made loop',
    contenders: [
      ours('tracenorm', events, [path]),
      shell('tracenorm from a pipe', events, `cat '${path}' | node ${TRACENORM} -q`),
      handMade(input),
      naive(input),
      { name: 'wc -l', events, command: ['wc', '-l', path] },
      { name: 'cat', events, command: ['cat', path] },
      ...(has('gawk') ? [{ name: 'gawk, one field', events, command: ['gawk', '{ print $2 }', path] } as const] : []),
      ...(has('mlr') ? [{ name: 'Miller to JSON', events, command: [...MILLER, path] } as const] : []),
    ],
    aims: [
      {
        what: 'perf text',
        who: 'tracenorm',
        peer: 'hand-made loop',
        by: 'cpuSeconds',
        must: 0.45 * REFERENCE,
        aim: 0.2 * REFERENCE,
      },
    ],
  })
}

const MILLER = ['mlr', '--inidx', '--ifs', ' ', '--repifs', '--ojsonl', 'cat'] as const
