import { UsageError } from '../errors.ts'
import { shellWord } from '../text/printable.ts'
import { type Destination, destinationOf, folderOf, identityOfInput, stderrOf } from './destination.ts'
import { type OpenOutput, openOutput } from './open.ts'
import type { Output } from './output.ts'
import type { StandardStreams } from './standard.ts'

/** An output or input of a run, as the user gave it. */
export interface Named {
  /** What messages call it: `-o`, `stdout`; of an input with its path: `--reasons FILE`. */
  readonly as: string
  /** Undefined: stdout, or of an input stdin. */
  readonly path: string | undefined
  /** Of an output: a folder of numbered files whose names end so. */
  readonly numbered?: string
}

/** An input as the user gave it; `-` is stdin. */
export function namedInput(path: string): Named {
  return path === '-' ? { as: 'stdin', path: undefined } : { as: shellWord(path), path }
}

/**
 * All outputs of a run. They are opened before a byte is read, so that the run ends at once where one cannot be
 * written. No two outputs may be one file, and none may be an input. Until they are kept, `discard` leaves everything
 * as it was.
 */
export class Outputs {
  private readonly places: ReadonlyMap<string, Destination>
  private readonly opened = new Map<string, OpenOutput>()
  private readonly streams: StandardStreams

  /** Looks where all of them lead, and opens nothing. Throws UsageError where two are one, and InputError. */
  constructor(outputs: readonly Named[], inputs: readonly Named[], streams: StandardStreams) {
    this.streams = streams
    this.places = new Map(outputs.map((output) => [output.as, destinationNamed(output, streams)]))
    const owners = new Map<string, string>()
    for (const [as, { name, identity }] of this.places) {
      if (identity === undefined) continue
      const other = owners.get(identity)
      if (other !== undefined) throw new UsageError(`${other} and ${as} are one file: ${shellWord(name)}`, 'name two')
      owners.set(identity, as)
    }
    if (owners.size > 0) refuseInputs(inputs, owners, streams)
  }

  /** Throws InputError. */
  async open(): Promise<void> {
    for (const [as, place] of this.places) this.opened.set(as, await openOutput(place))
  }

  /** One that was named. */
  to(as: string): Output {
    return this.named(as)
  }

  /**
   * Takes sentences for people. An output that leads to the same file or pipe is returned instead: no line may cut
   * another.
   */
  async stderr(): Promise<OpenOutput> {
    const place = stderrOf(this.streams)
    const [same] =
      [...this.places].find(([, { identity }]) => identity !== undefined && identity === place.identity) ?? []
    return same === undefined ? openOutput(place) : this.named(same)
  }

  /** Waits until all of it is written. Throws InputError and BrokenPipe. */
  async end(as: string): Promise<void> {
    await this.named(as).end()
  }

  /** Syncs these to the disk, and gives them their names, in this order. Throws InputError. */
  async keep(names: readonly string[]): Promise<void> {
    const kept = names.map((as) => this.named(as))
    for (const output of kept) await output.sync()
    for (const output of kept) output.keep()
    for (const output of kept) await output.settle()
  }

  /** Removes what was not kept. */
  discard(): void {
    for (const output of this.opened.values()) output.discard()
  }

  private named(as: string): OpenOutput {
    const output = this.opened.get(as)
    if (output === undefined) throw new RangeError(`no output ${as}`)
    return output
  }
}

function destinationNamed({ as, path, numbered }: Named, streams: StandardStreams): Destination {
  if (path === '') throw new UsageError(`${as} "" names no file`)
  if (path !== undefined && numbered !== undefined) return folderOf(path, numbered)
  return destinationOf(path, streams)
}

function refuseInputs(inputs: readonly Named[], owners: ReadonlyMap<string, string>, streams: StandardStreams): void {
  for (const { as, path } of inputs) {
    const identity = identityOfInput(path ?? '-', streams)
    const owner = identity === undefined ? undefined : owners.get(identity)
    if (owner !== undefined) throw new UsageError(`${owner} would write to what is read: ${as}`, 'name another file')
  }
}
