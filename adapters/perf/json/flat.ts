// Members of flat objects: texts and integers. It is the part of JSON that perf writes of nearly every sample.

import { unescapeJson } from '../../../src/text/json-value.ts'
import { digitsEnd } from '../../../src/text/scan.ts'
import { COLON, COMMA, MINUS, QUOTE, ZERO } from './characters.ts'
import { spaceEnd, stringEnd } from './text-end.ts'

/** `"pid": 1485`, or `"comm": "curl"`. */
export interface FlatMember {
  readonly key: string
  /** Latin1: the bytes of a text, or the digits of an integer. */
  readonly value: string
  readonly isText: boolean
}

/** Members, each with a comma after it but perhaps the last. */
export interface FlatRun {
  readonly members: readonly FlatMember[]
  /** Another member is to follow: the run is empty, or there is a comma at its end. */
  readonly isOpen: boolean
}

/** The members that are all of the text (latin1). Undefined: it holds something else. */
export function flatRun(text: string): FlatRun | undefined {
  const members: FlatMember[] = []
  let isOpen = true
  for (let at = spaceEnd(text, 0); at < text.length; ) {
    if (!isOpen || text.charCodeAt(at) !== QUOTE) return undefined
    const keyEnd = stringEnd(text, at, text.length)
    const key = keyEnd === undefined ? undefined : unescapeJson(text, at + 1, keyEnd - 1)
    if (keyEnd === undefined || key === undefined) return undefined
    const colon = spaceEnd(text, keyEnd)
    if (text.charCodeAt(colon) !== COLON) return undefined
    const start = spaceEnd(text, colon + 1)
    const isText = text.charCodeAt(start) === QUOTE
    const end = isText ? stringEnd(text, start, text.length) : integerEnd(text, start)
    if (end === undefined) return undefined
    const value = isText ? unescapeJson(text, start + 1, end - 1) : text.slice(start, end)
    if (value === undefined) return undefined
    members.push({ key, value, isText })
    at = spaceEnd(text, end)
    isOpen = text.charCodeAt(at) === COMMA
    if (isOpen) at = spaceEnd(text, at + 1)
  }
  return { members, isOpen }
}

/** Offset after the integer at `start`. Undefined: there is no integer as JSON writes it. */
export function integerEnd(text: string, start: number): number | undefined {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start
  const end = digitsEnd(text, first)
  return end === first || (text.charCodeAt(first) === ZERO && end > first + 1) ? undefined : end
}
