// npm run bench [-- NAME…]: one question each, peers in the same run. Nothing here is asserted: docs/performance.md
// keeps the results.
import { cpus, release } from 'node:os'
import { bpftrace, dropwatch } from './beside-perf.ts'
import { firstEvent, startUp } from './live.ts'
import { memory } from './memory.ts'
import { perfScript } from './perf-script.ts'
import { perfText, perfTextUnique } from './perf-text.ts'
import { stages, stagesOnRecords } from './stages.ts'

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  'perf-text': perfText,
  'perf-text-unique': perfTextUnique,
  'perf-script': perfScript,
  bpftrace,
  dropwatch,
  stages,
  'stages-on-records': stagesOnRecords,
  memory,
  'first-event': firstEvent,
  'start-up': startUp,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => BENCHES[name] === undefined)
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
console.log(`node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}\n`)
for (const [name, bench] of Object.entries(BENCHES)) if (wanted.length === 0 || wanted.includes(name)) await bench()
