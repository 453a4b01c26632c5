import type { ClockId } from '../../../src/event/words.ts'
import { OPEN } from './characters.ts'
import { spaceEnd } from './text-end.ts'

/** Where reading is: between documents, among the members of one, or in its list of samples. */
export type DocumentPlace = 'outside' | 'document' | 'samples'

const VERSION = '"linux-perf-json-version"'
const KEYS = [VERSION, '"headers"', '"samples"']

/** What the document so far has shown. */
export class DocumentState {
  place: DocumentPlace = 'outside'
  /** Of the samples that follow. */
  clock: ClockId = 'unknown'
  hasHeader = false
  /** Another number: samples may be read otherwise now. */
  epoch = 0

  /**
   * Begins a document at `at`: a brace and one of its keys. The brace may have been taken for other text: then the
   * version is first. Gives the offset of the first key; `more`: more text decides; undefined: no document begins here.
   */
  beginIn(text: string, at: number, last: boolean): number | 'more' | undefined {
    const hasBrace = text.charCodeAt(at) === OPEN
    const key = hasBrace ? spaceEnd(text, at + 1) : at
    const keys = hasBrace ? KEYS : [VERSION]
    if (keys.some((one) => text.startsWith(one, key))) {
      this.enter('document')
      this.clock = 'unknown'
      this.hasHeader = false
      return key
    }
    const rest = text.slice(key, key + VERSION.length)
    return !last && keys.some((one) => one.startsWith(rest)) ? 'more' : undefined
  }

  /** The list of samples begins, or it has ended. */
  enter(place: DocumentPlace): void {
    this.place = place
    this.epoch++
  }

  learn(clock: ClockId): void {
    this.clock = clock
    this.hasHeader = true
    this.epoch++
  }
}
