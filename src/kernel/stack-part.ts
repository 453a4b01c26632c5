// The frames of a chain as the record's `stack`.
import type { Json, Notes, Part } from '../event/part.ts'
import type { FlagWord } from '../event/words.ts'

/** A frame that comes again and again. */
export interface StackFrame {
  /** A `stack` of this frame alone. */
  readonly stack: Part
}

/** The `stack` part. Undefined: there are no frames. `flags`: of the list as a whole. */
export function stackPart(frames: readonly StackFrame[], flags: readonly FlagWord[] = []): Part | undefined {
  return frames.length === 0 ? undefined : new Stack(frames, flags)
}

/**
 * A list of frames. ajv accepted each frame as a list of its own, and the schema only restricts the items of a list.
 */
class Stack implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly frames: readonly StackFrame[]

  constructor(frames: readonly StackFrame[], own: readonly FlagWord[]) {
    let items = ''
    let fault: string | undefined
    let flags: readonly FlagWord[] | undefined = own.length === 0 ? undefined : own
    for (const { stack } of frames) {
      const { notes } = stack
      items += `${items === '' ? '' : ','}${stack.text.slice(OPENING.length, -1)}`
      if (notes === undefined) continue
      fault ??= notes.fault
      flags = [...new Set([...(flags ?? []), ...(notes.flags ?? [])])]
    }
    this.text = `${OPENING}${items}]`
    this.notes = fault !== undefined ? { fault } : flags === undefined ? undefined : { flags }
    this.frames = frames
  }

  value(): Json {
    return this.frames.map(({ stack }) => firstOf(stack.value()))
  }

  get(): undefined {
    return undefined
  }
}

const OPENING = ',"stack":['

function firstOf(list: Json): Json {
  return Array.isArray(list) ? (list[0] ?? {}) : {}
}
