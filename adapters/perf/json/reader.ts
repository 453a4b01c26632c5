import type { Context, Out, Reader, Regular, Reject, Window } from '../../../src/contract.ts'
import type { Outline } from '../../../src/shapes/outline.ts'
import type { Next } from '../../../src/text/lines.ts'
import { garbage, talk, type UnitStart } from './between.ts'
import { CLOSE, COLON, OPEN, OPEN_LIST, QUOTE } from './characters.ts'
import { DocumentState } from './document-state.ts'
import { readHeader } from './header.ts'
import { outlineOfSample } from './outline.ts'
import { SampleList } from './sample-list.ts'
import { separatorEnd, spaceEnd } from './text-end.ts'
import { readJson } from './tokens.ts'
import { scalarEnd, ValueScan } from './value-scan.ts'

/** Reads what `perf data convert --to-json` writes, in any layout and any order of members. */
export function jsonReader(context: Context): Reader {
  return new DocumentReader(context)
}

const BETWEEN: Reject = { word: 'malformed', text: 'text between two members of the document' }
const BROKEN_MEMBER: Reject = { word: 'malformed', text: 'a member of the document that is not JSON' }

const NO_END =
  'the JSON document ends before its last bracket: perf data convert was interrupted, or the file was cut off'

class DocumentReader implements Reader, Regular {
  private readonly state = new DocumentState()
  private readonly samples: SampleList
  /** Within a value that does not end in the window. */
  private long: ValueScan | undefined

  constructor(context: Context) {
    this.samples = new SampleList(this.state, context)
  }

  read({ text, last }: Window, out: Out): void {
    this.long = undefined
    this.samples.long = undefined
    for (let at: Next = 0; at !== 'pause' && at < text.length; ) at = this.unit({ text, at, last }, out)
  }

  resume({ text }: Window): number | undefined {
    const long = this.long ?? this.samples.long
    if (long !== undefined) return this.samples.long === undefined ? long.endIn(text, 0) : this.samples.resumeIn(text)
    const lf = text.indexOf('\n')
    return lf < 0 ? undefined : lf + 1
  }

  end(out: Out): void {
    if (this.state.place !== 'outside') out.hint(NO_END)
  }

  get regular(): Regular {
    return this
  }

  get epoch(): number {
    return this.state.epoch
  }

  outline(unit: string): Outline | undefined {
    return this.samples.isRegular ? outlineOfSample(unit) : undefined
  }

  private unit(here: UnitStart, out: Out): Next {
    switch (this.state.place) {
      case 'outside':
        return this.outside(here, out)
      case 'document':
        return separator(here, out) ?? this.member(here, out)
      case 'samples':
        return this.samples.read(here.text, here.at, here.last, out)
    }
  }

  /** Before a document, or after one. */
  private outside({ text, at, last }: UnitStart, out: Out): Next {
    const start = spaceEnd(text, at)
    if (start === text.length && !last) return 'pause'
    // The blanks at the beginning of a line are the line's.
    const blanksEnd = start === text.length ? start : text.lastIndexOf('\n', start - 1) + 1
    if (blanksEnd > at) {
      out.claim('blank', blanksEnd)
      return blanksEnd
    }
    const begin = this.state.beginIn(text, start, last)
    if (begin === 'more') return 'pause'
    if (begin === undefined) return talk({ text, at, last }, out)
    if (begin > at) out.claim('structure', begin)
    return begin
  }

  /** A member of the document, or its end. */
  private member(here: UnitStart, out: Out): Next {
    const { text, at } = here
    switch (text.charCodeAt(at)) {
      case CLOSE:
        out.claim('structure', at + 1)
        this.state.enter('outside')
        return at + 1
      case OPEN:
        return this.anotherDocument(here, out)
      case QUOTE:
        return this.keyed(here, out)
      default:
        return garbage(here, BETWEEN, '"{}', out)
    }
  }

  /** A document that was cut off, and another one after it. */
  private anotherDocument(here: UnitStart, out: Out): Next {
    const begin = this.state.beginIn(here.text, here.at, here.last)
    if (begin === 'more') return 'pause'
    if (begin === undefined) return garbage(here, BETWEEN, '"{}', out)
    out.claim('structure', begin)
    return begin
  }

  private keyed({ text, at, last }: UnitStart, out: Out): Next {
    const keyEnd = scalarEnd(text, at)
    const colon = keyEnd === undefined ? text.length : spaceEnd(text, keyEnd)
    if (keyEnd === undefined || colon === text.length) return 'pause'
    if (text.charCodeAt(colon) !== COLON) return garbage({ text, at, last }, BROKEN_MEMBER, '"{}', out)
    const start = spaceEnd(text, colon + 1)
    if (start === text.length) return 'pause'
    const key = text.slice(at + 1, keyEnd - 1)
    const first = text.charCodeAt(start)
    if (key === 'samples' && first === OPEN_LIST) {
      out.claim('structure', start + 1)
      this.state.enter('samples')
      return start + 1
    }
    const isNested = first === OPEN || first === OPEN_LIST
    const end = isNested ? new ValueScan().endIn(text, start) : scalarEnd(text, start)
    if (end === undefined) {
      if (isNested) this.long = new ValueScan()
      return 'pause'
    }
    if (end === start) return garbage({ text, at, last }, BROKEN_MEMBER, '"{}', out)
    return this.valued(key, text, start, end, out)
  }

  /** A member with its value `[start, end)`. */
  private valued(key: string, text: string, start: number, end: number, out: Out): Next {
    const reading = readJson(text.slice(start, end))
    if ('faultAt' in reading) return out.reject(BROKEN_MEMBER, end, start + reading.faultAt) ? end : 'pause'
    out.claim('structure', end)
    const { value } = reading
    if (key === 'headers' && value.kind === 'object') {
      const header = readHeader(value)
      this.state.learn(header.clock)
      out.learn(header.facts)
      this.samples.forget()
    } else if (value.kind === 'object' || value.kind === 'list') {
      out.hint(`perf JSON: the member "${key}" of the document is not read`)
    }
    return end
  }
}

/** Commas and white space. Undefined: there is none. */
function separator({ text, at, last }: UnitStart, out: Out): Next | undefined {
  const end = separatorEnd(text, at)
  if (end === at) return undefined
  if (end === text.length && !last) return 'pause'
  out.claim('structure', end)
  return end
}
