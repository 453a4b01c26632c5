import type { Reject } from '../../../src/contract.ts'
import { isWithin } from '../../../src/text/nearest.ts'
import { isNear, type NearPattern, nearPatterns } from '../match/near.ts'
import type { Segment } from '../match/segment.ts'
import { BYTES, type TextShape } from '../match/shape.ts'
import type { Decoder, TextPiece } from './decoder.ts'
import type { MapFacts } from './maps.ts'

/** Longer lines are not examined: lines of drops are shorter. */
const LONGEST = 4096

/** An entry of a map of any name. */
const ENTRY = /^(@[A-Za-z0-9_]*)(?:\[.*\])?:(?: |$)/

export const DAMAGED: Reject = {
  word: 'malformed',
  text: 'one byte off what the program prints: a drop or an entry of a map may be lost here',
}

/** Recognizes lines of drops and entries of maps in which one byte is damaged. They are lost, and must be reported. */
export class DamagedLines {
  private readonly decoder: Decoder
  private patterns: readonly NearPattern[] | undefined

  constructor(decoder: Decoder) {
    this.decoder = decoder
  }

  /**
   * Whether a line (latin1) that fits no pattern is such a line. `doubtful`: the format is so short that another
   * program may have printed the line. Undefined: it is not.
   */
  find(line: string): 'sure' | 'doubtful' | undefined {
    if (line.length > LONGEST) return undefined
    const [, name] = ENTRY.exec(line) ?? []
    if (name !== undefined && !this.decoder.maps.has(name)) return this.isNearMap(name) ? 'sure' : undefined
    this.patterns ??= patternsOf(this.decoder)
    const near = this.patterns.filter((pattern) => isNear(pattern, line))
    if (near.length === 0) return undefined
    return near.some(({ isTelling }) => isTelling) ? 'sure' : 'doubtful'
  }

  private isNearMap(name: string): boolean {
    return [...this.decoder.maps.keys()].some((known) => known !== name && isWithin(1, name, known))
  }
}

function patternsOf({ pieces, maps }: Decoder): readonly NearPattern[] {
  return [
    ...pieces.filter(mayDrop).flatMap(({ patterns }) => patterns.flatMap(({ segments }) => nearPatterns(segments))),
    ...[...maps].flatMap(([name, facts]) => nearPatterns(entrySegments(name, facts))),
  ]
}

/** True for a piece that may be a drop. */
function mayDrop({ opens, clause, patterns }: TextPiece): boolean {
  const hasProbe = patterns.some(({ captures }) => captures.some(({ target }) => target.to === 'probe'))
  return opens && (hasProbe || clause.events.origin !== undefined)
}

/** The line of an entry, the first one of a drawing. */
function entrySegments(name: string, { keys, textKey, type }: MapFacts): readonly Segment[] {
  const head = keys.length === 0 ? [literal(`${name}:`)] : [literal(`${name}[`), ...textKey.segments, literal(']:')]
  if (['hist', 'lhist', 'tseries'].includes(type)) return [...head, ofShape({ kind: 'words', texts: ['', ' '] })]
  return [...head, literal(' '), ofShape(['value', 'stats'].includes(type) ? TEXT : NUMBER)]
}

const TEXT: TextShape = { kind: 'text', least: 0, most: 65_536 }
const NUMBER: TextShape = { kind: 'run', bytes: BYTES.digit, least: 1, most: 20, signed: true }

function literal(text: string): Segment {
  return { kind: 'literal', text }
}

function ofShape(shape: TextShape): Segment {
  return {
    kind: 'capture',
    capture: { shape, pad: undefined, target: { to: 'args' }, key: '', notation: { as: 'text' } },
  }
}
