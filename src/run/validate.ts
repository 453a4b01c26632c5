import type { Adapter } from '../contract.ts'
import { convertInput, type InputChunks } from './convert-input.ts'
import { BARE_PLAN, type Plan, type ReaderName } from './plan.ts'
import { NOWHERE } from './product.ts'
import { type Wired, wire } from './wire.ts'

/** A line of NDJSON that is not an event. */
export interface InvalidLine {
  /** Of the file. */
  readonly path: string
  readonly line: number
  readonly why: string
}

/** What the check of a file came to. */
export interface Checked {
  /** Events and invalid lines. */
  readonly lines: number
  readonly invalid: number
  /** Why it could not be read to its end. */
  readonly failure: string | undefined
}

/** `open`: members that the schema does not name are allowed, as published events may have them. */
export type SchemaExtent = 'open' | 'strict'

/**
 * Makes the check of NDJSON ready. It is a conversion that writes nothing: a line is valid if, and only if, `filter`
 * lets it pass.
 */
export async function wireValidation(
  from: ReaderName,
  extent: SchemaExtent,
  adapters: readonly Adapter[],
): Promise<Wired> {
  const plan: Plan = {
    ...BARE_PLAN,
    from,
    stages: extent === 'strict' ? [{ stage: 'strict' }] : [],
    product: { as: 'nothing' },
  }
  return wire(plan, adapters)
}

/** Checks the bytes of a file line by line. `report` is called with each invalid line. */
export async function validateFile(
  path: string,
  bytes: InputChunks,
  { conversion }: Wired,
  report: (found: InvalidLine) => void,
): Promise<Checked> {
  let invalid = 0
  let lastLine = 0
  const { ledger, failure } = await convertInput(bytes, path, {
    ...conversion,
    sink: NOWHERE,
    rejected({ line = 1, why }) {
      // A long line is rejected piecewise.
      if (line === lastLine) return false
      lastLine = line
      invalid++
      report({ path, line, why: why.text })
      return false
    },
  })
  return { lines: ledger.written + invalid, invalid, failure }
}
