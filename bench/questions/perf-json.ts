import { type Aim, ask, ours, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { capture } from '../captures.ts'
import { documentOfSamples } from '../documents.ts'

const PEER = 'JSON.parse of each sample'
const FILE = 'perf JSON'
const PIPE = 'perf JSON, from a pipe'
const LONG = 'perf JSON, five times as long'
const CHAINS = 'perf JSON, call chains'
const MEGABYTE = 1_000_000

/** What `perf data convert --to-json` wrote, beside `JSON.parse` alone on the same samples. */
export async function perfJson(setting: Setting): Promise<readonly Verdict[]> {
  const drops = capture('corpus', 'perf7.2-reasons-cpu-backlog/perf.json')
  const chains = capture('corpus', 'perf7.2-callchain/perf.json')
  if (drops === undefined || chains === undefined) return []
  const bytes = (setting.isQuick ? 10 : 40) * MEGABYTE
  const file = documentOfSamples(drops, bytes)
  const long = documentOfSamples(drops, 5 * bytes)
  const deep = documentOfSamples(chains, bytes)
  const peer = (name: string, path: string, events: number) =>
    ({ name, events, command: ['node', 'bench/peers/parse-samples.mjs', path] }) as const
  const isFast = (who: string, than: string): Aim => ({
    what: who,
    who,
    peer: than,
    by: 'cpuSeconds',
    isRate: true,
    must: 0.7,
    aim: 1,
  })
  return await ask(setting, {
    title: `perf JSON, ${bytes / MEGABYTE} MB`,
    base: PEER,
    rounds: 3,
    contenders: [
      peer(PEER, file.path, file.events),
      ours(FILE, file.events, [file.path]),
      shell(PIPE, file.events, `cat '${file.path}' | node ${TRACENORM} -q`),
      shell(LONG, long.events, `cat '${long.path}' | node ${TRACENORM} -q`),
      peer(`${PEER}, call chains`, deep.path, deep.events),
      ours(CHAINS, deep.events, [deep.path]),
    ],
    aims: [
      isFast(FILE, PEER),
      isFast(PIPE, PEER),
      isFast(CHAINS, `${PEER}, call chains`),
      { what: `peak memory, ${LONG}`, who: LONG, by: 'peakMiB', must: 128, aim: 80 },
    ],
  })
}
