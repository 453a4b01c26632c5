// Lines that belong to the sample before them: its source line, the output of a BPF program.
import { asObject, sealJson } from '../../../src/event/part.ts'
import { addFlag, type EventRecord } from '../../../src/event/record.ts'
import { payloadPart } from '../../../src/kernel/event-record.ts'
import { contentOf, lineAt, type Next, type TextLine } from '../../../src/text/lines.ts'
import { readSourceLine } from './frame.ts'
import { readDump } from './wrapped.ts'

/**
 * Reads these lines, from `from` on, into the record of the sample in `line`. Returns the offset of the line after
 * them.
 */
export function readLinesAfter(line: TextLine, from: number, record: EventRecord, hasSourceLines: boolean): Next {
  if (line.isCut) return from
  if (/bpf[-_]output/.test(String(record.event_name?.value() ?? ''))) {
    const dump = readDump(line, from)
    if (dump === 'pause') return dump
    if (dump.text !== '') record.payload = payloadPart(dump.text)
    if (dump.isCut) addFlag(record, 'incomplete')
    return dump.end
  }
  const ip = record.sample?.get('ip')
  // By default perf prints the dso, and no source line.
  const waitsForSource =
    ip !== undefined &&
    record.stack === undefined &&
    (hasSourceLines || !line.text.startsWith(')', line.contentEnd - 1))
  if (!waitsForSource) return from
  const next = lineAt(line.text, from, line.last)
  if (next === 'pause') return next
  const source = next === undefined ? undefined : readSourceLine(contentOf(next))
  if (next === undefined || source === undefined) return from
  const sample = asObject(record.sample?.value() ?? {})
  record.sample = sealJson('sample', { ...sample, ip: { ...asObject(sample.ip ?? {}), ...source } })
  return next.next
}
