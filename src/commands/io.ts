import type { Stdin } from '../input/stdin.ts'
import type { StandardOutput } from '../output/standard.ts'
import type { EndingSignal } from '../report/exit.ts'

/** Signals that end a run; a terminal that is closed sends SIGHUP. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type Signal = (typeof SIGNALS)[number]

/** Where signals come from: `process`, or any other emitter of events. */
export interface Signals {
  on(signal: Signal, listener: (signal: Signal) => void): unknown
  off(signal: Signal, listener: (signal: Signal) => void): unknown
}

/** What the program has of its process, made by `this-process.ts`. No command reads a standard descriptor by itself. */
export interface Io {
  readonly stdin: Stdin
  readonly stdout: StandardOutput
  readonly stderr: StandardOutput
  readonly signals: Signals
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of the package. */
  readonly version: string
  /** The folder of the package, which holds `adapters/` and `schemas/`. */
  readonly home: URL
  /** The script of the program's threads. Undefined: it has none. */
  readonly coworker?: URL
}

/** How a run ends: with an exit status, or by a signal of which its process dies. */
export type Ending = number | EndingSignal
