import type { Expression } from './ast.ts'

/** The value of an expression of numbers and enumerators. Undefined: it is not constant, or not understood. */
export function constantOf(expression: Expression, enumerators: ReadonlyMap<string, bigint>): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return enumerators.get(expression.name)
    case 'cast':
      return constantOf(expression.of, enumerators)
    case 'unary': {
      const value = constantOf(expression.of, enumerators)
      return value !== undefined && expression.operator === '-' ? -value : undefined
    }
    case 'binary': {
      const left = constantOf(expression.left, enumerators)
      const right = constantOf(expression.right, enumerators)
      if (left === undefined || right === undefined) return undefined
      if (expression.operator === '<<' && right < 64n) return left << right
      if (expression.operator === '|') return left | right
      return expression.operator === '+' ? left + right : undefined
    }
    default:
      return undefined
  }
}
