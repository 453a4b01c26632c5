import type { Input, Report, Totals } from '../event/generated/report-types.ts'
import type { Ledger } from '../read/ledger.ts'

/** What a run counted of one input. */
export interface InputCounts {
  readonly path: string
  readonly ledger: Ledger
  readonly kinds: ReadonlyMap<string, number>
  readonly dropped: number
  readonly readers: Input['readers']
  readonly codesLeft: ReadonlyMap<number, number>
  readonly conflicts: ReadonlyMap<string, number>
  readonly hints: ReadonlySet<string>
  readonly assumptions: ReadonlySet<string>
  readonly failure: string | undefined
  readonly notUnderstood: boolean
  readonly notRecognised: boolean
  readonly bugs: readonly string[]
  /** How many entries the lists had no room for, by list. */
  readonly more: Readonly<Record<keyof NonNullable<Input['more']>, number>>
}

/** How a run ended. */
export interface RunEnd {
  readonly status: Report['status']
  readonly stopped: boolean
  /** The signal that ended the run before all was read. */
  readonly interrupted?: Report['interrupted'] | undefined
  /** Of a run that shipped its records. */
  readonly shipped?: Report['shipped'] | undefined
}

/** An entry of an archive that was not read. */
type Skipped = NonNullable<Report['skipped']>[number]

/** So many of them are listed; of the others the number is kept. */
const MOST_SKIPPED = 1000

/** What known kernels call a reason's number. */
export type Candidates = Input['codes_left'][number]['candidates']

/**
 * Writes the report of a run (schemas/report.v1.schema.json). Each input is written when it ends, so nothing of it is
 * kept. `candidatesOf` gives what known kernels call a reason's number.
 */
export class ReportText {
  private readonly write: (text: string) => void
  private readonly candidatesOf: (code: number) => Candidates
  private totals = NOTHING
  private notRecognised = 0
  private readonly left: Skipped[] = []
  private moreLeft = 0
  private isFirst = true

  constructor(version: string, candidatesOf: (code: number) => Candidates, write: (text: string) => void) {
    this.write = write
    this.candidatesOf = candidatesOf
    write(`{\n  "v": 1,\n  "version": ${JSON.stringify(version)},\n  "inputs": [`)
  }

  input(outcome: InputCounts): void {
    this.add(inputReport(outcome, this.candidatesOf))
  }

  /** An input of which the report was made before. */
  add(input: Input): void {
    this.totals = add(this.totals, totalsOf(input))
    if (input.not_recognised === true) this.notRecognised++
    this.write(`${this.isFirst ? '' : ','}\n    ${indented(input, '    ')}`)
    this.isFirst = false
  }

  /** An entry of an archive that was not read. */
  skipped({ path, why }: Skipped): void {
    if (this.left.length < MOST_SKIPPED) this.left.push({ path, why })
    else this.moreLeft++
  }

  end({ status, stopped, interrupted, shipped }: RunEnd): void {
    const { totals, notRecognised, left, moreLeft } = this
    const end = {
      ...(left.length > 0 && { skipped: left }),
      ...(moreLeft > 0 && { more_skipped: moreLeft }),
      ...(notRecognised > 0 && { not_recognised: notRecognised }),
      totals,
      status,
      stopped,
      ...(interrupted !== undefined && { interrupted }),
      ...(shipped !== undefined && { shipped }),
    }
    // These members complete the object that the constructor opened.
    this.write(`${this.isFirst ? '' : '\n  '}],${indented(end, '').slice(1)}\n`)
  }
}

function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${indent}`)
}

/** What a report says of an input. */
export function inputReport(input: InputCounts, candidatesOf: (code: number) => Candidates): Input {
  const { ledger } = input
  return {
    path: input.path,
    bytes: ledger.bytesRead,
    units: ledger.units,
    records: { made: ledger.made, written: ledger.written, left_out: leftOutOf(ledger) },
    kinds: Object.fromEntries(input.kinds),
    dropped: input.dropped,
    undecoded: ledger.undecoded,
    foreign: ledger.foreign,
    ambiguous: ledger.ambiguous,
    readers: input.readers,
    codes_left: [...input.codesLeft].map(([code, count]) => ({ code, count, candidates: candidatesOf(code) })),
    conflicts: [...input.conflicts].map(([text, count]) => ({ text, count })),
    hints: [...input.hints, ...input.assumptions],
    ...(input.failure !== undefined && { failure: input.failure }),
    not_understood: input.notUnderstood,
    ...(input.notRecognised && { not_recognised: true }),
    bugs: input.bugs,
    ...(Object.values(input.more).some((count) => count > 0) && { more: input.more }),
  }
}

/** `unfit` only where there are any: most products can hold every record. */
function leftOutOf({ leftOut: { unfit, ...leftOut } }: Ledger): Totals['records']['left_out'] {
  return unfit > 0 ? { ...leftOut, unfit } : leftOut
}

function totalsOf({ bytes, units, records, kinds, dropped, undecoded, foreign, ambiguous }: Input): Totals {
  return { bytes, units, records, kinds, dropped, undecoded, foreign, ambiguous }
}

const NO_UNITS = { units: 0, bytes: 0 }
const NOTHING: Totals = {
  bytes: 0,
  units: {
    data: NO_UNITS,
    message: NO_UNITS,
    structure: NO_UNITS,
    blank: NO_UNITS,
    rejected: NO_UNITS,
    unread: NO_UNITS,
  },
  records: { made: 0, written: 0, left_out: { kind: 0, where: 0, limit: 0, sample: 0, invalid: 0 } },
  kinds: {},
  dropped: 0,
  undecoded: 0,
  foreign: 0,
  ambiguous: 0,
}

function add(a: Totals, b: Totals): Totals {
  return {
    bytes: a.bytes + b.bytes,
    units: {
      data: sum(a.units.data, b.units.data),
      message: sum(a.units.message, b.units.message),
      structure: sum(a.units.structure, b.units.structure),
      blank: sum(a.units.blank, b.units.blank),
      rejected: sum(a.units.rejected, b.units.rejected),
      unread: sum(a.units.unread, b.units.unread),
    },
    records: {
      made: a.records.made + b.records.made,
      written: a.records.written + b.records.written,
      left_out: sum(a.records.left_out, b.records.left_out),
    },
    kinds: sum(a.kinds, b.kinds),
    dropped: a.dropped + b.dropped,
    undecoded: a.undecoded + b.undecoded,
    foreign: a.foreign + b.foreign,
    ambiguous: a.ambiguous + b.ambiguous,
  }
}

function sum<T extends { readonly [key: string]: number }>(a: T, b: T): T {
  const total: Record<string, number> = { ...a }
  for (const [key, value] of Object.entries(b)) total[key] = (total[key] ?? 0) + value
  return { ...b, ...a, ...total }
}
