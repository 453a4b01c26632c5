import type { Expression, Statement } from './ast.ts'

/** A statement of a routine with the arguments of the caller instead of its parameters. */
export function substitute(statement: Statement, named: ReadonlyMap<string, Expression>): Statement {
  const inner = (expression: Expression): Expression => replace(expression, named)
  const all = (statements: readonly Statement[]): readonly Statement[] =>
    statements.map((one) => substitute(one, named))
  switch (statement.kind) {
    case 'call':
      return { kind: 'call', call: { ...statement.call, args: statement.call.args.map(inner) } }
    case 'assign':
      return { ...statement, target: inner(statement.target), value: inner(statement.value) }
    case 'if':
      return {
        ...statement,
        condition: inner(statement.condition),
        yes: all(statement.yes),
        no: all(statement.no),
      }
    case 'loop':
    case 'block':
      return { ...statement, body: all(statement.body) }
    case 'return':
      return statement
  }
}

function replace(expression: Expression, named: ReadonlyMap<string, Expression>): Expression {
  const inner = (one: Expression): Expression => replace(one, named)
  switch (expression.kind) {
    case 'name':
    case 'variable':
      return named.get(expression.name) ?? expression
    case 'map':
      return { ...expression, keys: expression.keys?.map(inner) }
    case 'call':
      return { ...expression, args: expression.args.map(inner) }
    case 'field':
    case 'cast':
    case 'unary':
      return { ...expression, of: inner(expression.of) }
    case 'index':
      return { ...expression, of: inner(expression.of), index: inner(expression.index) }
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) }
    case 'choice':
      return { ...expression, test: inner(expression.test), yes: inner(expression.yes), no: inner(expression.no) }
    case 'tuple':
      return { ...expression, items: expression.items.map(inner) }
    case 'number':
    case 'string':
    case 'positional':
    case 'opaque':
      return expression
  }
}
