import { type Part, seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { ArgKeys, MOST_ARGS, scalarOf } from '../../../src/kernel/args.ts'
import { MOST_PID_T } from '../../../src/kernel/limits.ts'
import { isTextArgument } from '../../../src/kernel/text-arguments.ts'
import { type JsonValue, jsonText, parseJson } from '../../../src/text/json-value.ts'
import { uint } from '../../../src/text/scan.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

/** A member of a line that names its members. latin1. */
interface NamedMember {
  readonly key: string
  readonly value: string
}

/** What a line of an unknown program says of itself. Undefined: nothing. */
export type Description =
  | { readonly kind: 'record'; readonly record: EventRecord }
  /** It has the names of the columns of all later lines. */
  | { readonly kind: 'header' }
  | undefined

/**
 * Reads lines that name their own members: `key=value` pairs, JSON objects that a script prints, CSV after a header.
 * They are decoded as long as all lines are of one kind and have the same names. A thread name that imitates a member
 * ends that. The records are never drops, because the event is unknown.
 */
export class Described {
  private kind: 'none' | 'pairs' | 'objects' | 'columns' | undefined = undefined
  private keys = ''
  private columns: readonly string[] = []

  read(line: string): Description {
    // A comment that the script prints does not count, for or against.
    if (this.kind === 'none' || line.startsWith('#')) return undefined
    const first = this.kind === undefined
    if (first && HEADER.test(line)) {
      this.kind = 'columns'
      this.columns = line.split(',')
      return { kind: 'header' }
    }
    const found = this.namedIn(line)
    const keys = found?.members.map(({ key }) => key).join('\n')
    if (found === undefined || keys === undefined || (!first && keys !== this.keys && this.keys !== '')) {
      this.kind = 'none'
      return undefined
    }
    this.kind = found.kind
    this.keys = keys
    return { kind: 'record', record: recordOf(found.members) }
  }

  private namedIn(
    line: string,
  ): { readonly kind: 'pairs' | 'objects' | 'columns'; readonly members: readonly NamedMember[] } | undefined {
    if (this.kind === 'columns') {
      const values = fieldsOf(line)
      if (values?.length !== this.columns.length) return undefined
      return { kind: 'columns', members: this.columns.map((key, index) => ({ key, value: values[index] ?? '' })) }
    }
    const kinds = [
      { kind: 'pairs', members: pairsOf(line) },
      { kind: 'objects', members: membersOf(line) },
    ] as const
    for (const { kind, members } of kinds) {
      if (members !== undefined && (this.kind === undefined || this.kind === kind)) return { kind, members }
    }
    return undefined
  }
}

const HEADER = /^[A-Za-z_]\w*(?:,[A-Za-z_]\w*)+$/
const KEY = /(?:^|[ \t])([A-Za-z_][\w.]*)=/g

/** `a=1 b="two words" c=three words`: at least two pairs, each name once. A value ends before the next name. */
function pairsOf(line: string): readonly NamedMember[] | undefined {
  const starts = [...line.matchAll(KEY)]
  if (starts.length < 2 || starts[0]?.index !== 0) return undefined
  const members = starts.map((match, index): NamedMember => {
    const value = line.slice(match.index + match[0].length, starts[index + 1]?.index)
    const [, inner = value] = /^"(.*)"$/s.exec(value) ?? []
    return { key: match[1] ?? '', value: inner }
  })
  return areUnique(members) ? members : undefined
}

/** A JSON object with scalar members, each name once. */
function membersOf(line: string): readonly NamedMember[] | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined
  const value = parseJson(line, 0, line.length)
  if (value?.kind !== 'object' || value.members.length === 0) return undefined
  const members = value.members.flatMap(([key, one]): readonly NamedMember[] => {
    const text = textOf(one)
    return text === undefined ? [] : [{ key, value: text }]
  })
  return members.length === value.members.length && areUnique(members) ? members : undefined
}

function textOf(value: JsonValue): string | undefined {
  if (value.kind === 'string') return value.bytes
  if (value.kind !== 'bare') return jsonText(value)
  return /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(value.text) ? value.text : undefined
}

function areUnique(members: readonly NamedMember[]): boolean {
  return new Set(members.map(({ key }) => key)).size === members.length
}

/** The fields of a line of CSV (RFC 4180). Undefined: a quote is misplaced. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields: string[] = []
  for (let at = 0; ; at++) {
    const [whole, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/.exec(line.slice(at)) ?? []
    if (whole === undefined) return undefined
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    at += whole.length
    if (at >= line.length) return fields
  }
}

function recordOf(members: readonly NamedMember[]): EventRecord {
  const record = new EventRecord('trace')
  const process: { comm?: string; pid?: number; tid?: number } = {}
  const args: [string, string | number][] = []
  const keys = new ArgKeys()
  let isLossy = false
  for (const { key, value } of members) {
    isLossy ||= replaced(value)
    const number = uint(value, 0, value.length)
    if (key === 'comm') process.comm = utf8(value)
    else if ((key === 'pid' || key === 'tid') && number !== undefined && number <= MOST_PID_T) process[key] = number
    else if (key === 'cpu' && number !== undefined && number <= 0xffff) record.cpu = seal('cpu', number)
    else if (args.length < MOST_ARGS)
      args.push([keys.free(key), isTextArgument('', key) ? utf8(value) : scalarOf(value)])
  }
  const { comm, pid, tid } = process
  if (Object.keys(process).length > 0) {
    record.process = sealed(
      'process',
      { ...(comm !== undefined && { comm }), ...(pid !== undefined && { pid }), ...(tid !== undefined && { tid }) },
      isLossy,
    )
  }
  if (args.length > 0) record.args = sealed('args', Object.fromEntries(args), isLossy)
  return record
}

function sealed(name: 'process' | 'args', value: { readonly [key: string]: string | number }, isLossy: boolean): Part {
  return isLossy ? seal(name, value, 'text_replaced') : seal(name, value)
}
