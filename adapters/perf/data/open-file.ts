// The file form: all that gives its records a meaning is read from its ends before the first of them.
import type { Out, SeekableInput } from '../../../src/contract.ts'
import { readAttribute } from './attribute.ts'
import { viewOf } from './features.ts'
import { type FileHeader, type Section, sectionAt } from './file-header.ts'
import { dataOf } from './file-parts.ts'
import { learnFeature } from './learn-feature.ts'
import type { Recording } from './recording.ts'

const MOST_ATTRIBUTE_BYTES = 16 * 1024 * 1024
const MOST_ID_BYTES = 8 * 1024 * 1024
/** Of a feature: the formats of all events of a kernel are some megabytes. */
const MOST_FEATURE_BYTES = 128 * 1024 * 1024
const ENTRY_TAIL = 16

/** Reads the attributes and features. Gives the sections that they are in. */
export function learnFile(
  header: FileHeader,
  input: SeekableInput,
  recording: Recording,
  out: Out,
): readonly Section[] {
  return [...learnAttributes(header, input, recording), ...learnFeatures(header, input, recording, out)]
}

function learnAttributes(
  { attributes, entryBytes, isLittle }: FileHeader,
  input: SeekableInput,
  recording: Recording,
): readonly Section[] {
  const sections: Section[] = [attributes]
  const bytes = bytesOf(attributes, input, MOST_ATTRIBUTE_BYTES)
  const view = viewOf(bytes)
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const ids = sectionAt(view, at + entryBytes - ENTRY_TAIL, isLittle)
    const entry = bytes.subarray(at, at + entryBytes - ENTRY_TAIL)
    const idBytes = bytesOf(ids, input, MOST_ID_BYTES)
    recording.addAttribute(readAttribute(entry, isLittle, recording.attributes.count), idBytes)
    if (idBytes.length > 0) sections.push(ids)
  }
  return sections
}

/** The table of them follows the records. It is missing where the recording was killed or cut. */
function learnFeatures(header: FileHeader, input: SeekableInput, recording: Recording, out: Out): readonly Section[] {
  const { features, isLittle, isOpen, data } = header
  const tableEnd = data.end + 16 * features.length
  if (isOpen || features.length === 0 || data.end !== dataOf(header, input.size).end || tableEnd > input.size) return []
  const table = { start: data.end, end: tableEnd }
  const view = viewOf(bytesOf(table, input, 16 * features.length))
  const sections: Section[] = [table]
  for (const [index, bit] of features.entries()) {
    const section = sectionAt(view, 16 * index, isLittle)
    sections.push(section)
    const bytes = bytesOf(section, input, MOST_FEATURE_BYTES)
    if (bytes.length > 0) learnFeature(bit, bytes, recording, out)
    else if (section.end > section.start)
      out.hint(`feature ${bit} of the recording is not where its header says: what it says is not known`)
  }
  return sections
}

/** Empty where the section is not in the file, or has more bytes than it may have. */
function bytesOf({ start, end }: Section, input: SeekableInput, most: number): Uint8Array {
  return start < end && end <= input.size && end - start <= most ? input.slice(start, end) : new Uint8Array(0)
}
