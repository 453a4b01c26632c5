import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, type Setting, shell, TRACENORM, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

const FOLDER = join(tmpdir(), 'tracenorm-bench-batch')
const CAPTURES = 2000
const LINES = 20

/** What a batch costs beside the conversion of its captures, and two of its threads on one file. */
export async function batch(setting: Setting): Promise<readonly Verdict[]> {
  return [...(await smallCaptures(setting)), ...(await oneLargeFile(setting))]
}

/** A run of `batch` into a new folder, which is removed. */
function batchOf(input: string, jobs: number): string {
  const out = `'${join(FOLDER, `out-${jobs}`)}'`
  return `rm -rf ${out}; node ${TRACENORM} batch '${input}' --out ${out} --jobs ${jobs} -q > /dev/null`
}

async function smallCaptures(setting: Setting): Promise<readonly Verdict[]> {
  const tree = plantedTree()
  return await ask(setting, {
    title: `${CAPTURES} captures of ${LINES} lines each; an event of this table is a capture`,
    base: 'convert',
    contenders: [
      shell('convert', CAPTURES, `find '${tree}' -type f | xargs -n ${CAPTURES} node ${TRACENORM} -q --jobs 1`),
      shell('batch', CAPTURES, batchOf(tree, 1)),
      shell('batch, two threads', CAPTURES, batchOf(tree, 2)),
    ],
    aims: [
      { what: 'own time of a batch', who: 'batch', peer: 'convert', by: 'cpuSeconds', isMore: true, must: 5, aim: 2 },
      { what: 'peak memory, two threads', who: 'batch, two threads', by: 'peakMiB', must: 400, aim: 200 },
    ],
  })
}

function plantedTree(): string {
  const tree = join(FOLDER, 'in')
  if (existsSync(tree)) return tree
  const growing = `${tree}.partial`
  rmSync(growing, { recursive: true, force: true })
  for (let capture = 0; capture < CAPTURES; capture++) {
    const folder = join(growing, `host-${capture % 20}`)
    mkdirSync(folder, { recursive: true })
    const lines = Array.from({ length: LINES }, (_, line) => dropLine(capture * LINES + line))
    writeFileSync(join(folder, `perf-${capture}.txt`), lines.join(''))
  }
  renameSync(growing, tree)
  return tree
}

function dropLine(number: number): string {
  const tid = 18_000 + (number % 50)
  const time = `${3000 + (number % 20)}.${String(number).padStart(6, '0')}`
  const address = `0xffff9b7b${(0x1000_0000 + 64 * number).toString(16)}`
  const tail = `protocol=2048 location=0xffffffff9e8e1b1c reason: NO_SOCKET`
  return `curl ${tid} [001] ${time}: skb:kfree_skb: skbaddr=${address} ${tail}\n`
}

async function oneLargeFile(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  const run = `node ${TRACENORM} -q --jobs 1 '${path}' > /dev/null`
  return await ask(setting, {
    title: `a batch of one file of ${events} events`,
    base: 'two whole runs at once',
    contenders: [
      shell('two whole runs at once', 2 * events, `${run} & ${run} & wait`),
      shell('two threads', events, batchOf(path, 2)),
      shell('one thread', events, batchOf(path, 1)),
    ],
    aims: [
      {
        what: 'two threads of a batch',
        who: 'two threads',
        peer: 'two whole runs at once',
        by: 'wallSeconds',
        isRate: true,
        must: 0.75,
        aim: 0.85,
      },
      { what: 'peak memory, two threads, one file', who: 'two threads', by: 'peakMiB', must: 400, aim: 200 },
    ],
  })
}
