import { type Part, seal } from '../event/part.ts'
import { replaced, utf8 } from '../text/utf8.ts'
import type { Argument } from './payload.ts'
import { isTextArgument } from './text-arguments.ts'

/** The most arguments of one record. */
export const MOST_ARGS = 256

/** The `args` section, and whether it holds all of the arguments. */
export interface Args {
  readonly part: Part
  /** False: there are too many, or the name of one had to be changed to become a key. */
  readonly isWhole: boolean
}

/**
 * The `args` section. Text becomes an integer only if that prints back as the same text and is safe, and if the
 * argument is not text by its name, so that no member changes its type from event to event.
 */
export function argsOf(event: string, args: readonly Argument[]): Args {
  const keys = new ArgKeys()
  let isLossy = false
  let isWhole = args.length <= MOST_ARGS
  const section = args.slice(0, MOST_ARGS).map(({ key, value }): readonly [string, string | number] => {
    isLossy ||= replaced(value)
    isWhole &&= argKey(key) === key
    return [keys.free(key), isTextArgument(event, key) ? utf8(value) : scalarOf(value)]
  })
  // Not assigned one by one: `__proto__` would be no member.
  return { part: seal('args', Object.fromEntries(section), ...(isLossy ? TEXT_REPLACED : [])), isWhole }
}

const TEXT_REPLACED = ['text_replaced'] as const

/**
 * Keys for one record's `args`. No two differ only in case, which columns of tables and log platforms ignore.
 */
export class ArgKeys {
  private readonly taken = new Set<string>()

  /** The key for an argument of that name. Repeats get `_2`, `_3`, … */
  free(name: string): string {
    const wanted = argKey(name)
    let key = wanted
    for (let number = 2; this.taken.has(key.toLowerCase()); number++) key = `${wanted.slice(0, 60)}_${number}`
    this.taken.add(key.toLowerCase())
    return key
  }
}

/** A key by the schema: other characters become `_`, at most 64 of them, and no digit first. */
function argKey(key: string): string {
  const word = key.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 64)
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`.slice(0, 64)
}

/** An integer where it prints back as the same text and is safe; else the text (latin1). */
export function scalarOf(text: string): string | number {
  if (!/^-?[0-9]{1,16}$/.test(text)) return utf8(text)
  const number = Number(text)
  return Number.isSafeInteger(number) && String(number) === text ? number : text
}
