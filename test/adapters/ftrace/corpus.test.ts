// Real captures: as many drops as they have lines of kfree_skb, and the losses that they report.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapter } from '../../../adapters/ftrace/adapter.ts'
import { readTrace, type TraceEvent } from './reading.ts'

const corpus = resolve(import.meta.dirname, '../../..', process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')
const hasCorpus = existsSync(corpus)
if (!hasCorpus) console.log('skipped: no corpus (TRACENORM_CORPUS)')

const FOLDERS = [
  'ftrace-trace_pipe',
  'trace-cmd3.1.6',
  'trace-cmd3.4.0',
  'xtool-perf6.1-bpftrace0.17',
  'xtool-perf7.2-bpftrace0.27',
]
/** These print no payload, so that each line is rejected. */
const NO_PAYLOAD = /pipe-(?:raw|hex)\.stdout$/

interface Capture {
  readonly name: string
  readonly bytes: Buffer
  /** Lines of kfree_skb by the capture's own count; undefined: it has none. */
  readonly drops: number | undefined
}

function captures(): readonly Capture[] {
  return FOLDERS.flatMap((folder) => {
    const { files } = JSON.parse(readFileSync(join(corpus, folder, 'meta.json'), 'utf8'))
    return readdirSync(join(corpus, folder))
      .filter((file) => /^(?:file|pipe|report|multi-report|stream|trace_pipe).*\.(?:stdout|txt)$/.test(file))
      .map((file) => ({
        name: `${folder}/${file}`,
        bytes: readFileSync(join(corpus, folder, file)),
        drops: files[file]?.ftrace_kfree_lines,
      }))
  })
}

const all = hasCorpus ? captures() : []
/** Before Linux 5.17. */
const NO_REASON = '(no reason field)'
/** What the kernel saw while dropwatch ran. */
const besideDropwatch = (hasCorpus ? readdirSync(join(corpus, 'dropwatch')) : []).flatMap((folder) =>
  ['ftrace.txt', 'ftrace-nohash.txt']
    .filter((file) => existsSync(join(corpus, 'dropwatch', folder, file)))
    .map((file) => ({ folder, file })),
)
const counted = all.filter(({ drops, name }) => drops !== undefined && !NO_PAYLOAD.test(name))
console.log(
  `ftrace without a count: ${all.flatMap((capture) => (counted.includes(capture) ? [] : capture.name)).join(', ')}`,
)

function lossOf(events: readonly TraceEvent[], mode: string): number {
  return events.reduce((sum, { loss }) => sum + (loss?.mode === mode ? (loss.count ?? 0) : 0), 0)
}

describe.skipIf(!hasCorpus)('a capture of the corpus', () => {
  it.each(counted)('$name: $drops drops, each line is understood', async ({ name, bytes, drops }) => {
    const { events, rejected, outcome } = await readTrace(bytes)
    expect(events.filter(({ kind }) => kind === 'drop')).toHaveLength(drops ?? 0)
    expect(outcome.dropped).toBe(drops)
    expect(rejected).toEqual([])
    expect(outcome.ledger.foreign).toBe(0)
    const format = name.startsWith('trace-cmd') ? 'trace-cmd' : name.includes('/file') ? 'trace' : 'trace_pipe'
    expect(new Set(events.flatMap(({ kind, capture }) => (kind === 'message' ? [] : capture?.format)))).toEqual(
      new Set([format]),
    )
    expect(adapter.detect(firstLines(bytes))?.format).toBe(format)
  })

  it.each(all.filter(({ name }) => NO_PAYLOAD.test(name)))('$name is refused', async ({ bytes }) => {
    const { events, rejected } = await readTrace(bytes)
    expect(events).toEqual([])
    expect(new Set(rejected.map(({ word }) => word))).toEqual(new Set(['unsupported']))
  })

  it.each([
    ['ftrace-trace_pipe/file-lost.stdout', 0, 368],
    ['ftrace-trace_pipe/pipe-lost.stdout', 1380, 0],
    ['trace-cmd3.1.6/report-lost.stdout', 1380, 0],
    ['trace-cmd3.4.0/report-lost.stdout', 1380, 0],
    ['trace-cmd3.4.0/record-lost.stdout', 0, 1380],
  ])('%s: %i lost since the line before, %i in all', async (name, delta, total) => {
    const { events } = await readTrace(readFileSync(join(corpus, name)))
    expect([lossOf(events, 'delta'), lossOf(events, 'total')]).toEqual([delta, total])
  })

  it.each(besideDropwatch)('dropwatch/$folder/$file: the drops of the kernel, by reason', async ({ folder, file }) => {
    const { expected } = JSON.parse(readFileSync(join(corpus, 'dropwatch', folder, 'meta.json'), 'utf8'))
    const { events, rejected } = await readTrace(readFileSync(join(corpus, 'dropwatch', folder, file)))
    const { events: count, by_reason: reasons } = expected.kernel_kfree_skb_events
    expect(events).toHaveLength(count)
    const found: { [reason: string]: number } = {}
    for (const { drop } of events) {
      const reason = drop?.reason ?? (drop?.code === undefined ? NO_REASON : `0x${drop.code.toString(16)}`)
      found[reason] = (found[reason] ?? 0) + 1
    }
    // Linux 6.1 prints an empty reason with the option hash-ptr off.
    if (!(folder.startsWith('k61-') && file === 'ftrace-nohash.txt')) expect(found).toEqual(reasons)
    expect(rejected).toEqual([])
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(events.length === 0 ? [] : ['drop']))
  })

  it.each(['xtool-perf6.1-bpftrace0.17', 'xtool-perf7.2-bpftrace0.27'])(
    '%s: the drops that perf recorded in the same seconds, in their order',
    async (folder) => {
      const { events } = await readTrace(readFileSync(join(corpus, folder, 'trace_pipe.txt')))
      const truths = truthsIn(folder)
      let found = 0
      for (const event of events) if (shown(event) === truths[found]) found++
      expect(truths.slice(found)).toEqual([])
    },
  )
})

/** What a drop says of its packet. The clocks of the two recordings differ, and one has symbols as places. */
function shown({ cpu, process, skb, drop }: TraceEvent): string {
  return [cpu, process?.tid, skb?.addr, skb?.rx_sk, skb?.protocol, drop?.reason].join(' ')
}

/** The same of each packet that perf recorded. It began later and ended earlier. */
function truthsIn(folder: string): readonly string[] {
  const format = readFileSync(join(corpus, folder, 'format.skb.kfree_skb.txt'), 'utf8')
  const reasons = new Map([...format.matchAll(/\{ (\d+), "(\w+)" \}/g)].map(([, code, name]) => [Number(code), name]))
  return readFileSync(join(corpus, folder, 'truth.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ cpu, tid, skbaddr, rx_sk, protocol, reason }) =>
      [cpu, tid, skbaddr, rx_sk, protocol, reasons.get(reason)].join(' '),
    )
}

function firstLines(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .split(/(?<=\n)/)
    .slice(0, 16)
    .join('')
}
