// What a shape writes is what the reader, the stages and the sink would have written: everything is converted twice.
import { expect } from 'vitest'
import { spotCheck } from '../../src/event/spot-check.ts'
import type { Output } from '../../src/output/output.ts'
import { ALL_COLUMNS } from '../../src/sinks/csv/columns.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { type Converter, openConverter, type Result } from './harness.ts'

/** Converts with shapes and without. */
export interface Both {
  /** With shapes. */
  readonly taking: Converter
  readonly reading: Converter
  convert(bytes: Buffer, sizes: readonly number[]): Promise<readonly [Result, Result]>
}

const TABLE = { columns: ALL_COLUMNS, delimiter: ',', header: true, bom: false, safe: false }

/** `isTable`: into CSV. */
export async function openBoth(args: readonly string[], isTable: boolean): Promise<Both> {
  const sinkTo = (output: Output): Sink =>
    isTable ? csvSink(output, TABLE, spotCheck('spot')) : ndjsonSink(output, spotCheck('spot'))
  const taking = await openConverter(args, '.', { openSink: sinkTo })
  const reading = await openConverter(args, '.', {
    openSink(output) {
      const { write, flush } = sinkTo(output)
      return { write, flush }
    },
  })
  return {
    taking,
    reading,
    convert: async (bytes, sizes) => [await taking.convert(bytes, sizes), await reading.convert(bytes, sizes)],
  }
}

/** `seed` names the input in a failure. */
export function expectSame([taken, read]: readonly [Result, Result], seed: string): void {
  expect(taken.fault, seed).toBe(undefined)
  expect(taken.ndjson === read.ndjson, `${seed}: ${differenceOf(taken.ndjson, read.ndjson)}`).toBe(true)
  expect(taken.rejected, seed).toEqual(read.rejected)
  expect(taken.report, seed).toBe(read.report)
}

function differenceOf(taken: string, read: string): string {
  const [a, b] = [taken.split('\n'), read.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  return `record ${at}\n${a[at]}\n${b[at]}`
}
