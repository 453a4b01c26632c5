import { bareName } from '../../../src/kernel/reasons/reasons.ts'
import type { Expression } from './ast.ts'
import { constantOf } from './constant.ts'
import { meaningOf } from './meaning.ts'
import type { Scope } from './vocabulary.ts'

/** What a predicate says of each event of its clause. */
export interface FixedReason {
  readonly code?: number
  /** The name without its prefix. */
  readonly reason?: string
}

/**
 * The drop reason that a predicate requires, as in `/args->reason == 3/`, or in
 * `/args->reason == SKB_DROP_REASON_NO_SOCKET && pid > 1/`.
 */
export function fixedReason(
  predicate: Expression | undefined,
  scope: Scope,
  enumerators: ReadonlyMap<string, bigint>,
): FixedReason {
  if (predicate?.kind !== 'binary') return {}
  const { operator, left, right } = predicate
  if (operator === '&&') return { ...fixedReason(left, scope, enumerators), ...fixedReason(right, scope, enumerators) }
  if (operator !== '==') return {}
  const isReason = (side: Expression): boolean => meaningOf(side, scope).target.to === 'reason'
  const value = isReason(left) ? right : isReason(right) ? left : undefined
  if (value === undefined) return {}
  if (value.kind === 'name' && value.name.startsWith('SKB_')) {
    const code = enumerators.get(value.name)
    return { reason: bareName(value.name), ...(code !== undefined && isCode(code) && { code: Number(code) }) }
  }
  const code = constantOf(value, enumerators)
  return code !== undefined && isCode(code) ? { code: Number(code) } : {}
}

function isCode(value: bigint): boolean {
  return value >= 0n && value <= 0xffffffffn
}
