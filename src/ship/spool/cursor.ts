import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { codeOf, InputError } from '../../errors.ts'
import { attempt, cannotWrite } from '../../output/fault.ts'
import { Replacement } from '../../output/replacement.ts'
import { shellWord } from '../../text/printable.ts'
import { type InputTaken, isCount, isInputTaken, isObject } from './frame.ts'
import type { SpoolPlace } from './segments.ts'

/** Where sending goes on: all before this place is settled. */
export interface SpoolCursor {
  readonly place: SpoolPlace
  /** How much was taken of the inputs, by the frames before the place. */
  readonly inputs: readonly InputTaken[]
}

const NAME = 'cursor.json'

/** Undefined: there is none. Throws InputError where it is not one of ours. */
export function readCursor(folder: string): SpoolCursor | undefined {
  const path = join(folder, NAME)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new InputError(`${shellWord(path)}: cannot read: ${codeOf(error) ?? String(error)}`)
  }
  const cursor = cursorOf(text)
  if (cursor === undefined)
    throw new InputError(
      `${shellWord(path)}: not the cursor of a spool`,
      'without it, all segments that are there are sent again',
    )
  return cursor
}

/** Writes it beside its place, syncs it, and renames it. Throws InputError. */
export async function writeCursor(folder: string, { place, inputs }: SpoolCursor): Promise<void> {
  const path = join(folder, NAME)
  const file = new Replacement(path, path, undefined)
  try {
    writeFileSync(file.fd, JSON.stringify({ v: 1, ...place, inputs, crc32: sumOf({ place, inputs }) }))
    await file.sync()
    file.takePlace()
  } catch (error) {
    throw cannotWrite(path, error)
  } finally {
    file.discard()
  }
}

export function removeCursor(folder: string): void {
  try {
    unlinkSync(join(folder, NAME))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** What a process that was killed left behind while it wrote one. */
export function removePartialCursors(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(`${NAME}.partial-`)) attempt(folder, () => unlinkSync(join(folder, name)))
}

function cursorOf(text: string): SpoolCursor | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || value.v !== 1 || !Array.isArray(value.inputs)) return undefined
  const { segment, offset } = value
  const inputs: readonly unknown[] = value.inputs
  if (!isCount(segment) || !isCount(offset) || !inputs.every(isInputTaken)) return undefined
  const cursor = { place: { segment, offset }, inputs }
  return value.crc32 === sumOf(cursor) ? cursor : undefined
}

/** A wrong place would lose records: segments before it are removed. */
function sumOf({ place: { segment, offset }, inputs }: SpoolCursor): number {
  return crc32(JSON.stringify([segment, offset, inputs]))
}
