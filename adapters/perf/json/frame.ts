// Frames of a callchain: `{"ip": "0xffffffff81e42e50", "symbol": "sk_skb_reason_drop", "dso": "[kernel.kallsyms]"}`.
import type { Frame } from '../../../src/event/generated/types.ts'
import { seal } from '../../../src/event/part.ts'
import type { StackFrame } from '../../../src/kernel/stack-part.ts'
import { intern } from '../../../src/text/intern.ts'
import { pointer } from '../../../src/text/scan.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import { binaryNamed } from '../binary.ts'
import { type FlatMember, flatRun } from './flat.ts'

/** The frame of these members, in any order. Undefined: they are not those of a frame. */
export function frameOf(members: readonly FlatMember[]): StackFrame | undefined {
  const address = partOf(members, 'ip', (text) => pointer(text, 0, text.length))
  const keys = new Set(members.map(({ key }) => key))
  const isPlain = members.every(({ key, isText }) => isText && KEYS.includes(key)) && keys.size === members.length
  if (address === undefined || !isPlain) return undefined
  const symbol = partOf(members, 'symbol', (text) => (text === '' ? undefined : utf8(text)))
  const frame: Frame = { address, ...(symbol !== undefined && { symbol }), ...partOf(members, 'dso', binaryNamed) }
  const isLossy = members.some(({ value }) => replaced(value))
  return { stack: isLossy ? seal('stack', [frame], 'text_replaced') : seal('stack', [frame]) }
}

const KEYS = ['ip', 'symbol', 'dso']

function partOf<T>(members: readonly FlatMember[], key: string, read: (value: string) => T): T | undefined {
  const found = members.find((member) => member.key === key)
  return found === undefined ? undefined : read(found.value)
}

/** Frames by their text, `{…}` in latin1. Undefined: it is not a frame as perf writes it. */
export const FRAMES = intern((text): StackFrame | undefined => {
  const run = flatRun(text.slice(1, -1))
  return run === undefined || run.isOpen ? undefined : frameOf(run.members)
})
