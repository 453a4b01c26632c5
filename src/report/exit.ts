/** What decides the exit status of a run. */
export interface RunCounts {
  /** Bugs of ours: books that do not balance, and records that the schema refused. */
  readonly internal: number
  /** Inputs or outputs that failed. */
  readonly failed: number
  /** Stopped at `--max-rejects` or `--on-reject fail`. */
  readonly stopped: boolean
  readonly rejected: number
  /** Inputs of which half or more was foreign, or that held nothing but undecoded text. */
  readonly notUnderstood: number
  /** A flag asked for a member that no record had, so the answer says nothing. */
  readonly unjudged: boolean
}

/** Signals that may end a run, with the status that a shell reports for them. */
const STATUS_OF_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const
export type EndingSignal = keyof typeof STATUS_OF_SIGNAL

/** 128 and the number of the signal, as a shell reports it. */
export function statusOfSignal(signal: EndingSignal): (typeof STATUS_OF_SIGNAL)[EndingSignal] {
  return STATUS_OF_SIGNAL[signal]
}

/** `--on-reject`: what rejected units mean for the run. */
export type OnReject = 'keep-going' | 'fail' | 'ignore'

/** From the gravest to the least. */
const STATUSES = [70, 1, 4, 3, 0] as const

/** The status of a run of which two parts ended with these. */
export function graver(a: (typeof STATUSES)[number], b: (typeof STATUSES)[number]): (typeof STATUSES)[number] {
  return STATUSES.indexOf(a) < STATUSES.indexOf(b) ? a : b
}

/** The exit status of a conversion: the first that applies. Wrong usage, 2, is found before a run begins. */
export function exitStatus(counts: RunCounts, onReject: OnReject): 0 | 1 | 3 | 4 | 70 {
  if (counts.internal > 0) return 70
  if (counts.failed > 0) return 1
  if (counts.stopped) return 4
  if (counts.unjudged) return 3
  if (onReject !== 'ignore' && (counts.rejected > 0 || counts.notUnderstood > 0)) return 3
  return 0
}
