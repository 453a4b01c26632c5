import type { Adapter } from '../contract.ts'
import { type SpotCheck, spotCheck } from '../event/spot-check.ts'
import type { Patience } from '../input/patience.ts'
import type { Output } from '../output/output.ts'
import type { OnReject } from '../report/exit.ts'
import type { Cores } from '../run/convert-input.ts'
import type { Plan } from '../run/plan.ts'
import { type Wired, wire } from '../run/wire.ts'

/** How the files of a batch are converted, as plain data: a thread or another machine can be given it. */
export interface BatchPlan {
  readonly plan: Plan
  /** Of the results. */
  readonly folder: string
  /** Of the names of results: `.ndjson`, `.csv.gz`. */
  readonly ending: string
  /** The folder of rejected bytes. */
  readonly quarantine: string | undefined
  readonly onReject: OnReject
  /** Of each capture. */
  readonly maxRejects: number | undefined
  /** Of all that decides what results hold. */
  readonly optionsSha256: string
  /** Of tracenorm. */
  readonly version: string
}

/** What a workbench has of its thread. */
export interface Surroundings {
  readonly adapters: readonly Adapter[]
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly patience: Patience
  /** Threads that share a large file with this one. Undefined: this thread alone converts. */
  readonly cores?: ((wired: Wired, output: Output) => Cores) | undefined
}

/** All that a thread needs to convert files, made ready once. */
export class Workbench {
  readonly batch: BatchPlan
  readonly surroundings: Surroundings
  /** The lines of all results are checked as those of one run. */
  readonly check: SpotCheck
  private bare: Promise<Wired> | undefined

  constructor(batch: BatchPlan, surroundings: Surroundings) {
    this.batch = batch
    this.surroundings = surroundings
    this.check = spotCheck(batch.plan.validate)
  }

  /** Throws UsageError and InputError. */
  wired(): Promise<Wired> {
    this.bare ??= wire(this.batch.plan, this.surroundings.adapters)
    return this.bare
  }
}
