// What a run is meant to do, as plain data. Commands make a plan of the flags, and wire.ts makes a conversion of the
// plan.
import type { FlagValue } from '../contract.ts'
import type { BatchLimits } from '../envelopes/batch.ts'
import type { EnvelopePlan } from '../envelopes/envelope.ts'
import type { Fallback } from '../envelopes/time.ts'
import type { FieldName } from '../event/field-names.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import type { ClockId, Kind } from '../event/words.ts'
import type { DecodedBy, ReasonTable } from '../kernel/reasons/reasons.ts'
import type { CsvForm } from '../sinks/csv.ts'
import type { Terminal } from '../sinks/summary/page.ts'
import type { Selection } from '../stages/select.ts'
import type { StampOptions } from '../stages/stamp.ts'
import type { FilterExpression } from '../stages/where.ts'

/**
 * How inputs are converted; which inputs, and where the output goes, is not part of it. It holds data alone, no
 * function and no instance of a class, so that `structuredClone` copies it without loss and a worker thread can be
 * given it.
 */
export interface Plan {
  /** The reader that the user named. Undefined: readers are found by content. */
  readonly from: ReaderName | undefined
  /** The name of the adapter that a flag implies: it reads the lines of which no reader is sure. */
  readonly implied: string | undefined
  readonly given: Given
  readonly stamp: StampOptions
  /** In the order in which records pass them. */
  readonly stages: readonly StagePlan[]
  readonly product: ProductPlan
  /** How many of the lines that leave are read back and checked. */
  readonly validate: 'spot' | 'full'
}

/** A reader in words. Without a format the first line decides on one. */
export interface ReaderName {
  readonly adapter: string
  readonly format: string | undefined
}

/** What the user gave beside the inputs; files are read already. */
export interface Given {
  /** The values of the adapters' own flags. */
  readonly flags: Readonly<Record<string, FlagValue>>
  /** Values that are read beside each capture, under the names that they get in `flags`. */
  readonly beside: Readonly<Record<string, FileBeside>>
  /** `--kernel` */
  readonly kernel: string | undefined
  /** `--distro` */
  readonly distro: string | undefined
  /** `--reasons`. It is preferred to the snapshot, and the snapshot to `kernel`. */
  readonly reasons: GivenReasons | undefined
  /** `--snapshot` */
  readonly snapshot: GivenSnapshot | undefined
  readonly time: GivenTime
}

/** The one file with this ending (`.bt`) in the folder of a capture. */
export interface FileBeside {
  /** The flag that asks for it, for messages: `--program auto`. */
  readonly flag: string
  readonly ending: string
}

/** The drop reasons of the capturing kernel, as a file has them. */
export interface GivenReasons {
  readonly table: ReasonTable
  readonly by: DecodedBy
}

export interface GivenSnapshot {
  readonly snapshot: Snapshot
  /** It was taken of this host when the run began. A capture of another host is then refused. */
  readonly isSelf: boolean
}

export interface GivenTime {
  /** `--timezone`, by its name: `Europe/Berlin`, `+05:45`. */
  readonly zone?: string
  /** `--clock` */
  readonly clock?: ClockId
  /** `--boot-time`: nanoseconds since 1970. */
  readonly bootNs?: bigint
}

/** One stage between the readers and the sink. */
export type StagePlan =
  | { readonly stage: 'kind'; readonly kinds: ReadonlySet<Kind> }
  /** Counts records without `ts`; `flags` are those that judge by it. */
  | { readonly stage: 'ts-watch'; readonly flags: string }
  | { readonly stage: 'where'; readonly expressions: readonly FilterExpression[] }
  | { readonly stage: 'sample'; readonly each: number }
  | { readonly stage: 'limit'; readonly most: number }
  | { readonly stage: 'select'; readonly selection: Selection }
  /** Rejects our own lines that have members which the schema does not name. */
  | { readonly stage: 'strict' }
  /** Rejects records with values that the columns of a Parquet file cannot hold. */
  | { readonly stage: 'storable' }

/** What is made of records. */
export type ProductPlan =
  | { readonly as: 'ndjson' }
  | { readonly as: 'csv'; readonly form: CsvForm }
  | SummaryPlan
  | EnvelopesPlan
  | { readonly as: 'parquet' }
  /** Nothing is written: records are only checked. */
  | { readonly as: 'nothing' }

/** Request bodies of a log platform. */
export interface EnvelopesPlan {
  readonly as: 'envelopes'
  readonly envelope: EnvelopePlan
  readonly fallback: Fallback
  /** Undefined: one body without end. */
  readonly limits: BatchLimits | undefined
  /** Each body is a line, or what one call writes. */
  readonly bodies: 'lines' | 'writes'
}

export interface SummaryPlan {
  readonly as: 'summary'
  /** Fields that are counted together, beside the usual lists. */
  readonly by: readonly FieldName[]
  /** Lines of a list. */
  readonly top: number
  /** One JSON document, or a page for this terminal. */
  readonly page: 'json' | Terminal
}

/** The user gave nothing beside the inputs. */
export const NOTHING_GIVEN: Given = {
  flags: {},
  beside: {},
  kernel: undefined,
  distro: undefined,
  reasons: undefined,
  snapshot: undefined,
  time: {},
}

/** A run without flags, and without stages: all records are written as NDJSON. */
export const BARE_PLAN: Plan = {
  from: undefined,
  implied: undefined,
  given: NOTHING_GIVEN,
  stamp: { host: undefined, labels: undefined, provenance: 'line', id: undefined },
  stages: [],
  product: { as: 'ndjson' },
  validate: 'spot',
}
