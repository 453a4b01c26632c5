import { UsageError } from '../errors.ts'
import type { EventRecord } from '../event/record.ts'
import { type Stage, Unjudged } from './stage.ts'
import { BudgetSpent } from './where/budget.ts'
import { compileExpression } from './where/compile.ts'
import { ExpressionError } from './where/expression.ts'
import { membersRead } from './where/members-read.ts'

/** A filter expression as typed. `name` says where: `--where`, or `expression` for the argument of `filter`. */
export interface FilterExpression {
  readonly text: string
  readonly name: string
}

/** Keeps the records for which all expressions are true. Throws UsageError for a wrong expression. */
export function whereStage(expressions: readonly FilterExpression[]): Stage {
  const tests = expressions.map(compileNamed)
  const [only, ...rest] = tests
  const test = only !== undefined && rest.length === 0 ? only : allOf(tests)
  return {
    cause: 'where',
    reads: membersRead(expressions.map(({ text }) => text)),
    take(record) {
      try {
        return test(record) ? record : undefined
      } catch (error) {
        throw error instanceof BudgetSpent ? new Unjudged(error.message) : error
      }
    },
  }
}

function allOf(tests: readonly ((record: EventRecord) => boolean)[]): (record: EventRecord) => boolean {
  return (record) => {
    for (const test of tests) if (!test(record)) return false
    return true
  }
}

function compileNamed({ text, name }: FilterExpression): (record: EventRecord) => boolean {
  try {
    return compileExpression(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new UsageError(`${name}: ${placeOf(text, error.at)}: ${error.message}`, error.hint)
  }
}

/** The place of an offset for people: lines, and columns in characters, both from 1. */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  const column = `column ${[...(lines.at(-1) ?? '')].length + 1}`
  return lines.length === 1 ? column : `line ${lines.length}, ${column}`
}
