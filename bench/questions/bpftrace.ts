import { type Aim, ask, nameBefore, ours, type Setting, type Verdict } from '../ask.ts'
import { capture, million, repeated } from '../captures.ts'

const FOLDER = 'bpftrace0.27-flood'
const EVENTS = 150_000
const TIMES = 20
const TEXT = 'bpftrace text'
const JSON_LINES = 'bpftrace JSON'
const PERF = 'perf text'

/** What a program of ten arguments prints, as text and as JSON, beside perf text. */
export async function bpftrace(setting: Setting): Promise<readonly Verdict[]> {
  const perf = million(setting.isQuick)
  const program = capture('corpus-big', `${FOLDER}/structured.bt`)
  const text = capture('corpus-big', `${FOLDER}/run.stdout.zst`)
  const json = capture('corpus-big', `${FOLDER}/run-json.stdout.zst`)
  if (perf === undefined || program === undefined || text === undefined || json === undefined) return []
  const times = setting.isQuick ? 1 : TIMES
  const contenders = [
    { name: TEXT, input: repeated({ path: text, events: EVENTS }, times) },
    { name: JSON_LINES, input: repeated({ path: json, events: EVENTS }, times) },
  ]
  return await ask(setting, {
    title: 'bpftrace, a program of ten arguments',
    base: PERF,
    rounds: 3,
    contenders: [
      ours(PERF, perf.events, [perf.path]),
      ...contenders.map(({ name, input: { path, events } }) => ours(name, events, ['--program', program, path])),
    ],
    aims: [TEXT, JSON_LINES].flatMap((who): readonly Aim[] => [
      { what: who, who, peer: PERF, by: 'cpuSeconds', isRate: true, must: 0.6, aim: 1 },
      { what: who, who, peer: nameBefore(who), by: 'cpuSeconds', must: 0.6, aim: 0.3 },
    ]),
  })
}
