import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { bigCapture } from './inputs.ts'
import { type Contender, compare, type Figure } from './measure.ts'

const EVENTS = 1_160_012
const TRACENORM = 'dist/tracenorm.cjs'
/** Of two fields, and true of all records: what is written stays the same. */
const TRUE_OF_ALL = 'process.comm != "sshd" && skb.protocol == 2048'
const FEW = 'drop.reason == "TCP_CSUM" || process.comm.startsWith("kworker")'

const CONVERT = 'convert'
const FILTERED = 'convert --where, all kept'
const FEW_KEPT = 'convert --where, few kept'
const TABLE = 'convert --to csv'
const SUMMARY = 'summary'
const PEER = 'JSON.parse and write'

/** A filter, a table and a summary beside plain convert. */
export async function stages(): Promise<void> {
  const file = bigCapture('perf6.12-million/perf-script.txt.zst')
  if (file === undefined) return
  await print('stages on perf text', CONVERT, [
    ours(CONVERT, [file]),
    ours(FILTERED, ['--where', TRUE_OF_ALL, file]),
    ours(FEW_KEPT, ['--where', FEW, file]),
    ours(TABLE, ['--to', 'csv', file]),
    ours(SUMMARY, ['summary', file]),
  ])
}

/** The same on our own NDJSON, beside a script that parses each line and writes it. */
export async function stagesOnRecords(): Promise<void> {
  const capture = bigCapture('perf6.12-million/perf-script.txt.zst')
  if (capture === undefined) return
  const file = `${capture}.ndjson`
  if (!existsSync(file)) execFileSync('node', [TRACENORM, '-q', capture, '-o', file])
  await print('stages on NDJSON', PEER, [
    { name: PEER, command: ['node', 'bench/peers/parse-and-write.mjs', file] },
    ours('filter, all kept', ['filter', TRUE_OF_ALL, file]),
    ours('filter, few kept', ['filter', FEW, file]),
    ours('filter --select', ['filter', 'true', '--select', 'clock,process,drop', file]),
    ours('export --to csv', ['export', file]),
    ours('summary', ['summary', file]),
  ])
}

function ours(name: string, words: readonly string[]): Contender {
  return { name, command: ['node', TRACENORM, ...words, '-q'] }
}

/** CPU time is compared, too: it says more than wall time where others load the machine. */
async function print(title: string, base: string, contenders: readonly Contender[]): Promise<void> {
  const figures = await compare(contenders)
  const peer = figures.find(({ name }) => name === base)
  const ratio = (of: (figure: Figure) => number | undefined, figure: Figure): string =>
    ((of(figure) ?? Number.NaN) / ((peer && of(peer)) ?? Number.NaN)).toFixed(2)
  const rows = figures.map((figure) => {
    const { name, wallSeconds, cpuSeconds, peakMiB } = figure
    const cells = [
      name,
      `${(EVENTS / wallSeconds / 1e6).toFixed(3)} M/s`,
      `${wallSeconds.toFixed(2)} s`,
      ratio((one) => one.wallSeconds, figure),
      `${cpuSeconds?.toFixed(2)} s`,
      ratio((one) => one.cpuSeconds, figure),
      `${peakMiB?.toFixed(0)} MiB`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  console.log(
    [
      `${title}, ${EVENTS} events`,
      '',
      `| who | events | wall | to ${base} | cpu | to ${base} | peak memory |`,
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n'),
  )
}
