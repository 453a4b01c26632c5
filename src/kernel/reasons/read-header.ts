import { type EnumValue, isReasonEnum, type KernelEnum } from './enums.ts'
import { type ReasonsRead, readEnums } from './read-dump.ts'

/**
 * The drop reason enums of C text: `include/net/dropreason-core.h` and its older places (5.17 to 7.3), a `vmlinux.h`,
 * `bpftool btf dump … format c`, or several headers one after the other (`dropreason.h` has the subsystem ids,
 * `net/mac80211/drop.h` and `net/openvswitch/drop.h` their names). Understands as much of C as these use: numbers,
 * names of earlier values, `<<`, casts, and lists `#define LIST(R) R(A) R(B)` that an enum takes in by `LIST(ENUM)`.
 * Refuses an enum of core reasons whose numbers it cannot work out.
 */
export function readHeader(text: string): ReasonsRead {
  const code = withoutComments(text)
  const lists = listsIn(code)
  const known = definedNumbers(code)
  const enums: KernelEnum[] = []
  for (const { 0: head, 1: name = '', index } of code.matchAll(/\benum\s+(\w+)\s*\{/g)) {
    if (!isReasonEnum(name)) continue
    const start = index + head.length
    const end = code.indexOf('}', start)
    if (end < 0) return { refused: `enum ${name} is cut` }
    const values = valuesOf(code.slice(start, end), lists, known)
    if (values !== undefined) enums.push({ name, values })
    else if (name.startsWith('skb_')) return { refused: `enum ${name} is not understood` }
  }
  if (enums.length === 0 && lists.has('DEFINE_DROP_REASON'))
    return { refused: 'the list DEFINE_DROP_REASON without the enum: names, but not where their numbers begin' }
  const wrong = listDiffers(enums, lists.get('DEFINE_DROP_REASON'))
  return wrong
    ? { refused: 'its enum skb_drop_reason and its list DEFINE_DROP_REASON differ' }
    : readEnums(enums, 'header')
}

/** Comments become blanks. A comment that never ends takes the rest. */
function withoutComments(text: string): string {
  let code = ''
  let at = 0
  for (;;) {
    const slash = nextComment(text, at)
    if (slash < 0) return code + text.slice(at)
    const block = text.startsWith('/*', slash)
    const end = text.indexOf(block ? '*/' : '\n', slash + 2)
    code += `${text.slice(at, slash)} `
    if (end < 0) return code
    at = block ? end + 2 : end
  }
}

function nextComment(text: string, from: number): number {
  for (let at = text.indexOf('/', from); at >= 0; at = text.indexOf('/', at + 1)) {
    if (text[at + 1] === '*' || text[at + 1] === '/') return at
  }
  return -1
}

/** `#define LIST(R, …) \ R(A) \ R(B)` → A, B. */
function listsIn(code: string): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>()
  for (const [, name = '', body = ''] of code.matchAll(
    /^[ \t]*#[ \t]*define[ \t]+(\w+)\(\w+(?:,[ \t]*\w+)*\)((?:.*\\\r?\n)*.*)$/gm,
  )) {
    const items = [...body.matchAll(/\b\w+\(\s*(\w+)\s*\)/g)].map((found) => found[1] ?? '')
    if (items.length > 0) lists.set(name, items)
  }
  return lists
}

/** `#define SKB_DROP_REASON_SUBSYS_SHIFT 16`. */
function definedNumbers(code: string): Map<string, number> {
  const known = new Map<string, number>([['SKB_DROP_REASON_SUBSYS_SHIFT', 16]])
  for (const [, name = '', value = ''] of code.matchAll(
    /^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(0[xX][0-9a-fA-F]+|\d+)[ \t]*\r?$/gm,
  ))
    known.set(name, Number(value))
  return known
}

/**
 * The values of one enum's body; adds them to `known`, for enums further down. Undefined when something in it is not
 * understood.
 */
function valuesOf(
  body: string,
  lists: ReadonlyMap<string, readonly string[]>,
  known: Map<string, number>,
): readonly EnumValue[] | undefined {
  const source = expand(body, lists)
  if (source === undefined) return undefined
  const values: EnumValue[] = []
  let next = 0
  const add = (name: string, value: number): void => {
    values.push({ name, value })
    known.set(name, value)
    next = value + 1
  }
  for (const item of source.split(',')) {
    const trimmed = item.trim()
    if (trimmed === '') continue
    const [, name = '', expression] = /^(\w+)(?:\s*=([^=]+))?$/.exec(trimmed) ?? []
    const value = expression === undefined ? next : numberOf(expression, known)
    if (name === '' || value === undefined) return undefined
    add(name, value >>> 0)
  }
  return values
}

/** The longest of the kernel has 5 KiB without its comments. */
const LONGEST_BODY = 64 * 1024
/** The longest list of a kernel has 130 items. No enum takes in more than two. */
const LONGEST_EXPANSION = 64 * 1024

/**
 * An enum's body without its `#define ENUM(x) x,`, and with what these make of the lists: `LIST(ENUM)` becomes `A, B,`.
 * Undefined for what depends on a configuration (`#if`), and for more than any kernel has.
 */
function expand(body: string, lists: ReadonlyMap<string, readonly string[]>): string | undefined {
  if (body.length > LONGEST_BODY || /^[ \t]*#(?![ \t]*(?:define|undef)\b.*[^\\\r\n]\r?$)/m.test(body)) return undefined
  const macros = new Map<string, { parameter: RegExp; text: string }>()
  for (const [, name = '', parameter, text = ''] of body.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)\((\w+)\)(.*)$/gm)) {
    macros.set(name, { parameter: new RegExp(`\\b${parameter}\\b`, 'g'), text })
  }
  let length = body.length
  const expanded = body
    .replaceAll(/^[ \t]*#.*$/gm, ' ')
    .replaceAll(/\b(\w+)\(\s*(\w+)\s*\)/g, (call, name: string, macroName: string) => {
      const list = lists.get(name)
      const macro = macros.get(macroName)
      if (list === undefined || macro === undefined || length > LONGEST_EXPANSION) return call
      const items: string[] = []
      for (const item of list) {
        const words = macro.text.replaceAll(macro.parameter, item).split('##')
        const text = words.map((word) => word.trim()).join('')
        length += text.length
        if (length > LONGEST_EXPANSION) return call
        items.push(text)
      }
      return items.join(' ')
    })
  return expanded
}

/** `2`, `0xffff0000`, `NAME`, `NAME << NAME`, each with casts before it. */
function numberOf(expression: string, known: ReadonlyMap<string, number>): number | undefined {
  const terms = expression.split('<<').map((term) => {
    const word = term.replaceAll(/\(\s*(?:__force\s+)?[a-z]\w*(?:\s+\w+)?\s*\)/g, '').replaceAll(/[()\s]/g, '')
    const [, number] = /^(-?(?:0[xX][0-9a-fA-F]+|\d+))[uUlL]*$/.exec(word) ?? []
    return number === undefined ? known.get(word) : Number(number)
  })
  const [value, shift = 0, ...more] = terms
  return value === undefined || terms.includes(undefined) || more.length > 0 || shift > 31
    ? undefined
    : value * 2 ** shift
}

/** The kernel prints by the list and counts by the enum: they are the same in every header seen (45, 5.19 to 7.3). */
function listDiffers(enums: readonly KernelEnum[], list: readonly string[] | undefined): boolean {
  const core = enums.find(({ name }) => name === 'skb_drop_reason')
  if (core === undefined || list === undefined) return false
  const names = core.values
    .map(({ name }) => name)
    .filter((name) => name.startsWith('SKB_DROP_REASON_') && name !== 'SKB_DROP_REASON_SUBSYS_MASK')
  return names.length !== list.length || names.some((name, at) => name !== `SKB_DROP_REASON_${list[at]}`)
}
