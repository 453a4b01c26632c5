import type { FieldName } from '../event/field-names.ts'
import type { SpotCheck } from '../event/spot-check.ts'
import { type Explanations, loadExplanations } from '../kernel/reasons/bundle.ts'
import { dropOrigin } from '../kernel/sections.ts'
import type { Output } from '../output/output.ts'
import { csvSink } from '../sinks/csv.ts'
import { ndjsonSink } from '../sinks/ndjson.ts'
import type { ParquetEngine } from '../sinks/parquet/engine.ts'
import type { ParquetSink } from '../sinks/parquet.ts'
import type { Sink } from '../sinks/sink.ts'
import { type SummarySink, summarySink } from '../sinks/summary/collect.ts'
import { documentOf, type Unread, unreadSentences } from '../sinks/summary/document.ts'
import { type Explained, renderSummary } from '../sinks/summary/render.ts'
import { lookUp } from '../text/look-up.ts'
import { printableJson } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import type { RunOutcome } from './convert.ts'
import type { Knowledge } from './knowledge.ts'
import type { ProductPlan, SummaryPlan } from './plan.ts'

/** A product at work. */
export interface OpenProduct {
  readonly sink: Sink
  /** All records came: writes what is said of all of them together. */
  finish(outcome: RunOutcome): Promise<void>
  /** Nothing more is asked of it, finished or not. */
  close(): void
}

/** Opens a product that writes to `output`. `check` chooses the lines that are read back. */
export type ProductOpener = (output: Output, check: SpotCheck) => OpenProduct

/** What some products need beside the records. */
export interface ProductTools {
  /** The wall clock in nanoseconds since 1970. */
  readonly now?: () => bigint
  readonly parquet?: ParquetEngine | undefined
}

type CandidatesOf = Knowledge['candidatesOf']

/** Loads the code of a product. Throws RangeError where it needs a tool that is not there. */
export async function openerOf(
  plan: ProductPlan,
  candidatesOf: CandidatesOf,
  { now, parquet }: ProductTools,
): Promise<ProductOpener> {
  switch (plan.as) {
    case 'ndjson':
      return (output, check) => bare(ndjsonSink(output, check))
    case 'csv':
      return (output, check) => bare(csvSink(output, plan.form, check))
    case 'summary':
      return (output, check) => openSummary(plan, output, check, candidatesOf)
    case 'envelopes': {
      if (now === undefined) throw new RangeError('no clock for envelopes')
      // On demand: few runs feed a platform.
      const { openEnvelopes } = await import('./envelopes.ts')
      return (output, check) => openEnvelopes(plan, output, check, now)
    }
    case 'parquet': {
      if (parquet === undefined) throw new RangeError('no engine for Parquet')
      const { parquetSink } = await import('../sinks/parquet.ts')
      return (output, check) => openParquet(parquetSink(output, check, parquet))
    }
    case 'nothing':
      return () => bare(NOWHERE)
  }
}

/** Takes records and writes nothing. */
export const NOWHERE: Sink = { write() {}, flush() {} }

function bare(sink: Sink): OpenProduct {
  return { sink, async finish() {}, close() {} }
}

function openParquet(sink: ParquetSink): OpenProduct {
  return {
    sink,
    async finish({ totals: { written } }) {
      const rows = await sink.finish()
      if (rows !== written) throw new Error(`${written} records were written, and ${rows} are in the Parquet file`)
    },
    close: () => sink.close(),
  }
}

function openSummary(plan: SummaryPlan, output: Output, check: SpotCheck, candidatesOf: CandidatesOf): OpenProduct {
  const sink = summarySink(plan.by, (event) => dropOrigin(event) !== undefined, check)
  return {
    sink,
    async finish(outcome) {
      output.write(latin1(await summaryText(plan, sink, unreadOf(outcome), candidatesOf)))
    },
    close() {},
  }
}

async function summaryText(
  { by, top, page }: SummaryPlan,
  sink: SummarySink,
  unread: Unread,
  candidatesOf: CandidatesOf,
): Promise<string> {
  const summary = sink.summary(top)
  const fields = by.map(pathOf)
  if (page === 'json') return `${printableJson(documentOf(summary, fields, unread), 2)}\n`
  const explain = explainer(await loadExplanations(), candidatesOf)
  return renderSummary(summary, { explain, by: fields, unread: unreadSentences(unread) }, page)
}

function pathOf({ member, key }: FieldName): string {
  return key === undefined ? member : `${member}.${key}`
}

function unreadOf({ totals: { rejected, undecoded, ambiguous, foreign, failures, failed } }: RunOutcome): Unread {
  const more = failed - failures.length
  return {
    rejected,
    undecoded,
    ambiguous,
    foreign,
    failures: more === 0 ? failures : [...failures, `and ${more} more inputs could not be read`],
  }
}

/** What a reason means. Of a number without a name: the names that it has in known kernels. */
function explainer(explanations: Explanations, candidatesOf: CandidatesOf): (reason: string) => Explained | undefined {
  return (reason) => {
    const [, code] = /^code (\d+)$/.exec(reason) ?? []
    if (code === undefined) return lookUp(explanations.reasons, reason)
    const names = candidatesOf(Number(code)).map(({ name }) => name)
    return names.length === 0 ? undefined : { meaning: `by kernel ${names.join(', ')}: give --kernel` }
  }
}
