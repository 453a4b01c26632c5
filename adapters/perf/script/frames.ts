// The lines of a call chain behind a head, and the `stack` that they make.
import type { Frame } from '../../../src/event/generated/types.ts'
import { type Json, type Notes, type Part, seal } from '../../../src/event/part.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { quoteEnd } from '../../../src/text/pasted.ts'
import { type FrameAddresses, isAmbiguous, readFrame, readSourceLine } from './chain.ts'
import { contentOf, type Line, lineAt } from './lines.ts'

/** A frame with its JSON: frames repeat from chain to chain. */
interface KnownFrame {
  readonly frame: Frame
  readonly stack: Part
  readonly isAmbiguous: boolean
}

/** What stands behind a head. */
export interface Chain {
  readonly frames: readonly KnownFrame[]
  /** Registers, which stand behind the last frame. */
  readonly regs: string | undefined
  /** The head is one of a call chain. */
  readonly isChain: boolean
  /** It ends without its empty line. */
  readonly isBroken: boolean
  /** The first frame begins with a TAB: blanks in the head are as perf printed them. */
  readonly isExact: boolean
  readonly end: number
}

const TAB = 9

/** No chain. */
export function noChain(end: number): Chain {
  return { frames: [], regs: undefined, isChain: false, isBroken: false, isExact: false, end }
}

/** The frames from `from` on, to the empty line. Undefined: more must be seen. */
export function readChain(
  line: Line,
  from: number,
  isPasted: boolean,
  addressesOf: (isExact: boolean) => FrameAddresses,
): Chain | undefined {
  const frames: KnownFrame[] = []
  let regs: string | undefined
  const isExact = line.text.charCodeAt(from) === TAB
  const known = FRAMES[addressesOf(isExact)]
  const result = (isChain: boolean, isBroken: boolean, end: number): Chain => ({
    frames,
    regs,
    isChain,
    isBroken,
    isExact,
    end,
  })
  for (let start = from; ; ) {
    const next = lineAt(line.text, start, line.last)
    if (next === undefined) return line.last ? result(frames.length > 0, frames.length > 0, start) : undefined
    if (!isPasted && line.text.charCodeAt(start) === TAB && !next.isCut) {
      const frame = known.of(line.text, start, next.contentEnd)
      if (frame !== undefined) {
        frames.push(frame)
        start = next.end
        continue
      }
    }
    const raw = contentOf(next)
    const text = isPasted ? raw.slice(quoteEnd(raw, 0)) : raw
    if (isPasted ? text.trim() === '' : raw === '') {
      const isChain = frames.length > 0 || !isPasted
      return result(isChain, false, isChain ? next.end : start)
    }
    // Without the indentation that pasted text may have lost, eight digits are no thread's name followed by a number.
    const frame = next.isCut ? undefined : known.get(isPasted && /^ *[0-9a-f]{8,16} \D/.test(text) ? `\t${text}` : text)
    const last = frames.at(-1)?.frame
    const more = last === undefined ? undefined : (readSourceLine(text) ?? wrappedDso(last, text))
    if (frame !== undefined) frames.push(frame)
    else if (last !== undefined && more !== undefined) frames[frames.length - 1] = knownFrame({ ...last, ...more })
    else if (last !== undefined && text.trimStart().startsWith('ABI:') && !next.isCut) regs = text.trim()
    else return result(frames.length > 0, frames.length > 0, start)
    start = next.end
  }
}

/** The chain's frames as the record's `stack`. */
export function stackPart({ frames }: Chain): Part | undefined {
  return frames.length === 0 ? undefined : new Stack(frames)
}

/** A list of frames of which ajv accepted each as a list of its own: the schema says nothing of a list but what its items are. */
class Stack implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly frames: readonly KnownFrame[]

  constructor(frames: readonly KnownFrame[]) {
    let items = ''
    let fault: string | undefined
    let isUnsure = false
    for (const { stack, isAmbiguous: unsure } of frames) {
      items += `${items === '' ? '' : ','}${stack.text.slice(OPENING.length, -1)}`
      fault ??= stack.notes?.fault
      isUnsure ||= unsure
    }
    this.text = `${OPENING}${items}]`
    this.notes = fault !== undefined ? { fault } : isUnsure ? { flags: ['address_ambiguous'] } : undefined
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

function knownFrame(frame: Frame): KnownFrame {
  return { frame, stack: seal('stack', [frame]), isAmbiguous: isAmbiguous(frame) }
}

function memo(addresses: FrameAddresses): Memo<KnownFrame | undefined> {
  return intern((line) => {
    const frame = readFrame(line, addresses)
    return frame === undefined ? undefined : knownFrame(frame)
  })
}

const FRAMES: Readonly<Record<FrameAddresses, Memo<KnownFrame | undefined>>> = {
  offsets: memo('offsets'),
  addresses: memo('addresses'),
  unknown: memo('unknown'),
}

/** A dso that a mailer wrapped onto a line of its own. */
function wrappedDso(last: Frame, text: string): Partial<Frame> | undefined {
  if (last.dso !== undefined || last.module !== undefined || !/^\s*\([/[].*\)$/.test(text)) return undefined
  const { dso, module, dso_offset } = readFrame(`\t0 ${text.trim()}`, 'addresses') ?? {}
  return {
    ...(dso !== undefined && { dso }),
    ...(module !== undefined && { module }),
    ...(dso_offset !== undefined && { dso_offset }),
  }
}
