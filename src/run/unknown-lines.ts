import { type KnownForm, lineForm } from '../input/known-forms.ts'
import { quoteEnd } from '../text/pasted.ts'
import { inputName, shellWord } from '../text/printable.ts'

/** The first line of an input that no reader knows. */
export interface UnknownLine {
  readonly line: number
  /** latin1, its beginning. */
  readonly text: string
  /** What this line, or one of those that follow, looks like. */
  readonly form: KnownForm | undefined
}

/** How many lines are looked at, and how many bytes of the first are kept. */
const FIRST_LINES = 32
const LONGEST_TEXT = 200

/** Collects what the first lines that no reader knows say about an input. */
export class UnknownLines {
  private count = 0
  private line = 0
  private text = ''
  private form: KnownForm | undefined

  /** `text`: latin1. */
  add(line: number, text: string): void {
    if (this.count === FIRST_LINES || this.form !== undefined) return
    if (this.count === 0) {
      this.line = line
      this.text = text.slice(0, LONGEST_TEXT)
    }
    this.count++
    this.form = lineForm(text) ?? lineForm(text.slice(quoteEnd(text, 0)))
  }

  get first(): UnknownLine | undefined {
    return this.count === 0 ? undefined : { line: this.line, text: this.text, form: this.form }
  }
}

const LONGEST_SHOWN = 60

/** For people: `notes.txt: line 3, "to do: buy milk", is …; give …`. */
export function unknownHint(path: string, first: UnknownLine): string {
  return `${inputName(path)}: ${unknownInWords(path, first)}`
}

/** Where it stands, what it is, and what to do next. */
export function unknownInWords(path: string, { line, text, form }: UnknownLine): string {
  const begin = Buffer.from(text, 'latin1').toString('utf8').trim()
  const shown = begin.length > LONGEST_SHOWN ? `${begin.slice(0, LONGEST_SHOWN)}…` : begin
  const where = `line ${line}, "${shown}", `
  return form === undefined
    ? `${where}is nothing that a reader knows; ${NEXT}`
    : `${where}looks like ${form.name.replace(/,$/, '')}, which is not read; ${form.next(path === '-' ? undefined : shellWord(path))}`
}

const NEXT =
  'what a bpftrace program printed is read with --program FILE.bt, what perf script -F printed with --perf-fields LIST; "tracenorm adapters" says what else is read'
