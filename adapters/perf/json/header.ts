// `headers` of the document. See docs/formats/perf-json.md, "Headers".
import type { Facts } from '../../../src/contract.ts'
import type { ClockId } from '../../../src/event/words.ts'
import { type JsonValue, member } from '../../../src/text/json-value.ts'
import { utf8 } from '../../../src/text/utf8.ts'

/** What the headers say. */
export interface DocumentHeader {
  readonly facts: Facts
  /** The clock of the samples' timestamps. */
  readonly clock: ClockId
}

/** clockid_t of include/uapi/linux/time.h. */
const CLOCKS: ReadonlyMap<string, ClockId> = new Map([
  ['0', 'realtime'],
  ['1', 'monotonic'],
  ['4', 'monotonic_raw'],
  ['7', 'boottime'],
  ['11', 'tai'],
])
/** The wall clock of the pair was read by gettimeofday, in microseconds (tools/perf/builtin-record.c, perf 7.2). */
const UNCERTAINTY_NS = 1000

export function readHeader(value: JsonValue): DocumentHeader {
  const host = textOf(value, 'hostname')
  const kernel = textOf(value, 'os-release')
  const clock = clockOf(value, host !== undefined)
  const ns = integerOf(value, 'clock-time')
  const realtimeNs = integerOf(value, 'real-time')
  const hasPair = clock !== 'unknown' && clock !== 'perf' && ns !== undefined && realtimeNs !== undefined
  return {
    facts: {
      ...(host !== undefined && { host }),
      ...(kernel !== undefined && { kernel }),
      ...(hasPair && { clock: { id: clock, ns, realtimeNs, uncertaintyNs: UNCERTAINTY_NS } }),
    },
    clock,
  }
}

/**
 * perf's own clock where the headers name no other. A recording from a pipe has empty headers (perf 7.2), which do not
 * say whether it has a clock of its own.
 */
function clockOf(value: JsonValue, isFilled: boolean): ClockId {
  const id = member(value, 'clockid')
  if (id !== undefined) return (id.kind === 'bare' ? CLOCKS.get(id.text) : undefined) ?? 'unknown'
  return isFilled ? 'perf' : 'unknown'
}

/** Undefined where it is empty. */
function textOf(value: JsonValue, key: string): string | undefined {
  const found = member(value, key)
  return found?.kind === 'string' && found.bytes !== '' ? utf8(found.bytes) : undefined
}

/** Decimal digits. */
function integerOf(value: JsonValue, key: string): string | undefined {
  const found = member(value, key)
  return found?.kind === 'bare' && /^(?:0|[1-9]\d{0,19})$/.test(found.text) ? found.text : undefined
}
