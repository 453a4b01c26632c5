import type { Call, Routine, Statement } from './ast.ts'
import { inlined } from './inline.ts'
import {
  type Assigned,
  assignedOnce,
  type MapAssignment,
  mapAssignmentsOf,
  type OrderedStatement,
  ordered,
} from './ordered.ts'
import { Positions } from './positions.ts'
import { type FlowStep, PRINTING, type PrintCall, type Printing, type PrintNode } from './print-tree.ts'

/** What the runs of a clause print, and in which order. */
export interface Flow {
  readonly steps: readonly FlowStep[]
  /** Every run prints. */
  readonly isSure: boolean
  /** The assignments to maps, as the clause writes them. */
  readonly mapAssignments: readonly MapAssignment[]
  /** The values of the variables that are assigned once, outside of branches and loops. */
  readonly variables: ReadonlyMap<string, Assigned>
}

/** The body is so large, or its returns are nested so deep, that its prints are not put in order. */
export class FlowTooLarge extends Error {}

const MOST_NODES = 2000

/**
 * What a clause prints, and in which order. Calls of routines are replaced by their bodies. `showsDrop`: the call
 * prints a reason, an address or a location. Throws FlowTooLarge.
 */
export function flowOf(
  body: readonly Statement[],
  routines: ReadonlyMap<string, Routine>,
  showsDrop: (call: PrintCall, variables: ReadonlyMap<string, Assigned>) => boolean,
): Flow {
  const statements = ordered(inlined(body, routines))
  const variables = assignedOnce(statements)
  const nodes = new TreeBuilder().nodesOf(statements)
  const openers = new Set<PrintCall>()
  markOpeners(nodes, openers, (call) => showsDrop(call, variables))
  return {
    steps: new Positions(openers).stepsOf(nodes),
    isSure: nodes.some(({ kind }) => kind === 'call'),
    mapAssignments: mapAssignmentsOf(statements),
    variables,
  }
}

class TreeBuilder {
  private count = 0

  nodesOf(statements: readonly OrderedStatement[]): readonly PrintNode[] {
    const nodes: PrintNode[] = []
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

function nodeOf({ name, args, at }: Call, order: number): PrintNode | undefined {
  if (!isPrinting(name)) return undefined
  const [first] = args
  if (name === 'print' && first?.kind === 'map' && first.keys === undefined) return { kind: 'cut' }
  return { kind: 'call', call: { name, args, order, at } }
}

function isPrinting(name: string): name is Printing {
  return PRINTING.some((one) => one === name)
}

function mayReturn(statements: readonly OrderedStatement[]): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'if') return mayReturn(statement.yes) || mayReturn(statement.no)
    return statement.kind === 'return'
  })
}

/**
 * Which call makes the record of a run: the first unconditional one. Where all prints are conditional, it is in the
 * first group of branches that prints a reason, an address or a location, one call for each branch.
 */
function markOpeners(
  nodes: readonly PrintNode[],
  openers: Set<PrintCall>,
  showsDrop: (call: PrintCall) => boolean,
): void {
  const sure = nodes.find((node) => node.kind === 'call')
  if (sure !== undefined) {
    openers.add(sure.call)
    return
  }
  const groups = nodes.filter((node) => node.kind === 'either')
  const group = groups.find((node) => callsOf(node).some(showsDrop)) ?? groups[0]
  for (const branch of group?.branches ?? []) markOpeners(branch, openers, showsDrop)
}

function callsOf(node: PrintNode): readonly PrintCall[] {
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
