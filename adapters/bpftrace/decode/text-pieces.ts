import { distinct, joinLiterals } from '../match/format.ts'
import { patternOf, type TextPattern } from '../match/pattern.ts'
import type { Segment } from '../match/segment.ts'
import type { PrintStep, TextPiece } from './decoder.ts'

/**
 * A clause is not decoded when more paths of calls make a line, when a path is longer, or when it has more variants.
 */
const MOST_PATHS = 64
const LONGEST_PATH = 64
const MOST_VARIANTS = 16

/**
 * The pieces of text that the calls of a clause print. Undefined: there are too many ways to print a line. `firstId`
 * is the id of the first piece.
 */
export function piecesOf(steps: readonly PrintStep[], firstId: number): readonly TextPiece[] | undefined {
  const pieces: TextPiece[] = []
  const byStart = new Map<PrintStep, TextPiece[]>()
  const unlinked: { readonly next: TextPiece[]; readonly last: PrintStep }[] = []
  for (const start of lineStarts(steps)) {
    const paths = pathsFrom(start)
    if (paths === undefined) return undefined
    for (const path of paths) {
      const patterns = patternsOf(path)
      const last = path[path.length - 1]
      if (patterns === undefined || last === undefined) return undefined
      const next: TextPiece[] = []
      const piece: TextPiece = {
        id: firstId + pieces.length,
        clause: start.clause,
        patterns,
        next,
        ends: last.ends,
        opens: path.some(({ opens }) => opens),
        starts: start.starts,
        isSoft: start.name !== 'printf',
      }
      pieces.push(piece)
      byStart.set(start, [...(byStart.get(start) ?? []), piece])
      unlinked.push({ next, last })
    }
  }
  for (const { next, last } of unlinked) next.push(...last.next.flatMap((step) => byStart.get(step) ?? []))
  return pieces
}

/** The calls whose text begins a line, or a run. */
function lineStarts(steps: readonly PrintStep[]): readonly PrintStep[] {
  const after = new Map<PrintStep, boolean>()
  for (const step of steps) {
    for (const next of step.next) after.set(next, after.get(next) === true || endsLine(step) || step.ends)
  }
  return steps.filter((step) => step.starts || after.get(step) !== false)
}

function endsLine(step: PrintStep): boolean {
  return step.patterns.some((pattern) => pattern.endsLine)
}

/** The sequences of calls that make one line, from `start` on. */
function pathsFrom(start: PrintStep): readonly (readonly PrintStep[])[] | undefined {
  const done: (readonly PrintStep[])[] = []
  const open: (readonly PrintStep[])[] = [[start]]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const last = path[path.length - 1]
    if (last === undefined || path.length > LONGEST_PATH || done.length > MOST_PATHS) return undefined
    if (endsLine(last) || last.ends || last.next.length === 0) done.push(path)
    if (!endsLine(last)) for (const next of last.next) open.push([...path, next])
  }
  return done
}

function patternsOf(path: readonly PrintStep[]): readonly TextPattern[] | undefined {
  let texts: readonly (readonly Segment[])[] = [[]]
  for (const step of path) {
    texts = texts.flatMap((before) => step.patterns.map(({ segments }) => joinLiterals([...before, ...segments])))
    if (texts.length > MOST_VARIANTS) return undefined
  }
  return distinct(texts).map(patternOf)
}
