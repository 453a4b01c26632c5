import { expect } from 'vitest'
import { spotCheck } from '../../src/event/spot-check.ts'
import type { Output } from '../../src/output/output.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { openConverter } from './harness.ts'

/** How many lines of the capture went past their reader. */
export async function takenOf(
  capture: string,
  args: readonly string[] = [],
  open: (output: Output) => Sink = (output) => ndjsonSink(output, spotCheck('spot')),
): Promise<number> {
  let taken = 0
  const converter = await openConverter(args, '.', {
    openSink(output) {
      const sink = open(output)
      const { repeats } = sink
      if (repeats === undefined) return sink
      const writeBytes = (bytes: Uint8Array): void => {
        for (const byte of bytes) if (byte === 10) taken++
        repeats.writeBytes(bytes)
      }
      return { ...sink, repeats: { ...repeats, writeBytes } }
    },
  })
  const { fault } = await converter.convert(Buffer.from(capture, 'latin1'))
  expect(fault).toBe(undefined)
  return taken
}
