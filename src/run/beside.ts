// Captures of a run that have side files of their own (`--side-files`).

import { dirname } from 'node:path'
import type { Adapter } from '../contract.ts'
import { type CaptureSource, type OpenedCapture, openCaptures } from '../input/captures.ts'
import { inputName } from '../text/printable.ts'
import { ArchiveSides, type LoadedChoice } from './archive-sides.ts'
import type { Conversion } from './convert-input.ts'
import { addAssumption, addHint, type InputOutcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { type LoadedSideFile, loadSideFile, SideFolders } from './side-files.ts'
import { type WiredBeside, wireBeside } from './wire-beside.ts'

/** What a capture is converted with that has side files, and which they are. */
export interface OwnConversion extends Partial<Pick<Conversion, 'knowledge' | 'timekeeper' | 'implied'>> {
  /** Says in the report which side files were used, and to people where there was doubt. */
  note(outcome: InputOutcome): void
}

type SideConversion = Omit<OwnConversion, 'note'> & Pick<WiredBeside, 'used' | 'doubts'>

/** The side files of the captures of a run. */
export class CapturesBeside {
  private readonly plan: Plan
  private readonly adapters: readonly Adapter[]
  private readonly folders = new SideFolders()

  constructor(plan: Plan, adapters: readonly Adapter[]) {
    this.plan = plan
    this.adapters = adapters
  }

  /** Of an INPUT. An archive is looked through when its first member is met. */
  of(path: string, source: CaptureSource): InputBeside {
    const { used, doubts } = this.folders.of(path, dirname(path))
    const outer = { used: used.flatMap((file) => loadSideFile(file) ?? []), doubts }
    return new InputBeside(
      outer,
      (side) => this.conversionWith(side),
      () => openCaptures(path, source),
    )
  }

  private async conversionWith(side: readonly LoadedSideFile[]): Promise<SideConversion> {
    if (side.length === 0) return { used: [], doubts: [] }
    const { wired, used, doubts } = await wireBeside(this.plan, this.adapters, side)
    const { knowledge, timekeeper, implied } = wired.conversion
    return { knowledge, timekeeper, implied, used, doubts }
  }
}

/** Side files of an INPUT and of its members. */
export class InputBeside {
  private readonly outer: LoadedChoice
  private readonly conversionWith: (side: readonly LoadedSideFile[]) => Promise<SideConversion>
  private readonly openAgain: () => ReturnType<typeof openCaptures>
  private inner: ArchiveSides | undefined

  constructor(
    outer: LoadedChoice,
    conversionWith: InputBeside['conversionWith'],
    openAgain: () => ReturnType<typeof openCaptures>,
  ) {
    this.outer = outer
    this.conversionWith = conversionWith
    this.openAgain = openAgain
  }

  /** Undefined: the member is a side file, and no capture. Throws UsageError and InputError. */
  async of({ path, bytes }: OpenedCapture): Promise<OwnConversion | undefined> {
    if (!bytes.isMember) return this.with(this.outer)
    if (this.inner === undefined) {
      this.inner = new ArchiveSides(this.outer)
      await this.inner.look(this.openAgain())
    }
    return this.inner.has(path) ? undefined : this.with(this.inner.of(path))
  }

  private async with(choice: LoadedChoice): Promise<OwnConversion> {
    const { used, doubts, ...conversion } = await this.conversionWith(choice.used)
    return { ...conversion, note: (outcome) => note(outcome, { used, doubts: [...choice.doubts, ...doubts] }) }
  }
}

function note(outcome: InputOutcome, { used, doubts }: LoadedChoice): void {
  for (const { use, path } of used) addAssumption(outcome, `${inputName(path)} is used as --${use}`)
  for (const doubt of doubts) addHint(outcome, doubt)
}
