import { openCaptures, type SkippedEntry, type Unpacking } from '../input/captures.ts'
import type { Stdin } from '../input/stdin.ts'
import type { Rejected } from '../read/intake.ts'
import { exitStatus, type OnReject } from '../report/exit.ts'
import type { Quarantined } from '../sinks/quarantine.ts'
import type { Blindness } from '../stages/stage.ts'
import { shownName } from '../text/file-name.ts'
import type { CapturesBeside } from './beside.ts'
import { type Conversion, convertInput } from './convert-input.ts'
import type { Cut, InputOutcome } from './outcome.ts'
import { shapeOfCaptures } from './seeking.ts'
import { addInput, addSkipped, noTotals, type Totals } from './totals.ts'

/** A conversion of several inputs. */
export interface Job extends Omit<Conversion, 'rejected'> {
  /** Files in their order; `-` names `stdin`. */
  readonly paths: readonly string[]
  readonly stdin: Stdin
  readonly unpacking: Unpacking
  /** Undefined: side files are not looked for. */
  readonly beside?: CapturesBeside | undefined
  readonly onReject: OnReject
  /** The run stops when more units than this were rejected. Undefined: it does not stop. */
  readonly maxRejects: number | undefined
  readonly quarantine: ((unit: Quarantined) => void) | undefined
  /** Called with each rejected unit, to show it to people. */
  readonly showRejected: (unit: Quarantined) => void
  /** Called with each input at its end; nothing of it is kept. */
  readonly ended: (input: InputOutcome) => void
  /** Called with each entry of an archive that is not read. */
  readonly skipped: (entry: SkippedEntry) => void
}

/** What became of a run. */
export interface RunOutcome {
  readonly totals: Readonly<Totals>
  /** Stopped at `--max-rejects` or `--on-reject fail`. */
  readonly stopped: boolean
  /** Of the stages that could judge only some records. */
  readonly blindness: readonly Blindness[]
  readonly cut: Cut | undefined
  readonly status: 0 | 1 | 3 | 4 | 70
}

/**
 * Converts inputs in their order, each from a fresh state. An input that cannot be read does not stop the rest. The
 * sink is flushed and not ended. Throws what the output throws.
 */
export async function convert(job: Job): Promise<RunOutcome> {
  const totals = noTotals()
  let rejects = 0
  let stopped = false
  const rejected = (unit: Rejected, reader: string | undefined, path: string): boolean => {
    const { line, offset, bytes, column, why } = unit
    const quarantined = { path, line, offset, bytes, reader, why: why.word, text: why.text, column }
    job.quarantine?.(quarantined)
    job.showRejected(quarantined)
    rejects++
    stopped = job.onReject === 'fail' || (job.maxRejects !== undefined && rejects > job.maxRejects)
    return stopped
  }
  let cut: Cut | undefined
  const shape = shapeOfCaptures(job.adapters)
  const isDone = (): boolean => stopped || cut !== undefined || job.stages.some((stage) => stage.isDone?.() === true)
  for (const [index, path] of job.paths.entries()) {
    if (isDone()) break
    const isLast = index === job.paths.length - 1
    const source = { ...job, ...shape, isLast }
    const beside = job.beside?.of(path, source)
    for await (const found of openCaptures(path, source)) {
      if (found.as === 'skipped') {
        addSkipped(totals, found.why)
        job.skipped({ ...found, path: shownName(found.path) })
      } else {
        const own = await beside?.of(found)
        // A side file out of an archive.
        if (beside !== undefined && own === undefined) continue
        const outcome = await convertInput(found.bytes, shownName(found.path), { ...job, ...own, rejected })
        own?.note(outcome)
        addInput(totals, outcome)
        job.ended(outcome)
        cut = outcome.cut
      }
      if (isDone()) break
    }
  }
  return runOutcome(totals, stopped, cut, job)
}

/** What became of a run that has come to its end. */
export function runOutcome(
  totals: Readonly<Totals>,
  stopped: boolean,
  cut: Cut | undefined,
  { stages, onReject }: Pick<Job, 'stages' | 'onReject'>,
): RunOutcome {
  const blindness = stages.flatMap((stage) => stage.blindness?.() ?? [])
  return { totals, stopped, blindness, cut, status: statusOf(totals, stopped, blindness, onReject) }
}

function statusOf(
  totals: Totals,
  stopped: boolean,
  blindness: readonly Blindness[],
  onReject: OnReject,
): RunOutcome['status'] {
  return exitStatus(
    {
      internal: totals.bugs,
      failed: totals.failed,
      stopped,
      rejected: totals.rejected + totals.unjudged,
      notUnderstood: totals.notUnderstood,
      unjudged: blindness.some(({ judged }) => judged === 0),
    },
    onReject,
  )
}
