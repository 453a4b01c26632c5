import { UsageError } from '../errors.ts'
import { shellWord } from '../text/printable.ts'
import { type OpenOutput, openOutput } from './open.ts'
import type { Output } from './output.ts'
import { identityOfInput, type Place, placeOf, STDERR } from './place.ts'

/** An output or input of a run, as it was given. */
export interface Named {
  /** As people know it: `-o`, `stdout`; of an input with its path: `--reasons FILE`. */
  readonly as: string
  /** Undefined: stdout, or of an input stdin. */
  readonly path: string | undefined
}

/** An input as it was given; `-` is stdin. */
export function namedInput(path: string): Named {
  return path === '-' ? { as: 'stdin', path: undefined } : { as: shellWord(path), path }
}

/**
 * All outputs of a run, opened before a byte is read: what cannot be written is known at once. None may be another one, or an input. Until they are
 * kept, `discard` leaves everything as it was.
 */
export class Outputs {
  private readonly places: ReadonlyMap<string, Place>
  private readonly opened = new Map<string, OpenOutput>()

  /** Looks where all lead, and opens nothing. Throws UsageError where two are one, and InputError. */
  constructor(outputs: readonly Named[], inputs: readonly Named[]) {
    this.places = new Map(outputs.map(({ as, path }) => [as, placeNamed(as, path)]))
    const owners = new Map<string, string>()
    for (const [as, { name, identity }] of this.places) {
      if (identity === undefined) continue
      const other = owners.get(identity)
      if (other !== undefined) throw new UsageError(`${other} and ${as} are one file: ${shellWord(name)}`, 'name two')
      owners.set(identity, as)
    }
    if (owners.size > 0) refuseInputs(inputs, owners)
  }

  /** Throws InputError. */
  async open(): Promise<void> {
    for (const [as, place] of this.places) this.opened.set(as, await openOutput(place))
  }

  /** One that was named. */
  to(as: string): Output {
    return this.named(as)
  }

  /** Where people are told. It is the same output as one that leads to the same file or pipe: a line is never written into another. */
  async stderr(): Promise<OpenOutput> {
    const place = placeOf(STDERR)
    const [same] =
      [...this.places].find(([, { identity }]) => identity !== undefined && identity === place.identity) ?? []
    return same === undefined ? openOutput(place) : this.named(same)
  }

  /** All of it is written. Throws InputError and BrokenPipe. */
  async end(as: string): Promise<void> {
    await this.named(as).end()
  }

  /** These are on the disk, and get their names, in this order. Throws InputError. */
  async keep(names: readonly string[]): Promise<void> {
    const kept = names.map((as) => this.named(as))
    for (const output of kept) await output.sync()
    for (const output of kept) output.keep()
    for (const output of kept) await output.settle()
  }

  /** What was not kept leaves no trace. */
  discard(): void {
    for (const output of this.opened.values()) output.discard()
  }

  private named(as: string): OpenOutput {
    const output = this.opened.get(as)
    if (output === undefined) throw new RangeError(`no output ${as}`)
    return output
  }
}

function placeNamed(as: string, path: string | undefined): Place {
  if (path === '') throw new UsageError(`${as} "" names no file`)
  return placeOf(path)
}

function refuseInputs(inputs: readonly Named[], owners: ReadonlyMap<string, string>): void {
  for (const { as, path } of inputs) {
    const identity = identityOfInput(path ?? '-')
    const owner = identity === undefined ? undefined : owners.get(identity)
    if (owner !== undefined) throw new UsageError(`${owner} would write to what is read: ${as}`, 'name another file')
  }
}
