import { distinct, joinLiterals } from '../match/format.ts'
import { type Pattern, patternOf } from '../match/pattern.ts'
import { printedBy } from '../match/printed.ts'
import type { Segment } from '../match/segment.ts'
import type { Clause, Problem, Program } from '../program/ast.ts'
import { type Events, eventsOf } from '../program/events.ts'
import {
  type Assigned,
  type Filling,
  type Flow,
  FlowTooLarge,
  flowOf,
  type PrintCall,
  type Printing,
} from '../program/flow.ts'
import { meaningOf } from '../program/meaning.ts'
import { parseProgram, placeOf } from '../program/parse.ts'
import { type FixedReason, fixedReason } from '../program/predicate.ts'
import type { Meaning, Scope } from '../program/vocabulary.ts'
import { type MapFacts, mapsOf, valueOfMap } from './maps.ts'
import type { ClauseFacts } from './recipe.ts'

/** A printing call, compiled: one record of JSON. */
export interface Step {
  readonly id: number
  readonly clause: ClauseFacts
  readonly name: Printing
  /** In each way that the versions differ in. */
  readonly patterns: readonly Pattern[]
  /** Of `print()`: what its value stands for. */
  readonly meaning: Meaning | undefined
  readonly next: readonly Step[]
  /** It may be the first that a run prints. */
  readonly starts: boolean
  readonly ends: boolean
  readonly opens: boolean
}

/** The printing calls that make a line together, or the last of a run: one piece of text. */
export interface Piece {
  readonly id: number
  readonly clause: ClauseFacts
  readonly patterns: readonly Pattern[]
  readonly next: readonly Piece[]
  readonly ends: boolean
  readonly opens: boolean
  /** It may be the first that a run prints. */
  readonly starts: boolean
  /** It begins with a value, a time or a file: the tool's own lines go before it. */
  readonly isSoft: boolean
}

/** What a program makes of its output. */
export interface Decoder {
  readonly steps: readonly Step[]
  readonly pieces: readonly Piece[]
  readonly maps: ReadonlyMap<string, MapFacts>
  readonly problems: readonly Problem[]
  /** Something that the program prints could not be compiled: lines that fit nothing may be its. */
  readonly isPartial: boolean
}

/** Ways through calls that make a line, and readings of them, beyond which a clause is not decoded. */
const MOST_PATHS = 64
const MOST_VARIANTS = 16
const LONGEST_PATH = 64

interface Compiled {
  readonly clause: Clause
  readonly facts: ClauseFacts
  readonly flow: Flow
  readonly scopeAt: (order: number) => Scope
}

/**
 * Compiles a program (latin1 bytes); `parameters` are those of its command line, `$1` first. Never throws: what cannot be understood is told in `problems`.
 */
export function compileProgram(source: string, parameters: readonly string[]): Decoder {
  const program = parseProgram(source)
  const problems = [...program.problems]
  const tell = (at: number, text: string): void => {
    problems.push({ ...placeOf(source, at), text })
  }
  if (program.clauses.length === 0 && problems.length === 0) tell(0, 'a probe expected, there is none')
  // Filled in below: what a map's values are follows from the clauses that fill it.
  let maps: ReadonlyMap<string, MapFacts> = new Map()
  const surroundings: Surroundings = {
    program,
    parameters,
    map: (name) => valueOfMap(maps.get(name)),
  }
  const compiled = program.clauses.flatMap((clause): readonly Compiled[] => {
    try {
      return [compileClause(clause, surroundings)]
    } catch (error) {
      if (!(error instanceof FlowTooLarge)) throw error
      tell(clause.at, error.message)
      return []
    }
  })
  maps = mapsOf(
    compiled.flatMap(({ flow, facts, scopeAt }) =>
      flow.fillings.map((filling: Filling) => ({ filling, events: facts.events, scope: scopeAt(filling.order) })),
    ),
  )
  const steps: Step[] = []
  const pieces: Piece[] = []
  for (const one of compiled) {
    const opens = !isSecond(one, compiled)
    const own = stepsOf(one, opens, steps.length)
    if ('why' in own) {
      tell(own.at, own.why)
      continue
    }
    const lines = piecesOf(own, pieces.length)
    if (lines === undefined) tell(one.clause.at, 'too many ways to print a line')
    else pieces.push(...lines)
    steps.push(...own)
  }
  return { steps, pieces, maps, problems, isPartial: problems.length > 0 }
}

/** What a clause's expressions refer to outside of it. */
interface Surroundings {
  readonly program: Program
  readonly parameters: readonly string[]
  readonly map: Scope['map']
}

function compileClause(clause: Clause, { program, parameters, map }: Surroundings): Compiled {
  const events = eventsOf(clause.probes)
  const scopeWith = (variables: ReadonlyMap<string, Assigned>, order: number): Scope => ({
    events,
    variable(name) {
      const assigned = variables.get(name)
      return assigned !== undefined && assigned.order < order ? assigned.value : undefined
    },
    parameter: (name) => parameters[Number(name.slice(1)) - 1],
    isEnumerator: (name) => program.enumerators.has(name),
    map,
  })
  const flow = flowOf(clause.body, program.routines, (call, variables) => tells(call, scopeWith(variables, call.order)))
  const scopeAt = (order: number): Scope => scopeWith(flow.variables, order)
  const fixed: FixedReason = fixedReason(clause.predicate, scopeAt(0), program.enumerators)
  return { clause, facts: { events, fixed }, flow, scopeAt }
}

/** True when a call prints a reason, an address or a place. */
function tells(call: PrintCall, scope: Scope): boolean {
  const printed = printedBy(call, scope)
  if (typeof printed === 'string') return false
  return printed.some((segments) =>
    segments.some(
      (segment) =>
        segment.kind === 'capture' &&
        ['reason', 'skb_addr', 'location_address', 'location_symbol'].includes(segment.capture.target.to),
    ),
  )
}

/** True when another clause surely prints for each packet that this one prints for: one packet is one drop. */
function isSecond(one: Compiled, all: readonly Compiled[]): boolean {
  const place = all.indexOf(one)
  return all.some((other, index) => {
    if (other === one || !other.flow.isSure || !sameEvents(one.facts.events, other.facts.events)) return false
    const [predicate, others] = [one.clause.predicate?.text, other.clause.predicate?.text]
    return predicate === others ? index < place : others === undefined
  })
}

function sameEvents(a: Events, b: Events): boolean {
  return a.origin !== undefined && a.names.length === b.names.length && a.names.every((name) => b.names.includes(name))
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** A call of which it cannot be told what it prints. */
interface Untold {
  /** Offset in the program. */
  readonly at: number
  readonly why: string
}

function stepsOf({ facts, flow, scopeAt }: Compiled, mayOpen: boolean, firstId: number): readonly Step[] | Untold {
  const steps: Writable<Step>[] = []
  for (const [index, { call, starts, ends, opens }] of flow.steps.entries()) {
    const scope = scopeAt(call.order)
    const printed = printedBy(call, scope)
    if (typeof printed === 'string') return { at: call.at, why: printed }
    const [first] = call.args
    const meaning = call.name === 'print' && first !== undefined ? meaningOf(first, scope) : undefined
    const patterns = printed.map(patternOf)
    steps.push({
      id: firstId + index,
      clause: facts,
      name: call.name,
      patterns,
      meaning,
      next: [],
      starts,
      ends,
      opens: opens && mayOpen,
    })
  }
  for (const [index, { next }] of flow.steps.entries()) {
    const step = steps[index]
    if (step !== undefined) step.next = next.flatMap((at) => steps[at] ?? [])
  }
  return steps
}

/** The pieces of a clause, those that may begin a line first; undefined: there are too many ways. */
function piecesOf(steps: readonly Step[], firstId: number): readonly Piece[] | undefined {
  const starts = lineStarts(steps)
  const pieces: Writable<Piece>[] = []
  const byStart = new Map<Step, Piece[]>()
  const lasts = new Map<Piece, Step>()
  for (const start of starts) {
    const paths = pathsFrom(start)
    if (paths === undefined) return undefined
    for (const path of paths) {
      const patterns = patternsOf(path)
      const last = path[path.length - 1]
      if (patterns === undefined || last === undefined) return undefined
      const piece: Writable<Piece> = {
        id: firstId + pieces.length,
        clause: start.clause,
        patterns,
        next: [],
        ends: last.ends,
        opens: path.some(({ opens }) => opens),
        starts: start.starts,
        isSoft: start.name !== 'printf',
      }
      pieces.push(piece)
      byStart.set(start, [...(byStart.get(start) ?? []), piece])
      lasts.set(piece, last)
    }
  }
  for (const piece of pieces) piece.next = (lasts.get(piece)?.next ?? []).flatMap((step) => byStart.get(step) ?? [])
  return pieces
}

/** Steps whose text begins a line, or a run. */
function lineStarts(steps: readonly Step[]): readonly Step[] {
  const after = new Map<Step, boolean>()
  for (const step of steps) {
    for (const next of step.next) after.set(next, after.get(next) === true || endsLine(step) || step.ends)
  }
  return steps.filter((step) => step.starts || after.get(step) !== false)
}

function endsLine(step: Step): boolean {
  return step.patterns.some((pattern) => pattern.endsLine)
}

/** The calls that make one line from `start` on. */
function pathsFrom(start: Step): readonly (readonly Step[])[] | undefined {
  const done: (readonly Step[])[] = []
  const open: (readonly Step[])[] = [[start]]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const last = path[path.length - 1]
    if (last === undefined || path.length > LONGEST_PATH || done.length > MOST_PATHS) return undefined
    if (endsLine(last) || last.ends || last.next.length === 0) done.push(path)
    if (!endsLine(last)) for (const next of last.next) open.push([...path, next])
  }
  return done
}

function patternsOf(path: readonly Step[]): readonly Pattern[] | undefined {
  let texts: readonly (readonly Segment[])[] = [[]]
  for (const step of path) {
    texts = texts.flatMap((before) => step.patterns.map(({ segments }) => joinLiterals([...before, ...segments])))
    if (texts.length > MOST_VARIANTS) return undefined
  }
  return distinct(texts).map(patternOf)
}
