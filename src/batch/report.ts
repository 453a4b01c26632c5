import type { Candidates, RunEnd } from '../report/report.ts'
import { inputReport, ReportText } from '../report/report.ts'
import { emptyOutcome } from '../run/outcome.ts'
import type { ManifestEntry } from './manifest.ts'
import type { ManifestFile } from './manifest-file.ts'

/** What a report of a batch is made of. */
export interface ReportWish {
  readonly manifest: ManifestFile
  /** The files of the batch, by path. */
  readonly paths: readonly string[]
  readonly version: string
  readonly end: RunEnd
}

/**
 * Writes the report of all captures, those that were converted before included. An archive is in it by its members, and
 * by what is wrong with it.
 */
export function writeReport({ manifest, paths, version, end }: ReportWish, write: (text: string) => void): void {
  const text = new ReportText(version, noCandidates, write)
  for (const path of paths) {
    for (const entry of manifest.entriesOf(path) ?? []) {
      const input = entry.report ?? withoutCounts(entry)
      if (input !== undefined) text.add(input)
    }
  }
  text.end(end)
}

/** Of a file that was not read. */
function withoutCounts({ path, failure, status }: ManifestEntry): ManifestEntry['report'] {
  if (failure === undefined) return undefined
  const outcome = emptyOutcome(path)
  outcome.failure = failure
  if (status === 'bug') outcome.bugs.push(failure)
  return inputReport(outcome, noCandidates)
}

/** The entries have them already. */
function noCandidates(): Candidates {
  return []
}
