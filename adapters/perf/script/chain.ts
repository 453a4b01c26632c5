// Call chains: a head, a line for each frame, an empty line (perf.md 1.6).
import type { Frame } from '../../../src/event/generated/types.ts'
import { readSymbol } from '../../../src/kernel/symbol.ts'
import { pointer } from '../../../src/text/scan.ts'
import { utf8 } from '../../../src/text/utf8.ts'

/** TAB (blanks in pasted text), the address right-aligned in 16 columns, symbol, dso. */
const FRAME = /^[\t ]+([0-9a-f]{1,16}) (.*)$/
const DSO = / \(([/[].*)\)$/

/** A frame's line (latin1, without line end); undefined when it is none. `isOffset`: perf prints user code by its offset in the dso (6.1). */
export function readFrame(line: string, version: 'offsets' | 'addresses' | 'unknown'): Frame | undefined {
  const [, digits = '', rest = ''] = FRAME.exec(line) ?? []
  const address = pointer(digits, 0, digits.length)
  if (address === undefined) return undefined
  const inlined = rest.endsWith(' (inlined)')
  const text = inlined ? rest.slice(0, -' (inlined)'.length) : rest
  const [whole = '', dsoText] = DSO.exec(text) ?? []
  const symbolText = text.slice(0, text.length - whole.length)
  const place = symbolText === '[unknown]' || symbolText === '' ? {} : readSymbol(symbolText)
  const binary = dsoText === undefined ? {} : binaryOf(dsoText)
  const isUser = digits.length < 16 && 'dso' in binary
  return {
    ...(isUser && version === 'offsets' ? {} : { address }),
    ...(place.symbol !== undefined && { symbol: place.symbol }),
    ...(place.offset !== undefined && { offset: place.offset }),
    ...binary,
    ...(isUser && version === 'offsets' && { dso_offset: address }),
    ...(inlined && { inlined: true }),
  }
}

/** `[nf_tables]` is a module, `[vdso]` and its kin are dsos, `[kernel.kallsyms]` and `[unknown]` say nothing. */
function binaryOf(text: string): { readonly dso?: string; readonly module?: string; readonly dso_offset?: string } {
  if (!text.startsWith('[')) {
    const plus = text.lastIndexOf('+0x')
    const offset = plus < 0 ? undefined : pointer(text, plus + 1, text.length)
    return offset === undefined ? { dso: utf8(text) } : { dso: utf8(text.slice(0, plus)), dso_offset: offset }
  }
  const name = text.replace(/^\[|\].*$/g, '')
  if (name.startsWith('kernel.kallsyms') || name === 'unknown') return {}
  return /^(?:vdso|vsyscall|heap|stack|guest)/.test(name) ? { dso: utf8(text) } : { module: utf8(name) }
}
