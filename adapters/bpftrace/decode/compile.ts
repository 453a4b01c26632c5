import { patternOf } from '../match/pattern.ts'
import { printedBy } from '../match/printed.ts'
import type { Clause, Program } from '../program/ast.ts'
import { type Events, eventsOf } from '../program/events.ts'
import { type Flow, FlowTooLarge, flowOf } from '../program/flow.ts'
import { meaningOf } from '../program/meaning.ts'
import type { Assigned } from '../program/ordered.ts'
import { parseProgram, placeOf } from '../program/parse.ts'
import { fixedReason } from '../program/predicate.ts'
import type { PrintCall } from '../program/print-tree.ts'
import type { Scope } from '../program/vocabulary.ts'
import type { Decoder, PrintStep, TextPiece } from './decoder.ts'
import { type MapFacts, mapsOf, valueOfMap } from './maps.ts'
import type { ClauseFacts } from './recipe.ts'
import { piecesOf } from './text-pieces.ts'

interface CompiledClause {
  readonly clause: Clause
  readonly facts: ClauseFacts
  readonly flow: Flow
  readonly scopeAt: (order: number) => Scope
}

/**
 * Compiles a program (latin1 bytes). `parameters` are those of its command line, `$1` first. Never throws: what was
 * not understood is in `problems`.
 */
export function compileProgram(source: string, parameters: readonly string[]): Decoder {
  const program = parseProgram(source)
  const problems = [...program.problems]
  const report = (at: number, text: string): void => {
    problems.push({ ...placeOf(source, at), text })
  }
  if (program.clauses.length === 0 && problems.length === 0) report(0, 'a probe expected, none found')
  // Filled in below: the clauses that fill a map say what its values are.
  let maps: ReadonlyMap<string, MapFacts> = new Map()
  const scope: ProgramScope = { program, parameters, map: (name) => valueOfMap(maps.get(name)) }
  const compiled = program.clauses.flatMap((clause): readonly CompiledClause[] => {
    try {
      return [compileClause(clause, scope)]
    } catch (error) {
      if (!(error instanceof FlowTooLarge)) throw error
      report(clause.at, error.message)
      return []
    }
  })
  maps = mapsOf(
    compiled.flatMap(({ flow, facts, scopeAt }) =>
      flow.mapAssignments.map((one) => ({ assignment: one, events: facts.events, scope: scopeAt(one.order) })),
    ),
  )
  const steps: PrintStep[] = []
  const pieces: TextPiece[] = []
  for (const one of compiled) {
    const own = stepsOf(one, !isSecond(one, compiled), steps.length)
    if ('why' in own) {
      report(own.at, own.why)
      continue
    }
    const lines = piecesOf(own, pieces.length)
    if (lines === undefined) report(one.clause.at, 'too many ways to print a line')
    else pieces.push(...lines)
    steps.push(...own)
  }
  return { steps, pieces, maps, problems, isPartial: problems.length > 0 }
}

/** What the expressions of a clause refer to outside of it. */
interface ProgramScope {
  readonly program: Program
  readonly parameters: readonly string[]
  readonly map: Scope['map']
}

function compileClause(clause: Clause, { program, parameters, map }: ProgramScope): CompiledClause {
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
  const flow = flowOf(clause.body, program.routines, (call, variables) =>
    showsDrop(call, scopeWith(variables, call.order)),
  )
  const scopeAt = (order: number): Scope => scopeWith(flow.variables, order)
  const fixed = fixedReason(clause.predicate, scopeAt(0), program.enumerators)
  return { clause, facts: { events, fixed }, flow, scopeAt }
}

/** True when a call prints a reason, an address or a location. */
function showsDrop(call: PrintCall, scope: Scope): boolean {
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
function isSecond(one: CompiledClause, all: readonly CompiledClause[]): boolean {
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

/** A call of which it is unknown what it prints. */
interface Undecodable {
  /** Offset in the program. */
  readonly at: number
  readonly why: string
}

function stepsOf(
  { facts, flow, scopeAt }: CompiledClause,
  mayOpen: boolean,
  firstId: number,
): readonly PrintStep[] | Undecodable {
  const steps: PrintStep[] = []
  const following: PrintStep[][] = []
  for (const [index, { call, starts, ends, opens }] of flow.steps.entries()) {
    const scope = scopeAt(call.order)
    const printed = printedBy(call, scope)
    if (typeof printed === 'string') return { at: call.at, why: printed }
    const [first] = call.args
    const meaning = call.name === 'print' && first !== undefined ? meaningOf(first, scope) : undefined
    const next: PrintStep[] = []
    following.push(next)
    steps.push({
      id: firstId + index,
      clause: facts,
      name: call.name,
      patterns: printed.map(patternOf),
      meaning,
      next,
      starts,
      ends,
      opens: opens && mayOpen,
    })
  }
  for (const [index, { next }] of flow.steps.entries()) following[index]?.push(...next.flatMap((at) => steps[at] ?? []))
  return steps
}
