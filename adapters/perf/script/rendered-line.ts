// A line in any rendering: as perf printed it, or as it was pasted.
import type { Context } from '../../../src/contract.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { blanksEnd } from '../../../src/text/scan.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { isTracepoint } from './column-evidence.ts'
import { type ColumnFault, ColumnReader, NO_COLUMNS, type SampleColumns } from './columns.ts'
import { type Layouts, UNKNOWN_LAYOUT } from './fields.ts'
import { COMM_COLUMN } from './head.ts'
import { payloadAloneAt } from './payload-alone.ts'
import type { SampleGrammar } from './sample.ts'
import { TrailingReader } from './trailing.ts'

/** The columns of a line, or of several that belong together. */
export interface RenderedLine {
  /** Latin1, without quotes and terminal control, and without indentation where it was pasted. */
  readonly text: string
  readonly columns: SampleColumns
  /** What follows the columns. */
  readonly rest: string
  readonly grammar: SampleGrammar
  readonly isPasted: boolean
}

/** Reads columns by the lists of `--perf-fields`. Without the flag it tries any layout. */
export class RenderedLineReader {
  private readonly grammars: readonly { readonly columns: ColumnReader; readonly grammar: SampleGrammar }[]
  private readonly isGiven: boolean

  constructor(layouts: Layouts | undefined, context: Context) {
    const all = layouts === undefined ? [UNKNOWN_LAYOUT] : [layouts.trace, layouts.other]
    this.grammars = all.map((layout) => ({
      columns: new ColumnReader(layout),
      grammar: { layout, trailing: new TrailingReader(layout), context },
    }))
    this.isGiven = layouts !== undefined
  }

  /** Reads a line (latin1, without its end) as it is, or without terminal control, or without quotes and padding. */
  read(raw: string, width: number | undefined): RenderedLine | ColumnFault | undefined {
    const plain = raw.includes('\x1b') || raw.includes('\r') ? plainText(raw) : raw
    const starts = raw.charCodeAt(0) === 27 ? [plain] : plain === raw ? [raw] : [raw, plain]
    for (const text of starts) {
      const rendered = this.readText(text, width, false)
      if (rendered !== undefined) return rendered
    }
    return this.readText(unquoted(plain), width, true)
  }

  /** A head with nothing after its event's name. Only frames in the next lines show that it is one. */
  readLoneHead(raw: string, width: number | undefined): RenderedLine | undefined {
    const text = unquoted(plainText(raw))
    const [first] = this.isGiven ? [] : this.grammars
    const columns = first?.columns.readLoneHead(text, width)
    if (first === undefined || columns === undefined) return undefined
    return { text, columns, rest: '', grammar: first.grammar, isPasted: text !== raw }
  }

  /** `width` is that of the TID column, where it is known. With `isPasted`, blanks and indentation say nothing. */
  readText(text: string, width: number | undefined, isPasted: boolean): RenderedLine | ColumnFault | undefined {
    for (const [index, { columns: reader, grammar }] of this.grammars.entries()) {
      const columns = reader.read(text, width, isPasted)
      if (columns === undefined) continue
      if ('fault' in columns) return columns
      const isTrace = columns.event === undefined || isTracepoint(columns.event) || columns.event === 'kfree_skb'
      // Columns of tracepoints first, then those of other events, where --perf-fields gave two lists.
      if (index === 0 && !isTrace && this.grammars.length > 1) continue
      return { text, columns, rest: text.slice(columns.end), grammar, isPasted }
    }
    return this.isGiven ? undefined : payloadAlone(text, this.grammars[0]?.grammar, isPasted)
  }
}

function payloadAlone(text: string, grammar: SampleGrammar | undefined, isPasted: boolean): RenderedLine | undefined {
  const end = payloadAloneAt(text)
  if (end === undefined || grammar === undefined) return undefined
  const shape = isPasted ? 'collapsed' : end > 0 ? 'padded' : 'bare'
  const comm = end > 0 ? text.slice(Math.min(blanksEnd(text, 0), COMM_COLUMN), COMM_COLUMN) : undefined
  return { text, columns: { ...NO_COLUMNS, comm, end, shape }, rest: text.slice(end), grammar, isPasted }
}
