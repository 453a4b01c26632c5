// A document format that there is not: an array of objects, mostly in one long line. Written after docs/adapters.md.
import type { Adapter, Out, Reader, Reject, Window } from '../../../src/contract.ts'
import { seal } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { utf8 } from '../../../src/text/utf8.ts'

const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125

const MAGIC = '[{"dropped":"'

export const netdoc: Adapter = {
  name: 'netdoc',
  formats: [
    { name: 'json', title: 'what netdoc dumps', versions: '1', example: `${MAGIC}NO_SOCKET"}]`, unit: 'document' },
  ],
  flags: [],
  detect: () => undefined,
  detectHead(head) {
    if (head.startsWith(MAGIC)) return { format: 'json', score: 95, why: 'an array of objects with "dropped" first' }
    return MAGIC.startsWith(head) ? 'more' : undefined
  },
  load: async () => () => new NetdocReader(),
}

const NOT_IN_ITEMS: Reject = { word: 'malformed', text: 'text between the objects of the array' }
const NO_DROP: Reject = { word: 'malformed', text: 'an object without the text "dropped"' }

class NetdocReader implements Reader {
  /** Within an object that is longer than a window can be. */
  private long: ObjectScan | undefined

  read({ text, last }: Window, out: Out): void {
    this.long = undefined
    for (let at = 0, end = 0; at < text.length; at = end) {
      const char = text[at] ?? ''
      if (char === '{') {
        end = new ObjectScan().endIn(text, at) ?? 0
        if (end === 0) {
          // Not there yet: it is shown again with more after it, or rejected as truncated or too long.
          this.long = new ObjectScan()
          return
        }
        if (!readObject(text.slice(at, end), at, end, out)) return
      } else if ('[,] \r\n'.includes(char)) {
        end = at + 1
        out.claim('structure', end)
      } else {
        end = text.indexOf('{', at)
        if (end < 0 && !last) return
        if (end < 0) end = text.length
        if (!out.reject(NOT_IN_ITEMS, end, at)) return
      }
    }
  }

  resume({ text }: Window): number | undefined {
    if (this.long !== undefined) return this.long.endIn(text, 0)
    const next = text.indexOf('{')
    return next < 0 ? undefined : next
  }
}

/** False when another reader takes over. */
function readObject(json: string, start: number, end: number, out: Out): boolean {
  const { dropped, at } = membersOf(json)
  if (typeof dropped !== 'string' || !/^[A-Z_]+$/.test(dropped)) return out.reject(NO_DROP, end, start)
  out.claim('data', end)
  const record = new EventRecord('drop')
  record.drop = seal('drop', { count: 1, reason: dropped, origin: 'software', decoded_by: 'source' })
  if (typeof at === 'string' && at !== '') record.location = seal('location', { symbol: at.replaceAll('\0', '\ufffd') })
  out.record(record)
  return true
}

function membersOf(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(utf8(json))
  } catch {
    return {}
  }
}

/** Where an object ends: its state is kept from window to window. */
class ObjectScan {
  private depth = 0
  private isInText = false
  private isEscaped = false

  /** Offset after the object's last brace; undefined: it goes on after this text. */
  endIn(text: string, start: number): number | undefined {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (this.isEscaped) this.isEscaped = false
      else if (code === QUOTE) this.isInText = !this.isInText
      else if (this.isInText) this.isEscaped = code === BACKSLASH
      else if (code === OPEN) this.depth++
      else if (code === CLOSE && --this.depth === 0) return at + 1
    }
    return undefined
  }
}
