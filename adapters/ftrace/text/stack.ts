// Stacks: an entry of its own, and frames in the lines after it. See docs/formats/ftrace.md, "Stacks".
import type { Frame } from '../../../src/event/generated/types.ts'
import { seal } from '../../../src/event/part.ts'
import type { StackFrame } from '../../../src/kernel/stack-part.ts'
import { readPlace } from '../../../src/kernel/symbol.ts'
import { intern } from '../../../src/text/intern.ts'
import { contentOf, Lines, type TextLine } from '../../../src/text/lines.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { pointer } from '../../../src/text/scan.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'

/** The event of a stack entry, by its text. trace-cmd prints the name, then `<stack trace >`. */
export function stackEvent(body: string): 'ftrace:kernel_stack' | 'ftrace:user_stack' | undefined {
  const [, user] = /^(?:kernel_stack: +|user_stack: +)?<(user )?stack trace ?>$/.exec(body) ?? []
  if (user !== undefined || /^user_stack: +<stack trace ?>$/.test(body)) return 'ftrace:user_stack'
  return /^(?:kernel_stack: +)?<stack trace ?>$/.test(body) ? 'ftrace:kernel_stack' : undefined
}

/** The frames of a stack, with the offset of the line after them. */
export interface TraceStack {
  readonly frames: readonly FtraceFrame[]
  readonly isCut: boolean
  readonly end: number
}

interface FtraceFrame extends StackFrame {
  /** The frame's text (latin1), where no member holds a piece of it. */
  readonly left: string | undefined
}

/** The frames from the line after the entry on, to the first line that is not one. */
export function readStack({ text, last, next }: TextLine, isUser: boolean, isPasted: boolean): TraceStack | 'pause' {
  const frames: FtraceFrame[] = []
  const line = new Lines(text, last)
  for (let at = next; ; at = line.next) {
    if (!line.moveTo(at)) return last ? { frames, isCut: false, end: at } : 'pause'
    const content = contentOf(line)
    const frame = frameText(isPasted ? unquoted(content) : content)
    if (frame === undefined) return { frames, isCut: false, end: at }
    // A line that the input ends within is left out.
    if (line.isCut) return { frames, isCut: true, end: line.next }
    frames.push((isUser ? USER : KERNEL).get(frame))
  }
}

/** Text of the frames that are not held in full. */
export function leftOfStack(frames: readonly FtraceFrame[]): string {
  return frames.flatMap(({ left }) => left ?? []).join('\n')
}

/** ` => sym` of the kernel, `=> sym (address)` of trace-cmd. */
function frameText(line: string): string | undefined {
  const start = line.startsWith(' => ') ? 4 : line.startsWith('=> ') ? 3 : undefined
  return start === undefined ? undefined : line.slice(start)
}

const ADDRESS = /^(.*?) ?(?:<([0-9a-f]{8,16})>|\(([0-9a-f]{8,16})\))$/s

const KERNEL = intern((text) => frameOf(text, kernelFrame))
const USER = intern((text) => frameOf(text, userFrame))

interface SymbolFrame {
  readonly frame: Frame
  readonly isWhole: boolean
}

function frameOf(text: string, read: (symbol: string) => SymbolFrame): FtraceFrame {
  const [, before = text, angled, round] = ADDRESS.exec(text) ?? []
  const digits = angled ?? round
  const address = digits === undefined ? undefined : pointer(digits, 0, digits.length)
  const { frame, isWhole } = read(before)
  const whole = address === undefined ? frame : { address, ...frame }
  const flags = replaced(before) ? (['text_replaced'] as const) : []
  return { stack: seal('stack', [whole], ...flags), left: isWhole ? undefined : text }
}

/** `sk_skb_reason_drop+0x90/0x130 [module]`. A frame has no member for the function's size. */
function kernelFrame(text: string): SymbolFrame {
  if (text === '') return { frame: {}, isWhole: true }
  const reading = readPlace(text)
  if (reading === undefined) return { frame: {}, isWhole: false }
  const { size, ...frame } = reading.place
  return { frame, isWhole: reading.isWhole && size === undefined }
}

/** `/usr/lib/x86_64-linux-gnu/libc.so.6[+0x10acb3]` */
function userFrame(text: string): SymbolFrame {
  if (text === '') return { frame: {}, isWhole: true }
  const [, path = text, offset] = /^(.*)\[\+0x([0-9a-f]{1,16})\]$/s.exec(text) ?? []
  const dsoOffset = offset === undefined ? undefined : pointer(offset, 0, offset.length)
  if (path === '??' || path === '') return { frame: {}, isWhole: false }
  return {
    frame: { dso: utf8(path), ...(dsoOffset !== undefined && { dso_offset: dsoOffset }) },
    isWhole: true,
  }
}
