import { bigCapture, repeated } from './inputs.ts'
import { compare, table } from './measure.ts'

const TIMES = 5
const EVENTS = 1_160_012

/** Five times the million events from a pipe: memory does not grow with the input. */
export async function memory(): Promise<void> {
  const file = bigCapture('perf6.12-million/perf-script.txt.zst')
  if (file === undefined) return
  const once = `cat '${file}' | node dist/tracenorm.cjs -q`
  const long = `cat '${repeated(file, TIMES)}' | node dist/tracenorm.cjs -q`
  const figures = await compare([{ name: `${TIMES} times the file`, command: ['sh', '-c', long] }], 1)
  const [short] = await compare([{ name: 'the file', command: ['sh', '-c', once] }], 1)
  console.log(
    `memory, from a pipe\n\n${table(figures, TIMES * EVENTS, `${TIMES} times the file`)}\n\nonce: ${short?.peakMiB?.toFixed(0) ?? '?'} MiB\n`,
  )
}
