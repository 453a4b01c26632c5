// Formats that the user gives: files of tracefs, `events/SYSTEM/EVENT/format`.
import type { FlagValue } from '../../../src/contract.ts'
import { fullEventName } from '../../../src/kernel/event-systems.ts'
import { readFormatText } from './format-text.ts'
import type { SystemFormat } from './tracing-data.ts'

/** Of hosts that perf records on today. */
const LONG_BYTES = 8

/**
 * The formats in the value of `--formats`: a path, its text, the next path, … Where the path does not say the system,
 * the table of known events does. A file that is no format gives none.
 */
export function givenFormats(value: FlagValue | undefined): readonly SystemFormat[] {
  if (!Array.isArray(value)) return []
  const formats: SystemFormat[] = []
  for (let at = 0; at + 1 < value.length; at += 2) {
    const path = String(value[at])
    const text = String(value[at + 1])
    const format = readFormatText(text, LONG_BYTES)
    if (format === undefined) continue
    const [event, system] = path.split('/').reverse().slice(1)
    const known = fullEventName(format.name)?.split(':')[0]
    const own = event === format.name ? system : known
    if (own !== undefined) formats.push({ system: own, format, text })
  }
  return formats
}
