import { bigCapture, has, nothingRepeats } from './inputs.ts'
import { type Contender, compare, table } from './measure.ts'

const EVENTS = 1_160_012
const TRACENORM = 'dist/tracenorm.cjs'

/** perf text to validated NDJSON, beside its peers. */
export async function perfText(): Promise<void> {
  const file = bigCapture('perf6.12-million/perf-script.txt.zst')
  if (file === undefined) return
  const contenders: Contender[] = [
    { name: 'tracenorm', command: ['node', TRACENORM, '-q', file] },
    { name: 'tracenorm from a pipe', command: ['sh', '-c', `cat '${file}' | node ${TRACENORM} -q`] },
    { name: 'hand-made loop', command: ['node', 'bench/peers/hand-made.mjs', file] },
    { name: 'naive script', command: ['node', 'bench/peers/naive.mjs', file] },
    { name: 'wc -l', command: ['wc', '-l', file] },
    ...(has('gawk') ? [{ name: 'gawk, one field', command: ['gawk', '{ print $2 }', file] } satisfies Contender] : []),
    ...(has('mlr')
      ? [
          {
            name: 'Miller to JSON',
            command: ['mlr', '--inidx', '--ifs', ' ', '--repifs', '--ojsonl', 'cat', file],
          } satisfies Contender,
        ]
      : []),
  ]
  console.log(`perf text, ${EVENTS} events\n\n${table(await compare(contenders), EVENTS, 'hand-made loop')}\n`)
}

/** The same where nothing repeats: no table of remembered values helps. */
export async function perfTextUnique(): Promise<void> {
  const events = 600_000
  const file = nothingRepeats(events)
  const contenders: Contender[] = [
    { name: 'tracenorm', command: ['node', TRACENORM, '-q', file] },
    { name: 'hand-made loop', command: ['node', 'bench/peers/hand-made.mjs', file] },
    { name: 'naive script', command: ['node', 'bench/peers/naive.mjs', file] },
  ]
  console.log(
    `perf text in which nothing repeats, ${events} events\n\n${table(await compare(contenders, 3), events, 'hand-made loop')}\n`,
  )
}
