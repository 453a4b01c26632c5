import type { MemberName } from './generated/types.ts'
import type { Json, Mould, Notes, Part } from './part.ts'

/** A part that was cast in a mould. It is known by itself and not by its leaves: other parts are not alike to it. */
export class Cast implements Part {
  readonly text: string
  readonly notes: Notes | undefined
  private readonly mould: Mould<MemberName>
  private readonly a: string | number
  private readonly b: string | number | undefined
  private readonly c: string | number | undefined

  constructor(
    mould: Mould<MemberName>,
    notes: Notes | undefined,
    a: string | number,
    b: string | number | undefined,
    c: string | number | undefined,
  ) {
    this.text = mould.textWith(a, b, c)
    this.notes = notes
    this.mould = mould
    this.a = a
    this.b = b
    this.c = c
  }

  value(): Json {
    return this.mould.valueWith(this.a, this.b, this.c)
  }

  get(key: string): Json | undefined {
    return this.mould.getWith(key, this.a, this.b, this.c)
  }
}
