import { exitStatus, type OnReject } from '../report/exit.ts'
import type { FileEntries, ManifestEntry } from './manifest.ts'

/** What all files of a batch came to. */
export interface BatchTally {
  /** With a result, or with a fault; not those that no reader knows. */
  captures: number
  records: number
  packetsDropped: number
  /** Records that say that a tool lost something. */
  losses: number
  /** Units. */
  rejected: number
  notRecognised: number
  skipped: number
  failed: number
  readonly statuses: Map<ManifestEntry['status'], number>
  /** Captures with most that is wrong, the worst first. */
  readonly worst: WorstCapture[]
}

export interface WorstCapture {
  readonly path: string
  readonly status: ManifestEntry['status']
  readonly rejected: number
  readonly why: string | undefined
}

const MOST_WORST = 10

export function emptyTally(): BatchTally {
  return {
    captures: 0,
    records: 0,
    packetsDropped: 0,
    losses: 0,
    rejected: 0,
    notRecognised: 0,
    skipped: 0,
    failed: 0,
    statuses: new Map(),
    worst: [],
  }
}

export function addFile(tally: BatchTally, entries: FileEntries): void {
  for (const entry of entries) {
    tally.statuses.set(entry.status, (tally.statuses.get(entry.status) ?? 0) + 1)
    tally.notRecognised += (entry.status === 'not-recognised' ? 1 : 0) + (entry.members?.not_recognised ?? 0)
    tally.skipped += entry.members?.skipped ?? 0
    if (entry.status === 'failed' || entry.status === 'bug') tally.failed++
    // The line of an archive is that of no capture.
    if (entry.status !== 'not-recognised' && entry.members === undefined) tally.captures++
    if (entry.status !== 'not-recognised') addCounts(tally, entry)
    if (entry.status !== 'done' && entry.status !== 'not-recognised' && entry.status !== 'archive')
      addWorst(tally, entry)
  }
}

function addCounts(tally: BatchTally, { report }: ManifestEntry): void {
  if (report === undefined) return
  tally.records += report.records.written
  tally.packetsDropped += report.dropped
  tally.losses += report.kinds.loss ?? 0
  tally.rejected += report.units.rejected.units
}

function addWorst({ worst }: BatchTally, { path, status, failure, report }: ManifestEntry): void {
  const rejected = report?.units.rejected.units ?? 0
  worst.push({ path, status, rejected, why: failure ?? report?.failure ?? report?.bugs[0] })
  worst.sort((a, b) => rank(a) - rank(b) || b.rejected - a.rejected || (a.path < b.path ? -1 : 1))
  worst.length = Math.min(worst.length, MOST_WORST)
}

const RANKS = ['bug', 'failed', 'stopped', 'rejected']

function rank({ status }: WorstCapture): number {
  return RANKS.indexOf(status)
}

/** The exit status over all captures. `unread`: folders and files that should have been read. */
export function statusOf(
  { statuses, captures, notRecognised }: BatchTally,
  unread: number,
  onReject: OnReject,
): ReturnType<typeof exitStatus> {
  const count = (status: ManifestEntry['status']): number => statuses.get(status) ?? 0
  return exitStatus(
    {
      internal: count('bug'),
      failed: count('failed') + unread,
      stopped: count('stopped') > 0,
      // A capture is called so only where that is no matter of --on-reject.
      unjudged: count('rejected') > 0,
      rejected: 0,
      notUnderstood: captures === 0 && notRecognised > 0 ? 1 : 0,
    },
    onReject,
  )
}
