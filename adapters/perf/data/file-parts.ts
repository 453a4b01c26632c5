// The parts of a recording that can seek, in the order of its bytes: they tile it.
import type { FileHeader, Section } from './file-header.ts'

/** Records, a part that is read apart from its place, or bytes that belong to nothing. */
export interface FilePart extends Section {
  readonly holds: 'records' | 'structure' | 'rest'
}

/**
 * Of the file form: header, attributes with their ids, records, features, and what is between them. `sections`: those
 * that are read apart. Where two overlap, which no perf writes, the bytes are the first one's.
 */
export function partsOf(header: FileHeader, sections: readonly Section[], size: number): FilePart[] {
  const data = dataOf(header, size)
  const cuts = [{ start: 0, end: header.bytes }, ...sections].filter(({ start, end }) => start < end && end <= size)
  const structure = cuts.flatMap((section) => without(section, data)).sort((a, b) => a.start - b.start)
  const all = [
    ...structure.map((section) => ({ ...section, holds: 'structure' as const })),
    { ...data, holds: 'records' as const },
  ]
  return tiled(
    all.sort((a, b) => a.start - b.start),
    size,
  )
}

/** Where the records are: to the end of the file, when it was killed or cut. */
export function dataOf({ data, isOpen }: FileHeader, size: number): Section {
  const start = Math.min(data.start, size)
  return { start, end: isOpen ? size : Math.min(data.end, size) }
}

/** The parts of a section that are not in `other`. */
function without(section: Section, other: Section): readonly Section[] {
  const before = { start: section.start, end: Math.min(section.end, other.start) }
  const after = { start: Math.max(section.start, other.end), end: section.end }
  return [before, after].filter(({ start, end }) => start < end)
}

function tiled(sorted: readonly FilePart[], size: number): FilePart[] {
  const parts: FilePart[] = []
  let end = 0
  for (const part of sorted) {
    const start = Math.max(part.start, end)
    if (start >= part.end) continue
    if (start > end) parts.push({ start: end, end: start, holds: 'structure' })
    parts.push({ ...part, start })
    end = part.end
  }
  if (end < size) parts.push({ start: end, end: size, holds: 'rest' })
  return parts
}
