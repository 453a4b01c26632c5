import { uint } from '../../../src/text/scan.ts'
import type { MapFacts } from '../decode/maps.ts'
import type { EntryValue, MapEntry } from '../decode/metric.ts'
import type { EntryHead } from './found-entries.ts'

const NUMBER = /^-?[0-9]{1,20}$/
/** `count 3, average 3, total 9` to 0.23, `{ .count = 3, .average = 3, .total = 9 }` from 0.24 on. */
const STATS =
  /^(?:count ([0-9]{1,16}), average (-?[0-9]{1,20}), total (-?[0-9]{1,20})|\{ \.count = ([0-9]{1,16}), \.average = (-?[0-9]{1,20}), \.total = (-?[0-9]{1,20}) \})$/

/** A number, or what `stats()` prints. Undefined: the text is neither. */
export function exactValue(text: string): EntryValue | undefined {
  if (NUMBER.test(text)) return { kind: 'number', digits: text }
  const stats = STATS.exec(text)
  if (stats === null) return undefined
  const [count = '', average = '', total = ''] = stats.slice(1).filter((part) => part !== undefined)
  return uint(count, 0, count.length) === undefined ? undefined : { kind: 'stats', count, average, total }
}

/** True for a map whose values may be any text. Each `]: ` in a line of it may end a key. */
export function isTextual(facts: MapFacts | undefined): boolean {
  return facts?.type === 'value' && ['text', 'unknown', 'words'].includes(facts.value.value.type)
}

/**
 * The entries of a line such as `sk_skb_reason_drop@a[2]: __udp4_lib_rcv`: up to 0.23 there is no line end between
 * entries whose values are symbols or addresses. Undefined: the value is that of one entry.
 */
export function runTogether(value: string, { name, key }: EntryHead): readonly MapEntry[] | undefined {
  const entries: MapEntry[] = []
  let rest = value
  let restKey = key
  for (let next = rest.indexOf(`${name}[`); next >= 0; next = rest.indexOf(`${name}[`)) {
    const close = rest.indexOf(']: ', next)
    if (close < 0) break
    entries.push({ name, key: restKey, value: { kind: 'text', bytes: rest.slice(0, next) }, shows: 'value' })
    restKey = rest.slice(next + name.length + 1, close)
    rest = rest.slice(close + 3)
  }
  if (entries.length === 0) return undefined
  return [...entries, { name, key: restKey, value: { kind: 'text', bytes: rest }, shows: 'value' }]
}
