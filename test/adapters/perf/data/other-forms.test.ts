// A recording, and the text and the JSON that perf made of it, say the same: but for what docs/formats/perf-data.md
// lists.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CORPUS, corpusFile, hasCorpus, texts } from '../corpus.ts'
import { type Event, read } from '../reading.ts'
import { type RecordedEvent, recorded } from './recordings.ts'

/** Large ones are compared when there are more rounds. */
const MOST_BYTES = Number(process.env.TRACENORM_ROUNDS ?? 1) > 1 ? Number.POSITIVE_INFINITY : 50_000
const isFile = (path: string): boolean => statSync(join(CORPUS, path), { throwIfNoEntry: false })?.isFile() ?? false
const PLAIN = /^(?:--ns)?$/
/**
 * A text of each recording, with the default columns. Where a message of printk imitates a sample, no reader of the
 * text can know it.
 */
const plain = texts().filter(
  ({ options, name, recording, bytes }, index, all) =>
    PLAIN.test(options) &&
    !name.includes('-printk-text/') &&
    all.findIndex((one) => one.recording === recording && PLAIN.test(one.options)) === index &&
    isFile(recording) &&
    /^[^#\n]/m.test(bytes.toString('latin1')) &&
    bytes.length < MOST_BYTES,
)
const folders = [...new Set(plain.map(({ recording }) => recording.slice(0, recording.indexOf('/'))))].filter(
  (folder) => existsSync(join(CORPUS, folder, 'perf.json')) && isFile(`${folder}/perf.data`),
)

/** Their text has no keys, or only some, or plugins of perf print it in another form. */
const OTHER_ARGUMENTS =
  /^(?:fib:fib_table_lookup|icmp:icmp_send|napi:napi_poll|neigh:neigh_create|sock:sock_send_length|timer:hrtimer_start)$/
const OTHER_SYSTEMS = /^(?:probe_.*|raw_syscalls|sched:sched_(?:switch|wakeup)|syscalls:sys_exit)/
/** The name of a function in text, its address in a recording. */
const OTHER_PLACES = /^sock:sk_data_ready$/
/** Whether the text has the same arguments. A name with a line end stops there in text. */
const hasSameArguments = ({ event_name = '', args }: Event): boolean =>
  ![OTHER_ARGUMENTS, OTHER_SYSTEMS, OTHER_PLACES].some((names) => names.test(event_name)) &&
  !JSON.stringify([args]).includes('\\n')

const isSample = ({ kind }: Event): boolean => kind === 'drop' || kind === 'trace'
const KERNEL = /^0xffff/
const kernelFrames = ({ stack = [] }: Event): readonly string[] =>
  stack.map(({ address = '' }) => address).filter((address) => KERNEL.test(address))

/** What a text says, too. Times are in microseconds. */
function inText(event: Event, hasSame: boolean): unknown {
  const { clock, cpu, process, skb, drop, kind, event_name, args, payload, device } = event
  return {
    ...{ kind, event_name, cpu, device, skb, tid: process?.tid, frames: kernelFrames(event) },
    microseconds: BigInt(clock?.ns ?? 0) / 1000n,
    reason: drop?.reason,
    ...(hasSame && { args, payload }),
  }
}

/** What the JSON says, too; perf 6.1 leaves out the members of tracepoints. */
function inJson(event: Event, withMembers: boolean): unknown {
  const { clock, cpu, process, skb, location, drop, event_name } = event
  const isDrop = withMembers && event_name === 'skb:kfree_skb'
  return {
    ...{ clock: clock?.ns, cpu, pid: process?.pid, tid: process?.tid },
    ...(isDrop && { event_name, skb, address: location?.address, code: drop?.code }),
  }
}

/** Names of tasks: perf 6.12 and 7.2 forget them when the task exits, and text pads them with blanks. */
function expectSameNames(events: readonly RecordedEvent[], others: readonly Event[]): void {
  for (const [index, { process }] of others.entries())
    if (process?.comm !== undefined && !/[\n\uFFFD]/.test(process.comm))
      expect(events[index]?.process?.comm?.trimStart().split('\n')[0]).toBe(process.comm.trimStart())
}

async function samplesOf(recording: string): Promise<readonly RecordedEvent[]> {
  const { events } = await recorded(corpusFile(recording), true)
  return events.filter(isSample)
}

describe.skipIf(!hasCorpus)('samples of a recording', () => {
  it.each(plain)('are those of $name', async ({ bytes, recording }) => {
    const events = await samplesOf(recording)
    const others = (await read(bytes)).events.filter(isSample)
    const areSame = events.map(hasSameArguments)
    const said = (event: Event, index: number): unknown => inText(event, areSame[index] ?? true)
    expect(events.map(said)).toEqual(others.map(said))
    expectSameNames(events, others)
  })

  it.each(folders)('are those of %s/perf.json', async (folder) => {
    const events = await samplesOf(`${folder}/perf.data`)
    const others = (await read(corpusFile(`${folder}/perf.json`), {}, 65536, 'json')).events.filter(isSample)
    const withMembers = !folder.includes('perf6.1-')
    const said = (event: Event): unknown => inJson(event, withMembers)
    expect(events.map(said)).toEqual(others.map(said))
    expectSameNames(events, others)
  })
})
