// What an adapter and the core know of each other. docs/adapters.md shows how to write one.
import type { EventRecord } from './event/record.ts'
import type { Reasons } from './kernel/reasons/reasons.ts'
import type { ClockPair } from './time/clock.ts'

/** A source tool: one folder in `adapters/`. Light: the formats' code is imported by `open`. */
export interface Adapter {
  /** The folder's name, the word for `--from`, and `capture.tool`. */
  readonly name: string
  readonly formats: readonly Format[]
  readonly flags: readonly Flag[]
  /**
   * Which format these lines are, and how sure that is; of one line, or of the first lines of an input (up to 16, with their
   * line ends). 90 and more: only this tool prints it. Undefined: says nothing.
   */
  detect(lines: string): Verdict | undefined
  /** A fresh reader for one input. Throws UsageError when flags contradict one another. */
  open(format: string, context: Context): Promise<Reader>
}

export interface Format {
  readonly name: string
  readonly title: string
  /** Versions of the tool whose output was seen. */
  readonly versions: string
  /** A line or two of it. */
  readonly example: string
}

/** A command line flag of an adapter's own; its value comes back in `Context.flags` under the flag's camel-cased name. */
export interface Flag {
  /** As commander takes it: `--perf-fields <list>`. */
  readonly flag: string
  readonly help: string
  /** It tells what the adapter's lines are: those that nobody is sure of are read as such. */
  readonly implies?: true
  /** Throws UsageError for a value that cannot be. */
  readonly parse?: (text: string) => FlagValue
}

export type FlagValue = string | number | boolean | readonly string[]

export interface Verdict {
  readonly format: string
  /** 0 to 100. */
  readonly score: number
  /** What in the text says so, for people. */
  readonly why: string
}

/** What a reader may need beside the text; found and read once by `run/knowledge.ts`. */
export interface Context {
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  /** Names for reason numbers, by the capturing kernel. Follows what `Out.learn` was told: then drop what you remember of it. */
  readonly reasons: Reasons
  /** A reason's name that begins no other: a line cut off behind it has lost nothing. */
  isWholeReason(name: string): boolean
  /** Versions of the tools on the capturing host, when a snapshot tells. */
  readonly toolVersions?: { readonly [tool: string]: string } | undefined
  /** The bpftrace program, as text (latin1 bytes), when the user or the place gave one. */
  readonly program?: string
}

/** The state of reading one input. Small, plain data: nothing of the window is kept between two calls. */
export interface Reader {
  /** Claims what is sure, leaves the rest: it is shown again with more behind it. */
  read(window: Window, out: Out): void
  /**
   * Of a reader that a flag implies (`--program`): true when this line, with its end, is one of those that the flag tells of. It is asked about lines that are foreign to
   * the reader in charge, and that nobody is sure of.
   */
  reads?(line: string): boolean
}

/** A latin1 string, one char a byte, that begins at the first byte not yet claimed. */
export interface Window {
  readonly text: string
  /** Nothing comes after this. What is left unclaimed then is rejected as truncated. */
  readonly last: boolean
}

/**
 * Where a reader's findings go. Each claim closes the bytes from the last one up to `end`, an offset in the window: nothing can be
 * skipped or counted twice. `message` and `reject` answer false when another reader takes over here: return at once; these
 * bytes are shown to it.
 */
export interface Out {
  claim(as: 'data' | 'structure' | 'blank', end: number): void
  /** 0 to n records, of the bytes claimed last. `form` when a reader knows several: it becomes `capture.format`. */
  record(record: EventRecord, form?: string): void
  /**
   * A whole unit of talk. `text` is latin1, without its line end. `foreign`: the reader does not know the line; it may be a shell's prompt, or another tool's. `undecoded`: output of a
   * program that nobody gave.
   */
  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean
  /**
   * Asked before data is claimed that may be another tool's as well: true when another reader takes over here, as with `message`. `isOpen`: the data is free text, so that any
   * tool may have written it; else only those are asked that have read in this input.
   */
  yields(isOpen: boolean): boolean
  /** `at`: offset in the window where the grammar stopped fitting. */
  reject(why: Reject, end: number, at: number): boolean
  /**
   * To be asked of lines `[start, end)` within a unit, which are none of its grammar, before anything of the unit is claimed. False: readers
   * that know some of them are still to be opened; return at once, the unit is shown again.
   */
  canSetAside(start: number, end: number): boolean
  /**
   * Leaves the lines up to `end` to others, when one is sure of the first that is not claimed: they are read and claimed, and this reader goes on. False: nobody is,
   * and nothing is claimed.
   */
  setAside(end: number): boolean
  /** What a header teaches about the capture: facts of this reader's input alone. */
  learn(facts: Facts): void
  /** Something the user should hear once, in the report and on stderr: a sentence. */
  hint(text: string): void
  /** What was taken for granted and cannot be seen in the records: a sentence for the report alone. */
  assume(text: string): void
}

export type Level = 'info' | 'warning' | 'error'
export type Stream = 'stdout' | 'stderr' | 'prompt' | 'output' | 'foreign'

/** Why bytes were rejected: a word for programs, a text for people in `adapters/x/` grammar terms. */
export interface Reject {
  readonly word: 'truncated' | 'malformed' | 'too_long' | 'unsupported' | 'ambiguous' | 'invalid'
  readonly text: string
}

export interface Facts {
  readonly host?: string
  /** Release, as `uname -r` prints it. */
  readonly kernel?: string
  readonly clock?: ClockPair
}
