import type { Call, Expression, Routine, Statement } from './ast.ts'
import { Positions } from './positions.ts'
import { substitute } from './substitute.ts'

/** Calls that print something of a run (bpftrace 0.9 to 0.27). `print` of a map is no part of it: a map is known by its own lines. */
export const PRINTING = ['printf', 'print', 'time', 'join', 'cat', 'system'] as const
export type Printing = (typeof PRINTING)[number]

/** A call that prints, in the place where it stands. */
export interface PrintCall {
  readonly name: Printing
  readonly args: readonly Expression[]
  /** How many statements of the clause run before it, branches included: what a variable was by then. */
  readonly order: number
  /** Offset in the program. */
  readonly at: number
}

/** A printing call of a clause, with what the same run may print next. */
export interface Step {
  readonly call: PrintCall
  /** Indexes of the steps that may follow in the same run. */
  readonly next: readonly number[]
  /** The run may print nothing more. */
  readonly ends: boolean
  /** It may be the first that a run prints, or stand behind a map that the run prints. */
  readonly starts: boolean
  /** The run prints this one when it prints at all, or it stands for the run where all are conditional: one record. */
  readonly opens: boolean
}

export interface Flow {
  readonly steps: readonly Step[]
  /** Every run prints. */
  readonly isSure: boolean
  /** What fills a map, in the clause's own words. */
  readonly fillings: readonly Filling[]
  /** What each variable stands for that is assigned once, at the clause's own level. */
  readonly variables: ReadonlyMap<string, Assigned>
}

/** `@m[keys] = value`, `@m++`. */
export interface Filling {
  readonly name: string
  readonly keys: readonly Expression[]
  /** Undefined: the map's old value and something more. */
  readonly value: Expression | undefined
  readonly order: number
}

export interface Assigned {
  readonly value: Expression
  /** As in `PrintCall`. */
  readonly order: number
}

export type Node =
  | { readonly kind: 'call'; readonly call: PrintCall }
  | { readonly kind: 'either'; readonly branches: readonly (readonly Node[])[] }
  | { readonly kind: 'loop'; readonly body: readonly Node[] }
  /** A map is printed here. */
  | { readonly kind: 'cut' }

/** A body so large, or a nest of returns so deep, that its prints are not put in order. */
export class FlowTooLarge extends Error {}

const MOST_NODES = 2000
const MOST_UNROLLED = 64
const DEEPEST_CALL = 16

/**
 * What a clause prints, in which order. Routines are put in their callers' places. `tells`: the call prints a reason, an address or a place.
 * Throws FlowTooLarge.
 */
export function flowOf(
  body: readonly Statement[],
  routines: ReadonlyMap<string, Routine>,
  tells: (call: PrintCall, variables: ReadonlyMap<string, Assigned>) => boolean,
): Flow {
  const numbered = number(inline(body, routines, 0))
  const variables = assignedOnce(numbered)
  const builder = new Builder()
  const nodes = builder.nodesOf(numbered)
  const openers = new Set<PrintCall>()
  markOpeners(nodes, openers, (call) => tells(call, variables))
  return {
    steps: new Positions(openers).stepsOf(nodes),
    isSure: nodes.some(({ kind }) => kind === 'call'),
    fillings: fillingsOf(numbered),
    variables,
  }
}

/** A statement with its place in the order of the clause, and how deep it stands in branches and loops. */
type Numbered =
  | { readonly kind: 'call'; readonly call: Call; readonly order: number }
  | {
      readonly kind: 'assign'
      readonly target: Expression
      readonly value: Expression | undefined
      readonly order: number
      readonly depth: number
    }
  | { readonly kind: 'if'; readonly yes: readonly Numbered[]; readonly no: readonly Numbered[] }
  | { readonly kind: 'loop'; readonly body: readonly Numbered[] }
  | { readonly kind: 'return' }

/** Routines in their callers' places, blocks dissolved, counted loops written out. */
function inline(
  body: readonly Statement[],
  routines: ReadonlyMap<string, Routine>,
  depth: number,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    switch (statement.kind) {
      case 'block':
        return inline(statement.body, routines, depth)
      case 'if':
        return [
          {
            ...statement,
            yes: inline(statement.yes, routines, depth),
            no: inline(statement.no, routines, depth),
          },
        ]
      case 'loop': {
        const inner = inline(statement.body, routines, depth)
        const { times } = statement
        if (times === undefined || times > MOST_UNROLLED) return [{ ...statement, body: inner }]
        return Array.from({ length: times }, () => inner).flat()
      }
      case 'call': {
        const routine = routines.get(statement.call.name)
        if (routine === undefined || depth > DEEPEST_CALL) return [statement]
        const named = new Map(
          routine.parameters.flatMap((name, index) => {
            const arg = statement.call.args[index]
            return arg === undefined ? [] : [[name, arg] as const]
          }),
        )
        // A return of the routine's own ends only that.
        const lines = routine.body.map((line) => substitute(line, named))
        return inline(lines[lines.length - 1]?.kind === 'return' ? lines.slice(0, -1) : lines, routines, depth + 1)
      }
      default:
        return [statement]
    }
  })
}

function number(body: readonly Statement[]): readonly Numbered[] {
  let order = 0
  const one = (statement: Statement, depth: number): readonly Numbered[] => {
    order++
    switch (statement.kind) {
      case 'call':
        return [{ kind: 'call', call: statement.call, order }]
      case 'assign': {
        const value = statement.operator === '=' ? statement.value : undefined
        return [{ kind: 'assign', target: statement.target, value, order, depth }]
      }
      case 'if':
        return [{ kind: 'if', yes: all(statement.yes, depth + 1), no: all(statement.no, depth + 1) }]
      case 'loop':
        return [{ kind: 'loop', body: all(statement.body, depth + 1) }]
      case 'block':
        return all(statement.body, depth)
      case 'return':
        return [{ kind: 'return' }]
    }
  }
  const all = (statements: readonly Statement[], depth: number): readonly Numbered[] =>
    statements.flatMap((statement) => one(statement, depth))
  return all(body, 0)
}

function assignedOnce(body: readonly Numbered[]): ReadonlyMap<string, Assigned> {
  const once = new Map<string, Assigned>()
  const seen = new Set<string>()
  const walk = (statements: readonly Numbered[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'if') {
        walk(statement.yes)
        walk(statement.no)
      } else if (statement.kind === 'loop') walk(statement.body)
      else if (statement.kind === 'assign' && statement.target.kind === 'variable') {
        const { name } = statement.target
        const isOnce = !seen.has(name) && statement.value !== undefined && statement.depth === 0
        if (isOnce) once.set(name, { value: statement.value, order: statement.order })
        else once.delete(name)
        seen.add(name)
      }
    }
  }
  walk(body)
  return once
}

function fillingsOf(body: readonly Numbered[]): readonly Filling[] {
  return body.flatMap((statement): readonly Filling[] => {
    switch (statement.kind) {
      case 'if':
        return [...fillingsOf(statement.yes), ...fillingsOf(statement.no)]
      case 'loop':
        return fillingsOf(statement.body)
      case 'assign': {
        const { target, value, order } = statement
        return target.kind === 'map' ? [{ name: target.name, keys: target.keys ?? [], value, order }] : []
      }
      default:
        return []
    }
  })
}

class Builder {
  private count = 0

  nodesOf(statements: readonly Numbered[]): readonly Node[] {
    const nodes: Node[] = []
    for (const [index, statement] of statements.entries()) {
      if (++this.count > MOST_NODES) throw new FlowTooLarge('the clause is too large')
      switch (statement.kind) {
        case 'return':
          return nodes
        case 'assign':
          break
        case 'call': {
          const node = nodeOf(statement.call, statement.order)
          if (node !== undefined) nodes.push(node)
          break
        }
        case 'loop': {
          const body = this.nodesOf(statement.body)
          if (body.length > 0) nodes.push({ kind: 'loop', body })
          break
        }
        case 'if': {
          // A branch that may end the run excludes what follows: the rest belongs to the other branch.
          const ends = mayReturn(statement.yes) || mayReturn(statement.no)
          const rest = ends ? statements.slice(index + 1) : []
          const branches = [
            [...statement.yes, ...rest],
            [...statement.no, ...rest],
          ].map((one) => this.nodesOf(one))
          if (branches.some(({ length }) => length > 0)) nodes.push({ kind: 'either', branches })
          if (ends) return nodes
          break
        }
      }
    }
    return nodes
  }
}

function nodeOf({ name, args, at }: Call, order: number): Node | undefined {
  if (!isPrinting(name)) return undefined
  const [first] = args
  if (name === 'print' && first?.kind === 'map' && first.keys === undefined) return { kind: 'cut' }
  return { kind: 'call', call: { name, args, order, at } }
}

function isPrinting(name: string): name is Printing {
  return PRINTING.some((one) => one === name)
}

function mayReturn(statements: readonly Numbered[]): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'if') return mayReturn(statement.yes) || mayReturn(statement.no)
    return statement.kind === 'return'
  })
}

/**
 * Which calls open a run's record: the first that is printed unconditionally; where every print is conditional, of independent ones the first that
 * tells a reason, an address or a place, and of branches that exclude one another one each.
 */
function markOpeners(nodes: readonly Node[], openers: Set<PrintCall>, tells: (call: PrintCall) => boolean): void {
  const sure = nodes.find((node) => node.kind === 'call')
  if (sure !== undefined) {
    openers.add(sure.call)
    return
  }
  const groups = nodes.filter((node) => node.kind === 'either')
  const group = groups.find((node) => callsOf(node).some(tells)) ?? groups[0]
  for (const branch of group?.branches ?? []) markOpeners(branch, openers, tells)
}

function callsOf(node: Node): readonly PrintCall[] {
  switch (node.kind) {
    case 'call':
      return [node.call]
    case 'either':
      return node.branches.flat().flatMap(callsOf)
    case 'loop':
      return node.body.flatMap(callsOf)
    case 'cut':
      return []
  }
}
