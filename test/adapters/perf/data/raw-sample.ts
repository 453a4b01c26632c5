// Samples of raw data alone, made by hand.
import { readAttribute } from '../../../../adapters/perf/data/attribute.ts'
import type { Sample } from '../../../../adapters/perf/data/sample.ts'

export function rawSample(raw: Buffer, over: Partial<Sample> = {}): Sample {
  return {
    view: new DataView(raw.buffer, raw.byteOffset, raw.length),
    bytes: raw,
    isLittle: true,
    attribute: readAttribute(Buffer.alloc(64), true, 0),
    cpuMode: 1,
    pid: 7,
    tid: 7,
    ip: 0,
    chain: 0,
    chainLength: 0,
    raw: 0,
    rawEnd: raw.length,
    hasUserStack: false,
    ...over,
  }
}

/** A sample of a call chain alone. */
export function chainSample(addresses: readonly bigint[], over: Partial<Sample> = {}): Sample {
  const bytes = Buffer.alloc(8 * addresses.length)
  for (const [of, address] of addresses.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, address), 8 * of)
  return rawSample(bytes, { chainLength: addresses.length, ...over })
}
