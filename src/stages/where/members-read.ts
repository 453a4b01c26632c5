import { isPartName } from '../../event/generated/members.ts'
import type { MemberRead } from '../../event/record.ts'
import { childrenOf, parseExpression, type SyntaxNode } from './expression.ts'

/**
 * The members that the expressions may look at, variables of macros by chance among them. Undefined: they look at
 * flags, too, which many parts may set.
 */
export function membersRead(expressions: readonly string[]): readonly MemberRead[] | undefined {
  const reads = expressions.flatMap((text) => readsIn(parseExpression(text)))
  if (reads.some(({ name }) => name === 'flags')) return undefined
  return reads.flatMap(({ name, key }) => (isPartName(name) ? [{ part: name, key }] : []))
}

interface NameRead {
  readonly name: string
  readonly key?: string | undefined
}

function readsIn(node: SyntaxNode): readonly NameRead[] {
  if (node.op === 'id') return [{ name: node.args }]
  if (node.op === '.' && node.args[0].op === 'id') return [{ name: node.args[0].args, key: node.args[1] }]
  return childrenOf(node).flatMap(readsIn)
}
