import { randomUUID } from 'node:crypto'
import { UsageError } from '../errors.ts'
import { memoryStdin } from '../input/stdin.ts'
import { type Named, namedInput, Outputs } from '../output/outputs.ts'
import type { RunOutcome } from '../run/convert.ts'
import { deadLetterLines } from '../ship/dead-letter-lines.ts'
import type { Shipment, ShipmentEnd } from '../ship/shipment.ts'
import { parseTarget, type ShipTarget } from '../ship/target.ts'
import { shellWord } from '../text/printable.ts'
import type { CommandContext } from './command-context.ts'
import type { ConvertFlags } from './convert-flags.ts'
import type { EnvelopeFlags } from './envelope-flags.ts'
import { openShipment } from './open-shipment.ts'
import { OWN_NDJSON } from './records-flags.ts'
import { type RecordsDelivery, runJob } from './run-job.ts'
import { say } from './say.ts'
import { refuseIdleFlags, type ShipFlags } from './ship-flags.ts'
import { serveShipment } from './ship-metrics.ts'
import { StatusLine } from './ship-status.ts'

/** All flags of `ship`. */
export type AllShipFlags = ConvertFlags & ShipFlags & EnvelopeFlags

/** Ships the records of inputs. Throws what a run throws. */
export async function ship(files: readonly string[], flags: AllShipFlags, given: CommandContext): Promise<void> {
  const target = parseTarget(flags.to)
  refuseIdleFlags(flags, target)
  const inputs = inputsOf(files, flags)
  refuseSharedFiles(inputs, flags, given)
  const status = await StatusLine.on(given.stderr, flags.quiet !== true)
  const context = { ...inputs.context(given), stderr: status.stderr }
  const speak = (sentence: string): void => {
    if (flags.quiet !== true) say(context.stderr, sentence)
  }
  const shipment = await openShipment({ target, flags, inputs: inputs.names, say: speak }, context)
  try {
    const served = await serveShipment(shipment, flags.metrics, speak)
    status.show(() => progressOf(shipment))
    try {
      const all = { ...flags, ...idFlags(target, inputs.files, flags), ...inputs.flags }
      const records = deliveryOf(shipment, flags, target)
      given.ends(await runJob(inputs.files, all, context, { plan: { as: 'ndjson' }, records }))
    } catch (error) {
      // Reading ended before the delivery could say what became of the records.
      await shipment.close().then(
        (end) => speak(countsOf(end)),
        () => {},
      )
      throw error
    } finally {
      served?.close()
    }
  } finally {
    status.end()
    await shipment.close()
  }
}

/** What is read. */
interface ShipInputs {
  readonly files: readonly string[]
  readonly names: readonly (string | undefined)[]
  readonly flags: Partial<ConvertFlags>
  context(given: CommandContext): CommandContext
}

/** The files, or the records of a file of dead letters in the place of stdin. */
function inputsOf(files: readonly string[], { fromDeadLetter }: ShipFlags): ShipInputs {
  if (fromDeadLetter === undefined) {
    const paths = files.length === 0 ? ['-'] : files
    return { files: paths, names: paths.map((path) => (path === '-' ? undefined : path)), flags: {}, context: same }
  }
  if (files.length > 0) throw new UsageError('--from-dead-letter takes no other input', 'leave out the files')
  return {
    files: ['-'],
    names: [`dead letters of ${fromDeadLetter}`],
    flags: { from: `${OWN_NDJSON.adapter}:${OWN_NDJSON.format}` },
    context: (given) => ({ ...given, stdin: memoryStdin(deadLetterLines(fromDeadLetter)) }),
  }
}

function same(given: CommandContext): CommandContext {
  return given
}

/** The dead letters are appended to: they may be no input and no other output. Throws UsageError. */
function refuseSharedFiles({ files }: ShipInputs, flags: AllShipFlags, context: CommandContext): void {
  const { deadLetter, fromDeadLetter, quarantine, report } = flags
  if (deadLetter === '-') throw new UsageError('--dead-letter - names no file', 'name one')
  const outputs = [
    { as: '--dead-letter', path: deadLetter },
    { as: '--quarantine', path: quarantine },
    { as: '--report', path: report },
  ]
  const read: readonly Named[] =
    fromDeadLetter === undefined
      ? files.map(namedInput)
      : [{ as: `--from-dead-letter ${shellWord(fromDeadLetter)}`, path: fromDeadLetter }]
  new Outputs(
    outputs.filter(({ path }) => path !== undefined),
    read,
    context,
  )
}

/**
 * Where a platform knows records by their ids, each gets one. Stdin has no name: a salt of this run's keeps its ids
 * apart from those of equal bytes, and the spool keeps the ids.
 */
function idFlags(target: ShipTarget, files: readonly string[], { idSalt }: AllShipFlags): Partial<ConvertFlags> {
  if (target.platform !== 'es-bulk' && target.platform !== 'nats') return {}
  const isStdinAlone = files.length === 1 && files[0] === '-'
  return { id: true, ...(isStdinAlone && idSalt === undefined && { idSalt: randomUUID() }) }
}

function deliveryOf(shipment: Shipment, { drain }: ShipFlags, target: ShipTarget): RecordsDelivery {
  return {
    output: shipment.output,
    // What was read is to be sent, too.
    longestDrainMs: drain / 2,
    inputEnded: (isWhole) => shipment.inputEnded(isWhole),
    async finish(outcome, interruption, speak) {
      const end = await shipment.finish(outcome.cut === undefined, interruption)
      for (const sentence of sentencesOf(end)) speak(sentence)
      const { ledger, counts } = end
      const { found, read, known, spooled } = counts
      return { status: statusOf(end), shipped: { to: target.name, found, read, known, spooled, ...ledger } }
    },
  }
}

function statusOf({ ledger, imbalance, failure }: ShipmentEnd): RunOutcome['status'] {
  if (imbalance !== undefined) return 70
  if (failure !== undefined || ledger.left > 0) return 1
  return ledger.refused > 0 ? 3 : 0
}

function sentencesOf(end: ShipmentEnd): readonly string[] {
  const { imbalance, failure } = end
  return [
    ...(failure === undefined ? [] : [failure.message]),
    ...(imbalance === undefined ? [] : [`the books of shipping do not balance, please report it: ${imbalance}`]),
    countsOf(end),
  ]
}

function countsOf({ ledger, counts, keptWhere }: ShipmentEnd): string {
  const { acknowledged, refused, dead, left } = ledger
  const came = counts.found + counts.read - counts.known
  const parts = [
    `${came} to ship`,
    `${acknowledged} acknowledged`,
    `${refused} refused${refused > dead ? ` (${refused - dead} in no file: see --dead-letter)` : ''}`,
    ...(left > 0 ? [`${left} left ${keptWhere}`] : []),
  ]
  return parts.join(', ')
}

function progressOf({ ledger, counts, waiting }: Shipment): string {
  const { acknowledged, retried, refused } = ledger
  return `${counts.found + counts.read - counts.known} read, ${acknowledged} acknowledged, ${retried} retried, ${refused} refused, ${waiting} waiting`
}
