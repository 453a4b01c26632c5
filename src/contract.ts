// What an adapter and the core know of each other. docs/adapters.md shows how to write one.
import type { EventRecord } from './event/record.ts'
import type { RepeatedRecord } from './event/repeated.ts'
import type { Reasons } from './kernel/reasons/reasons.ts'
import type { Outline } from './shapes/outline.ts'
import type { ClockPair } from './time/clock.ts'

/**
 * A source tool: one folder in `adapters/`. It is light: `load` imports the code of a format when an input needs it.
 */
export interface Adapter {
  /** The folder's name, the word for `--from`, and `capture.tool`. */
  readonly name: string
  readonly formats: readonly Format[]
  /**
   * True: texts of several of its formats may follow one another in an input. A line that one format's reader cannot
   * use goes to another one's where `detect` is sure of it. Else the reader that was found reads them all.
   */
  readonly changesFormat?: true
  readonly flags: readonly Flag[]
  /**
   * Which format these lines are, and how sure that is. It sees one line, or the first lines of an input (up to 16,
   * with their line ends). 90 and more: only this tool prints it. Undefined: it does not know them.
   */
  detect(lines: string): Verdict | undefined
  /**
   * The same of the first bytes of an input, up to 64 KiB, latin1: for documents and binary recordings, which lines do
   * not show. A verdict counts from 90 on, and goes before those on lines. `more`: these bytes may begin one of its
   * formats; it is asked again with twice as many. Answer anything else as early as possible: live text waits for this
   * answer.
   */
  detectHead?(head: string): Verdict | 'more' | undefined
  /**
   * True for the first bytes (latin1) of a recording whose reader needs `SeekableInput`: what comes from a pipe, packed
   * or out of an archive is put into a temporary file first. `more`: it is asked again with more bytes.
   */
  needsSeeking?(head: string): boolean | 'more'
  /** Of the names of the files in a folder: those that together are one recording, in their order. */
  filesOfRecording?(names: readonly string[]): readonly string[] | undefined
  /** Imports the code of a format's reader. */
  load(format: string): Promise<OpenReader>
}

/**
 * Gives a fresh reader for one input. `input` is there when any bytes of it can be read at any time: it is a plain
 * file. Throws UsageError when flags contradict one another.
 */
export type OpenReader = (context: Context, input?: SeekableInput) => Reader

/** An input that can seek. */
export interface SeekableInput {
  /** Bytes, when it was opened. */
  readonly size: number
  /**
   * A copy of the bytes from `start` up to `end`; fewer where the file ends. Throws InputError when they cannot be
   * read.
   */
  slice(start: number, end: number): Uint8Array
  /** The files that it consists of, where it is a folder (`filesOfRecording`): their bytes follow one another. */
  readonly parts?: readonly InputPart[]
}

/** A file of an input that is a folder. */
export interface InputPart {
  readonly name: string
  /** Bytes of the input before it, and to its end. */
  readonly start: number
  readonly end: number
}

export interface Format {
  readonly name: string
  readonly title: string
  /** Versions of the tool whose output was seen. */
  readonly versions: string
  /** A line or two of it. */
  readonly example: string
  readonly unit: UnitForm
}

/**
 * What a format consists of. `line`: lines, of which each may be another tool's. `document`: text whose units may
 * begin and end within a line; another reader may take over where a line begins. `binary`: bytes without lines; no
 * other reader takes over, and `capture` has `offset` and `length` instead of `line`.
 */
export type UnitForm = 'line' | 'document' | 'binary'

/** A command line flag of an adapter's own. Its value comes back in `Context.flags`. */
export interface Flag {
  /** As commander takes it: `--perf-fields <list>`. */
  readonly flag: string
  readonly help: string
  /**
   * The name of the value in `Context.flags`. Without it that is the flag in camel case. Of flags with one name only
   * one may be given.
   */
  readonly gives?: string
  /** The flag says whose lines these are: the adapter of this name reads the lines of which no reader is sure. */
  readonly implies?: string
  /**
   * `text`: the value names a file. It is read whole, up to 1 MiB or `mostBytes`, and its text (latin1, one char a
   * byte) becomes the value. `files`: the value names a folder, and all files in it that are called `fileName`, however
   * deep, become the value; or it names one file. The value is a list then: a path, its text (latin1), the next path, …
   */
  readonly reads?: 'text' | 'files'
  /** With `reads`: of a file. */
  readonly mostBytes?: number
  /** With `reads: 'files'`. */
  readonly fileName?: string
  /** With `reads`: the word `auto` means the one file with this ending (`.bt`) beside each capture. */
  readonly auto?: string
  /** Reads the value that was typed. Throws UsageError for a value that is not allowed. */
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

/** What a reader may need beside the input's bytes; `run/knowledge.ts` finds and reads it once. */
export interface Context {
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  /**
   * Names for reason numbers, by the capturing kernel. They may change with `Out.learn`: then forget what you
   * remember.
   */
  readonly reasons: Reasons
  /** A reason's name that begins no other name: a line that was cut off after it has lost nothing. */
  isWholeReason(name: string): boolean
  /** Versions of the tools on the capturing host, when a snapshot says so. */
  readonly toolVersions?: { readonly [tool: string]: string } | undefined
  /** The kernel's symbols, when a snapshot has them. */
  readonly kallsyms?: KallsymsOfHost | undefined
}

/** Lines of /proc/kallsyms, and of which kernel they are. */
export interface KallsymsOfHost {
  /** latin1. */
  readonly text: string
  /** Where they come from, for sentences. */
  readonly from: string
  /** As `uname -r` prints it. */
  readonly release?: string | undefined
  /** Of the kernel, lower-case hex. */
  readonly buildId?: string | undefined
}

/** The state of reading one input. Small, plain data: nothing of the window is kept between two calls. */
export interface Reader {
  /** Claims what is sure, leaves the rest: it is shown again with more after it. */
  read(window: Window, out: Out): void
  /**
   * Where in the window reading goes on after a unit over 1 MiB, which is rejected; undefined: not in this window. It
   * sees the window that `read` could not claim anything of, then each following window of the unit once: full ones,
   * but for the last. 0, in one of those: at its beginning. Without this method, reading goes on after the next line
   * end; in a binary format, nowhere.
   */
  resume?(window: Window): number | undefined
  /**
   * Gives some records of claims that it kept: those that are due before it reads on; with `last`, when nothing follows
   * what it claimed, all. True: it gave some, and is asked again, after the output took them. So memory does not hold
   * the lines of records that are due at once. `read` returns where some are due. It may claim nothing.
   */
  give?(out: Out, last: boolean): boolean
  /**
   * The input ends, or another reader takes over. Only a reader that keeps claims needs it: it gives the records that
   * are left now. It may claim nothing.
   */
  end?(out: Out): void
  /**
   * Of a reader that a flag implies (`--program`): true when this line, with its end, is one of those that the flag
   * describes. It is asked about lines that are foreign to the reader in charge, and that no adapter is sure of.
   */
  reads?(line: string): boolean
  /** Of a reader most of whose units need no reading (src/shapes/). */
  readonly regular?: Regular
  /**
   * All that earlier lines taught it, as text: a reader that is given the memory of another one of the same input reads
   * on as that one would. Without it, one worker reads the whole input (src/run/cores/).
   */
  memory?: string
}

/** What the core must know to take units that are like earlier ones without the reader. */
export interface Regular {
  /**
   * How the unit (latin1, with its line end) was read, which was claimed last; undefined where it is not regular: what
   * the reader knows of earlier lines, or lines that follow, may make another record of the same bytes.
   */
  outline(unit: string): Outline | undefined
  /** Another number: units that were regular may be read otherwise now. */
  readonly epoch: number
  /** An empty line between units is blank, and changes nothing that the reader knows. */
  readonly hasBlankLines?: true
}

/** What a reader is shown: it begins at the first byte not yet claimed. */
export interface Window {
  /** The bytes as latin1, one char a byte. It is made when it is asked for: a binary reader does not pay for it. */
  readonly text: string
  /** Good until `read` returns. */
  readonly bytes: Uint8Array
  /** Nothing comes after this. What is left unclaimed then is rejected as truncated. */
  readonly last: boolean
}

/**
 * Names a claim, so that its records can come later. Opaque; it costs some 100 bytes, and from a pipe the claim's
 * bytes, too.
 */
export interface ClaimName {
  /** Bytes of the input before it. */
  readonly offset: number
  readonly length: number
}

/**
 * Where a reader's findings go. Each claim closes the bytes from the last one up to `end`, an offset in the window:
 * nothing can be skipped or counted twice. `message` and `reject` answer false when another reader takes over here:
 * return at once; these bytes are shown to it.
 */
export interface Out {
  claim(as: 'data' | 'structure' | 'blank', end: number): void
  /** Names the last claim: `record` can give its records after later claims, and in any order. */
  keep(): ClaimName
  /**
   * Finds an earlier claim of a binary input by its place, for a reader that has too many claims to name each. `bytes`
   * from `start` to `end` are the claim's. It is good until the next call.
   */
  place(offset: number, bytes: Uint8Array, start: number, end: number): ClaimName
  /**
   * 0 to n records, of the bytes claimed last, or of the claim named. `form` when a reader knows several: it becomes
   * `capture.format`.
   */
  record(record: EventRecord, form?: string, of?: ClaimName): void
  /**
   * Gives a record of a binary input, of the bytes claimed last or of the claim named, and a way to write others that
   * differ from it in leaves alone. Undefined: each of them must be given as a record.
   */
  repeatable(record: EventRecord, of: ClaimName): RepeatedRecord | undefined
  /**
   * A whole unit of talk. `text` is latin1, without its line end. `foreign`: the reader does not know the line; it may
   * be a shell's prompt, or another tool's. `undecoded`: output of a program that the user did not give.
   */
  message(text: string, end: number, level: Level, stream: Stream, undecoded?: 'undecoded' | 'ambiguous'): boolean
  /**
   * Asked before data is claimed that may be another tool's as well: true when another reader takes over here, as with
   * `message`. `isOpen`: the data is free text, so that any tool may have written it; else only those adapters are
   * asked that have read in this input.
   */
  yields(isOpen: boolean): boolean
  /** `at`: offset in the window where the grammar stopped fitting. */
  reject(why: Reject, end: number, at: number): boolean
  /**
   * Asked about lines `[start, end)` within a unit that do not belong to its grammar, before anything of the unit is
   * claimed. False: the code of a reader that knows some of them is to be loaded; return at once, the unit is shown
   * again.
   */
  canSetAside(start: number, end: number): boolean
  /**
   * Leaves the lines up to `end` to others, when an adapter takes the first that is not claimed: they are read and
   * claimed, and this reader goes on. False: no adapter takes it, and nothing is claimed.
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
