import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { validateStrict } from '../../src/event/generated/validators.ts'
import type { Converter, Result } from '../kit/harness.ts'
import type { Random } from '../kit/random.ts'
import type { System } from './system.ts'

/** Of CPU, for inputs of some 64 KiB: linear code takes a tenth. */
const LONGEST_MS = 500
const SHORT_BYTES = 8192

/** What is wrong with how a converter takes an input; undefined: nothing. What it throws is thrown. */
export async function faultOf(
  { cpu }: System,
  converter: Converter,
  bytes: Buffer,
  random: Random,
): Promise<string | undefined> {
  const start = cpu()
  const whole = await converter.convert(bytes)
  const ms = (cpu() - start) / 1000
  if (ms > LONGEST_MS && (await isSlow(cpu, converter, bytes)))
    return `slow: ${Math.round(ms)} ms of CPU for ${bytes.length} bytes`
  if (whole.fault !== undefined) return whole.fault
  if (whole.outcome.ledger.bytesRead !== bytes.length)
    return `books: ${whole.outcome.ledger.bytesRead} of ${bytes.length} bytes were read`
  if (JSON.parse(whole.report).status === 70) return 'status 70'
  // A line of many pieces is looked at again for each.
  const size = 1 + (bytes.length < SHORT_BYTES ? random.below(64) : SHORT_BYTES + random.below(SHORT_BYTES))
  const pieces = await converter.convert(bytes, [size])
  return invalidIn(whole) ?? differenceOf(whole, pieces, size)
}

/** Once more: a collection of garbage may have come between. */
async function isSlow(cpu: () => number, converter: Converter, bytes: Buffer): Promise<boolean> {
  const start = cpu()
  await converter.convert(bytes)
  return (cpu() - start) / 1000 > LONGEST_MS
}

/** Records that the reader of our own NDJSON passed on may have members of a later version. */
function invalidIn({ ndjson, outcome }: Result): string | undefined {
  const isOwn = outcome.readers.some(({ name }) => name === 'tracenorm')
  const validate = isOwn ? validateEvent : validateStrict
  const lines = Buffer.from(ndjson, 'latin1').toString('utf8').split('\n').slice(0, -1)
  const wrong = lines.find((line) => !validate(JSON.parse(line)))
  return wrong === undefined ? undefined : `invalid: ${wrong}`
}

function differenceOf(whole: Result, pieces: Result, size: number): string | undefined {
  if (pieces.ndjson !== whole.ndjson) return `chunks: other records in chunks of ${size}`
  if (pieces.rejected.join('\n') !== whole.rejected.join('\n')) return `chunks: other rejects in chunks of ${size}`
  return pieces.report === whole.report ? undefined : `chunks: another report in chunks of ${size}`
}
