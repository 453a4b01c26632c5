import { type Part, seal } from '../event/part.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import { isNameArgument } from './names.ts'
import type { Argument } from './payload.ts'

export { isNameArgument }

const MOST_KEYS = 256

/**
 * The `args` section. Text becomes an integer only if that prints back as the same text and is safe, and if the argument does not carry a name
 * or belong to a syscall, so that no member changes its type from event to event.
 */
export function argsPart(event: string, args: readonly Argument[]): Part {
  const section: Record<string, string | number> = {}
  let isLossy = false
  for (const { key, value } of args.slice(0, MOST_KEYS)) {
    isLossy ||= replaced(value)
    section[freeKey(section, argKey(key))] = isNameArgument(event, key) ? utf8(value) : scalarOf(value)
  }
  return isLossy ? seal('args', section, 'text_replaced') : seal('args', section)
}

/** A key by the schema: other characters become `_`, at most 64 of them, and no digit first. */
export function argKey(key: string): string {
  const word = key.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 64)
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`.slice(0, 64)
}

/** A repeat gets `_2`, `_3`, … */
function freeKey(section: Readonly<Record<string, unknown>>, key: string): string {
  if (!Object.hasOwn(section, key)) return key
  for (let number = 2; ; number++) {
    const next = `${key.slice(0, 60)}_${number}`
    if (!Object.hasOwn(section, next)) return next
  }
}

function scalarOf(value: string): string | number {
  const number = value === '' ? Number.NaN : Number(value)
  return Number.isSafeInteger(number) && String(number) === value ? number : utf8(value)
}
