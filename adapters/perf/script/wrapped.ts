// Lines that belong to the sample before them, though nothing in that says so: a payload that a mailer wrapped, a dump of bpf-output.
import { isContinuation, isUnfinished } from '../../../src/kernel/kfree-skb.ts'
import { unquoted } from '../../../src/text/pasted.ts'
import { plainText } from '../../../src/text/terminal.ts'
import { contentOf, type Line, lineAt } from './lines.ts'

/** A text that goes on over `line`, and where it ends. */
export interface Joined {
  readonly text: string
  readonly end: number
}

/** A payload that stops where a member is due goes on in the next lines, up to 3. Undefined: more must be seen. */
export function joinWrapped(line: Line, payload: string, isPasted: boolean): Joined | undefined {
  let text = payload
  let end = line.end
  for (let count = 0; count < 3; count++) {
    const isDue = isUnfinished(text) || ((isPasted || end !== line.end) && !/\breason:/.test(text))
    if (!isDue) break
    const next = lineAt(line.text, end, line.last)
    if (next === undefined) {
      if (!line.last) return undefined
      break
    }
    const piece = unquoted(plainText(contentOf(next))).trimEnd()
    const whole = text.trimEnd()
    const isValue = whole !== '' && /[=:]$/.test(whole) && /^(?:0x|\(nil\)|[A-Z])\S*/.test(piece)
    if (!isContinuation(piece) && !isValue) break
    text = isValue && !whole.endsWith(':') ? whole + piece : `${whole} ${piece}`.trimStart()
    end = next.end
  }
  // A join that does not complete the payload is none.
  return isUnfinished(text) || !text.startsWith('skbaddr=') ? { text: payload, end: line.end } : { text, end }
}

/** What a BPF program gave to perf, as a dump. Undefined: more must be seen. */
export function readDump(line: Line, from: number): Joined | undefined {
  let text = ''
  for (let end = from; ; ) {
    const next = lineAt(line.text, end, line.last)
    if (next === undefined) return line.last ? { text, end } : undefined
    const content = contentOf(next)
    if (!/^ +BPF (?:output|string): |^ {10,}[0-9a-f]{4}: /.test(content)) return { text, end }
    text += `${text === '' ? '' : '\n'}${content}`
    end = next.end
  }
}
