// Frames with their JSON, remembered: they repeat from chain to chain.
import { type Part, seal } from '../../../src/event/part.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { trimmed } from '../../../src/text/blank.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { replaced } from '../../../src/text/utf8.ts'
import { type FrameAddresses, type PrintedFrame, readFrame, readSourceLine } from './frame.ts'
import { readBehindFrame, type TrailingColumns } from './trailing.ts'

/** A frame with its JSON. */
export interface KnownFrame {
  /** Its line, latin1. */
  readonly text: string
  readonly reading: PrintedFrame
  /** A `stack` of this frame alone. */
  readonly stack: Part
  /** Columns of the sample that are in its line. */
  readonly columns: TrailingColumns | undefined
  /** Text of its line that no member holds. */
  readonly left: string
  /** It has an address and nothing else. After frames with symbols such a frame was cut off. */
  readonly isBare: boolean
}

/** Frames by their lines, remembered. Undefined: the line is not a frame. */
export type FrameMemo = Memo<KnownFrame | undefined>

const MEMOS: Readonly<Record<FrameAddresses, FrameMemo>> = {
  offsets: memo('offsets'),
  addresses: memo('addresses'),
  unknown: memo('unknown'),
}

/** The frames of a perf that prints such addresses of user code. */
export function framesWith(addresses: FrameAddresses): FrameMemo {
  return MEMOS[addresses]
}

function memo(addresses: FrameAddresses): FrameMemo {
  return intern((line) => {
    const reading = readFrame(line, addresses)
    return reading === undefined ? undefined : knownFrame(line, reading)
  })
}

/**
 * The last frame together with the line after it: its source, or a dso that a mailer wrapped. Undefined: the line is
 * neither.
 */
export function withNextLine(last: KnownFrame, text: string, known: FrameMemo): KnownFrame | undefined {
  const { reading } = last
  const source = readSourceLine(text)
  if (source !== undefined) return knownFrame(last.text, { ...reading, frame: { ...reading.frame, ...source } })
  const hasDso = reading.frame.dso !== undefined || reading.frame.module !== undefined
  return hasDso || !/^[\t ]*\([/[].*\)$/.test(text) ? undefined : known.get(`${last.text} ${trimmed(text)}`)
}

function knownFrame(text: string, reading: PrintedFrame): KnownFrame {
  const { frame, isAmbiguous, isIncomplete, rest } = reading
  const columns = isIncomplete || rest === '' ? undefined : readBehindFrame(rest)
  const left = columns === undefined ? rest : ''
  const flags: FlagWord[] = []
  if (isAmbiguous) flags.push('address_ambiguous')
  if (isIncomplete) flags.push('incomplete')
  else if (left !== '') flags.push('reformatted')
  if (replaced(text)) flags.push('text_replaced')
  const isBare = Object.keys(frame).length === 1 && frame.address !== undefined && !text.includes('[')
  return { text, reading, stack: seal('stack', [frame], ...flags), columns, left, isBare }
}
