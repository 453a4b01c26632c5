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
    const own = systemIn(path, format.name) ?? fullEventName(format.name)?.split(':')[0]
    if (own !== undefined) formats.push({ system: own, format, text })
  }
  return formats
}

/** Of `…/skb/kfree_skb/format`, and of `…/format.skb.kfree_skb.txt`. */
function systemIn(path: string, event: string): string | undefined {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  if (name === 'format') return folders.at(-1) === event ? folders.at(-2) : undefined
  const [first, system, word] = name.split('.')
  return first === 'format' && word === event ? system : undefined
}
