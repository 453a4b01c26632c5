import type { Filled, Json, Notes, Part } from './part.ts'

/** A part that was cast in a mould. It is known by itself and not by its leaves: other parts are not alike to it. */
export class Cast implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  /** What was cast: its mould and its leaves. */
  readonly filled: Filled

  constructor(filled: Filled) {
    this.text = filled.text
    this.notes = filled.notes
    this.filled = filled
  }

  value(): Json {
    return this.filled.value()
  }

  get(key: string): Json | undefined {
    return this.filled.get(key)
  }
}
