import { bigCapture, capture, repeated } from './inputs.ts'
import { compare, type Figure } from './measure.ts'

const TRACENORM = 'dist/tracenorm.cjs'
const RUNS = 3

/** An input with the number of its events. */
interface Load {
  readonly name: string
  readonly events: number
  readonly words: readonly string[]
}

const PERF = { capture: 'perf6.12-million/perf-script.txt.zst', events: 1_160_012 }
const FLOOD = { folder: 'bpftrace0.27-flood', program: 'structured.bt', events: 150_000, times: 20 }
const PACKETS = { capture: 'dropwatch/k612-45-large-20k/stdout.txt', events: 24_000, times: 50 }

/** What the structured program prints, as text and as JSON, beside perf text in the same run. */
export async function bpftrace(): Promise<void> {
  const program = bigCapture(`${FLOOD.folder}/${FLOOD.program}`)
  const text = bigCapture(`${FLOOD.folder}/run.stdout.zst`)
  const json = bigCapture(`${FLOOD.folder}/run-json.stdout.zst`)
  if (program === undefined || text === undefined || json === undefined) return
  const [once, events] = [FLOOD.events, FLOOD.times * FLOOD.events]
  await besidePerf([
    { name: 'bpftrace text', events, words: ['--program', program, repeated(text, FLOOD.times)] },
    { name: 'bpftrace JSON', events, words: ['--program', program, repeated(json, FLOOD.times)] },
    { name: 'bpftrace text, once', events: once, words: ['--program', program, text] },
    { name: 'bpftrace JSON, once', events: once, words: ['--program', program, json] },
  ])
}

/** dropwatch's packets beside perf text in the same run. */
export async function dropwatch(): Promise<void> {
  const packets = capture(PACKETS.capture)
  if (packets === undefined) return
  const [once, events] = [PACKETS.events, PACKETS.times * PACKETS.events]
  await besidePerf([
    { name: 'dropwatch packets', events, words: [repeated(packets, PACKETS.times)] },
    { name: 'dropwatch packets, once', events: once, words: [packets] },
  ])
}

async function besidePerf(loads: readonly Load[]): Promise<void> {
  const perf = bigCapture(PERF.capture)
  if (perf === undefined) return
  const all: readonly Load[] = [{ name: 'perf text', events: PERF.events, words: [perf] }, ...loads]
  const figures = await compare(
    all.map(({ name, words }) => ({ name, command: ['node', TRACENORM, '-q', ...words] })),
    RUNS,
  )
  console.log(`${rates(all, figures)}\n`)
}

/** Events a second of wall time and of CPU time, each as a part of perf text's. */
function rates(loads: readonly Load[], figures: readonly Figure[]): string {
  const rows = loads.flatMap(({ name, events }) => {
    const figure = figures.find((one) => one.name === name)
    return figure === undefined ? [] : [{ name, events, figure, rate: events / figure.wallSeconds }]
  })
  const [perf] = rows
  return [
    '| who | events | rate | to perf text | wall | cpu | peak memory |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ name, events, figure: { wallSeconds, cpuSeconds, peakMiB }, rate }) => {
      const cells = [
        name,
        String(events),
        `${(rate / 1e6).toFixed(3)} M/s`,
        (rate / (perf?.rate ?? Number.NaN)).toFixed(2),
        `${wallSeconds.toFixed(2)} s`,
        cpuSeconds === undefined ? '' : `${cpuSeconds.toFixed(2)} s`,
        peakMiB === undefined ? '' : `${peakMiB.toFixed(0)} MiB`,
      ]
      return `| ${cells.join(' | ')} |`
    }),
  ].join('\n')
}
