/** What a run came to, as far as its exit status goes. */
export interface RunCounts {
  /** Books that do not balance, records of ours that the schema refused. */
  readonly internal: number
  /** Inputs or outputs that failed. */
  readonly failed: number
  /** Stopped at `--max-rejects` or `--on-reject fail`. */
  readonly stopped: boolean
  readonly rejected: number
  /** Inputs of which most, or all but undecoded text, was not understood. */
  readonly notUnderstood: number
  /** A flag asked for what no record has: the answer says nothing. */
  readonly unjudged: boolean
}

/** What may end a run from without, with the status that the shell makes of it. */
const STATUS_OF_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 } as const
export type EndingSignal = keyof typeof STATUS_OF_SIGNAL

export function statusOfSignal(signal: EndingSignal): (typeof STATUS_OF_SIGNAL)[EndingSignal] {
  return STATUS_OF_SIGNAL[signal]
}

export type OnReject = 'keep-going' | 'fail' | 'ignore'

/** The exit status of a conversion, the first that applies (DESIGN section 5). Wrong usage, 2, never gets here. */
export function exitStatus(counts: RunCounts, onReject: OnReject): 0 | 1 | 3 | 4 | 70 {
  if (counts.internal > 0) return 70
  if (counts.failed > 0) return 1
  if (counts.stopped) return 4
  if (counts.unjudged) return 3
  if (onReject !== 'ignore' && (counts.rejected > 0 || counts.notUnderstood > 0)) return 3
  return 0
}
