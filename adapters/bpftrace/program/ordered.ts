import type { Call, Expression, Statement } from './ast.ts'

/** A statement with its number in the order of the clause. `depth`: how many branches and loops are around it. */
export type OrderedStatement =
  | { readonly kind: 'call'; readonly call: Call; readonly order: number }
  | {
      readonly kind: 'assign'
      readonly target: Expression
      readonly value: Expression | undefined
      readonly order: number
      readonly depth: number
    }
  | { readonly kind: 'if'; readonly yes: readonly OrderedStatement[]; readonly no: readonly OrderedStatement[] }
  | { readonly kind: 'loop'; readonly body: readonly OrderedStatement[] }
  | { readonly kind: 'return' }

/** `@m[keys] = value`, `@m++`. */
export interface MapAssignment {
  readonly name: string
  readonly keys: readonly Expression[]
  /** Undefined: the map's old value, changed (`+=`, `++`). */
  readonly value: Expression | undefined
  readonly order: number
}

export interface Assigned {
  readonly value: Expression
  /** The number of the statement, as `order` of `PrintCall`. */
  readonly order: number
}

/** Numbers the statements of a body, which has no routine left to inline. */
export function ordered(body: readonly Statement[]): readonly OrderedStatement[] {
  let order = 0
  const one = (statement: Statement, depth: number): readonly OrderedStatement[] => {
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
  const all = (statements: readonly Statement[], depth: number): readonly OrderedStatement[] =>
    statements.flatMap((statement) => one(statement, depth))
  return all(body, 0)
}

/** The value of each variable that is assigned once, outside of branches and loops. */
export function assignedOnce(body: readonly OrderedStatement[]): ReadonlyMap<string, Assigned> {
  const once = new Map<string, Assigned>()
  const seen = new Set<string>()
  const walk = (statements: readonly OrderedStatement[]): void => {
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

/** All assignments to maps, those in branches and loops too. */
export function mapAssignmentsOf(body: readonly OrderedStatement[]): readonly MapAssignment[] {
  return body.flatMap((statement): readonly MapAssignment[] => {
    switch (statement.kind) {
      case 'if':
        return [...mapAssignmentsOf(statement.yes), ...mapAssignmentsOf(statement.no)]
      case 'loop':
        return mapAssignmentsOf(statement.body)
      case 'assign': {
        const { target, value, order } = statement
        return target.kind === 'map' ? [{ name: target.name, keys: target.keys ?? [], value, order }] : []
      }
      default:
        return []
    }
  })
}
