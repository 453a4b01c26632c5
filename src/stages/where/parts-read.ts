import { isPartName, type PartName } from '../../event/generated/members.ts'
import { childrenOf, parseExpression, type SyntaxNode } from './expression.ts'

/** The parts that the expressions may look at. Undefined: they look at flags, too, which many parts may set. */
export function partsRead(expressions: readonly string[]): ReadonlySet<PartName> | undefined {
  const names = expressions.flatMap((text) => namesIn(parseExpression(text)))
  return names.includes('flags') ? undefined : new Set(names.filter(isPartName))
}

/** Variables of macros are among them. */
function namesIn(node: SyntaxNode): readonly string[] {
  return node.op === 'id' ? [node.args] : childrenOf(node).flatMap(namesIn)
}
