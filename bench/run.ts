// npm run bench [-- --only NAME] [--quick] [--rounds N] [--before MAIN]: one question each, peers in the same
// run. Nothing here is asserted: docs/performance.md keeps the results.
import { cpus, loadavg, release } from 'node:os'
import { parseArgs } from 'node:util'
import { type Setting, scores, type Verdict } from './ask.ts'
import { archives } from './questions/archives.ts'
import { batch } from './questions/batch.ts'
import { bpftrace } from './questions/bpftrace.ts'
import { callChains } from './questions/chains.ts'
import { csv } from './questions/csv.ts'
import { dropwatch } from './questions/dropwatch.ts'
import { envelopes } from './questions/envelopes.ts'
import { filters } from './questions/filters.ts'
import { firstEvent } from './questions/first-event.ts'
import { ftrace } from './questions/ftrace.ts'
import { memory } from './questions/memory.ts'
import { perfText } from './questions/million.ts'
import { perfTextMixed } from './questions/mixed.ts'
import { perfTextUnique } from './questions/nothing-repeats.ts'
import { perfData } from './questions/perf-data.ts'
import { perfJson } from './questions/perf-json.ts'
import { perfScript } from './questions/perf-script.ts'
import { records } from './questions/records.ts'
import { shipping } from './questions/ship.ts'
import { perfTextSqueezed } from './questions/squeezed.ts'
import { start } from './questions/start.ts'
import { wallClock } from './questions/wall-clock.ts'
import { workers } from './questions/workers.ts'

const BENCHES: Readonly<Record<string, (setting: Setting) => Promise<readonly Verdict[]>>> = {
  'perf-text': perfText,
  mixed: perfTextMixed,
  'nothing-repeats': perfTextUnique,
  squeezed: perfTextSqueezed,
  chains: callChains,
  'perf-data': perfData,
  'perf-json': perfJson,
  'perf-script': perfScript,
  ts: wallClock,
  csv,
  envelopes,
  ship: shipping,
  filters,
  records,
  bpftrace,
  dropwatch,
  ftrace,
  archives,
  batch,
  workers,
  start,
  'first-event': firstEvent,
  memory,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    before: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const unknown = values.only.filter((name) => BENCHES[name] === undefined)
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds)

const processors = cpus()
const load = loadavg().map((value) => value.toFixed(1))
console.log(
  [
    new Date().toISOString().slice(0, 16),
    `node ${process.version}`,
    `Linux ${release()}`,
    `${processors.length} × ${processors[0]?.model ?? 'CPU'}`,
    `load ${load.join(' ')}\n`,
  ].join(', '),
)
const verdicts: Verdict[] = []
for (const [name, bench] of Object.entries(BENCHES)) {
  if (values.only.length > 0 && !values.only.includes(name)) continue
  verdicts.push(...(await bench({ isQuick: values.quick, before: values.before, rounds })))
}
console.log(scores(verdicts))
