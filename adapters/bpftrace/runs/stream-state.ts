import type { Context } from '../../../src/contract.ts'
import { UsageError } from '../../../src/errors.ts'
import { compileProgram } from '../decode/compile.ts'
import type { Decoder } from '../decode/decoder.ts'
import { Described } from '../decode/described.ts'
import { Metrics } from '../decode/metric.ts'
import { decoderOfFormat } from '../decode/one-format.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import type { CommandLine } from '../program/command-line.ts'
import { KeyEscapes } from '../tool/key-escapes.ts'
import { talkAt } from '../tool/talk.ts'
import { nsecsClock, type Session, sessionOf } from './session.ts'

/** What is known of the stream so far: its program and its form. */
export class StreamState {
  /** The form that the lines so far have shown. */
  mode: 'unknown' | 'text' | 'json' = 'unknown'
  /** The banner was that of 0.23 or earlier. */
  isOld = false
  /** Undefined: no program was given. */
  session: Session | undefined = undefined
  /** The banner in JSON has a count, as from 0.24 on: blanks in keys are deleted. Undefined: there was no banner. */
  isNewJson: boolean | undefined = undefined
  /** The quote (`> `) before each line of a quoted session. */
  quote = ''
  /** How often the map keys in JSON are escaped. */
  escapes = new KeyEscapes()
  /** Lines of an unknown program that name their own members. */
  described = new Described()
  readonly context: Context
  readonly decodeContext: DecodeContext
  /** For maps of an unknown program. */
  readonly plainMetrics: Metrics
  private readonly hints: string[] = []

  /** Throws UsageError when flags contradict each other, or when nothing in the program can be decoded. */
  constructor(context: Context) {
    this.context = context
    const { bpftraceVersion, printf, names, program } = context.flags
    const version = typeof bpftraceVersion === 'string' ? bpftraceVersion : context.toolVersions?.bpftrace
    this.decodeContext = { reasons: context.reasons, nsecs: nsecsClock(version) }
    this.plainMetrics = new Metrics(new Map(), this.decodeContext)
    if (typeof printf === 'string' || typeof names === 'string') {
      if (typeof printf !== 'string' || typeof names !== 'string')
        throw new UsageError('--printf and --names go together')
      if (program !== undefined) throw new UsageError('--printf and a program are two programs', 'give one')
      this.begin(decoderOfFormat(printf, names), false)
    }
    if (typeof program === 'string') this.start(program, [], false)
    const decoder = this.session?.decoder
    const problem = decoder?.problems[0]
    if (decoder?.steps.length === 0 && decoder.maps.size === 0 && problem !== undefined) {
      throw new UsageError(`the bpftrace program, line ${problem.line}, column ${problem.column}: ${problem.text}`)
    }
  }

  get metrics(): Metrics {
    return this.session?.metrics ?? this.plainMetrics
  }

  /** A shell ran bpftrace: what follows belongs to that program, or to the one that the user gave. */
  restart(command: CommandLine): void {
    this.mode = 'unknown'
    this.isOld = false
    this.isNewJson = undefined
    this.escapes = new KeyEscapes()
    this.described = new Described()
    this.session = undefined
    const program = command.program ?? this.context.flags.program
    if (typeof program === 'string') this.start(program, command.parameters, command.hasChild)
  }

  /** The hints to the user since the last call. */
  takeHints(): readonly string[] {
    return this.hints.splice(0)
  }

  private start(program: string, parameters: readonly string[], hasChild: boolean): void {
    const decoder = compileProgram(program, parameters)
    for (const { line, column, text } of decoder.problems) {
      this.hints.push(
        `the bpftrace program, line ${line}, column ${column}: ${text}; what it prints there is not decoded`,
      )
    }
    this.begin(decoder, hasChild)
  }

  private begin(decoder: Decoder, hasChild: boolean): void {
    this.session = sessionOf(decoder, hasChild, this.decodeContext, (line) => talkAt(line, this.isOld))
  }
}

export const NO_PROGRAM =
  'bpftrace prints what its program says: with --program FILE.bt or -e PROGRAM its lines become events, without it they are messages'
