import type { Adapter } from '../contract.ts'
import { type SpotCheck, spotCheck } from '../event/spot-check.ts'
import type { Unpacking } from '../input/captures.ts'
import type { Patience } from '../input/patience.ts'
import { programIn } from '../input/program.ts'
import type { Output } from '../output/output.ts'
import type { OnReject } from '../report/exit.ts'
import type { Cores } from '../run/convert-input.ts'
import { engineOf } from '../run/parquet-engine.ts'
import type { Plan } from '../run/plan.ts'
import type { LoadedSideFile } from '../run/side-files.ts'
import type { Wired } from '../run/wire.ts'
import { type WiredBeside, wireBeside } from '../run/wire-beside.ts'

/** How the files of a batch are converted, as plain data: a thread or another machine can be given it. */
export interface BatchPlan {
  readonly plan: Plan
  /** Of the results. */
  readonly folder: string
  /** Of the names of results: `.ndjson`, `.csv.gz`. */
  readonly ending: string
  readonly unpacking: Unpacking
  /** Side files in archives are used. */
  readonly usesSideFiles: boolean
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
  /** The folder of the package. */
  readonly home: URL
  /** Threads that share a large file with this one. Undefined: this thread alone converts. */
  readonly cores?: ((wired: Wired, output: Output) => Cores) | undefined
}

/** All that a thread needs to convert files, made ready once. */
export class Workbench {
  readonly batch: BatchPlan
  readonly surroundings: Surroundings
  /** The lines of all results are checked as those of one run. */
  readonly check: SpotCheck
  /** The file of the program zstd, where results are packed by it. */
  readonly zstd: string | undefined
  private readonly ready = new Map<string, Promise<WiredBeside>>()

  constructor(batch: BatchPlan, surroundings: Surroundings) {
    this.batch = batch
    this.surroundings = surroundings
    this.check = spotCheck(batch.plan.validate)
    this.zstd = batch.ending.endsWith('.zst') ? programIn(batch.unpacking.searchPath, 'zstd') : undefined
  }

  /** The plan with these side files, made ready. Throws UsageError and InputError. */
  wired(side: readonly LoadedSideFile[]): Promise<WiredBeside> {
    // With the path, which the sentence about a file has.
    const key = side.map(({ use, sha256, file }) => `${use} ${sha256} ${file}`).join('\n')
    const known = this.ready.get(key)
    if (known !== undefined) return known
    const { adapters, home } = this.surroundings
    const { plan, unpacking } = this.batch
    const engine = engineOf(plan.product, home, unpacking.folder)
    const wired = engine.then((parquet) => wireBeside(plan, adapters, side, { parquet }))
    if (this.ready.size === MOST_READY) this.ready.clear()
    this.ready.set(key, wired)
    return wired
  }
}

/** A tree has few side files, and each of these has some MiB. */
const MOST_READY = 4
