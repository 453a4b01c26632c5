// Documents of perf data convert --to-json, made of their samples, for tests.

import { readJson } from '../../../../adapters/perf/json/tokens.ts'
import { type JsonValue, jsonText } from '../../../../src/text/json-value.ts'

export const HEADERS = '"hostname": "web-7", "os-release": "6.12.57", "perf-version": "6.12.57"'

/** A document with these samples, whose members are all in one line. */
export function documentOf(samples: readonly string[], headers = HEADERS): string {
  return `{"linux-perf-json-version": 1, "headers": {${headers}}, "samples": [\n${samples.join(',\n')}\n]}\n`
}

/** A sample of skb:kfree_skb at a time; `more` is what else it holds. */
export function dropAt(ns: number | string, more = '', comm = 'curl'): string {
  return `{"timestamp": ${ns}, "pid": 7, "tid": 8, "cpu": 1, "comm": "${comm}", "callchain": [{"ip": "0xffffffff81e42e50", "symbol": "sk_skb_reason_drop", "dso": "[kernel.kallsyms]"}], "skbaddr": "0xffff888105da3600", "location": "0xffffffff82046f4c", "rx_sk": "(nil)", "protocol": "2048", "reason": "3"${more}}`
}

/** The value of a text that is JSON. */
export function jsonOf(text: string): JsonValue {
  const reading = readJson(text)
  if ('faultAt' in reading) throw new Error(`no JSON at ${reading.faultAt}: ${text.slice(0, 200)}`)
  return reading.value
}

/** The same value with the members of each object in the other direction, but for those of a key that repeats. */
export function turned(value: JsonValue): JsonValue {
  if (value.kind === 'list') return { ...value, items: value.items.map(turned) }
  if (value.kind !== 'object') return value
  const keys = value.members.map(([key]) => key)
  const members = value.members.map(([key, one]) => [key, turned(one)] as const)
  return new Set(keys).size < keys.length ? { ...value, members } : { ...value, members: members.toReversed() }
}

/** JSON without white space; or each member in a line of its own, indented by `indent`. */
export function printed(value: JsonValue, indent?: string, at = '\n'): string {
  if (indent === undefined || value.kind === 'string' || value.kind === 'bare') return jsonText(value)
  const inner = at + indent
  if (value.kind === 'list') {
    const items = value.items.map((item) => inner + printed(item, indent, inner))
    return items.length === 0 ? '[ ]' : `[${items.join(',')}${at}]`
  }
  const members = value.members.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${printed(one, indent, inner)}`)
  return members.length === 0 ? '{ }' : `{${members.join(',')}${at}}`
}
