import { lineOf } from '../../../src/event/line.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import { type ClauseFacts, type DecodeContext, type Recipe, recipeOf } from '../decode/recipe.ts'
import type { OutputForm } from '../decode/sections.ts'
import type { TextPattern } from '../match/pattern.ts'
import { Search } from '../match/search.ts'
import { Slots } from '../match/slots.ts'

/** A printed text of a run: a piece of text, or a call in JSON, in one of its versions' ways. */
export interface PrintUnit {
  readonly id: number
  readonly clause: ClauseFacts
  readonly patterns: readonly TextPattern[]
  /** It may be the first that a run prints. */
  readonly starts: boolean
  readonly opens: boolean
  readonly ends: boolean
}

/** One link of a run: what was printed, and in which way. */
export interface RunLink {
  readonly printed: PrintUnit
  readonly pattern: TextPattern
}

/** Captures that a run can have; what is beyond starts a run of its own. */
const MOST_CAPTURES = 1024

/** The workshop of one program: where its texts are searched, and what is made of them. */
export class Workshop {
  readonly search: Search
  /** Where the captures of the run at hand stand. */
  readonly slots: Slots
  /** Another run's, to be compared with it. */
  readonly others: Slots
  private readonly form: OutputForm
  private readonly context: DecodeContext
  private readonly single = new Map<TextPattern, Recipe>()
  private readonly chains = new Map<string, Recipe>()

  constructor(printed: readonly PrintUnit[], form: OutputForm, context: DecodeContext) {
    this.form = form
    const most = Math.max(0, ...printed.flatMap(({ patterns }) => patterns.map(({ captures }) => captures.length)))
    this.search = new Search(most)
    this.slots = new Slots(MOST_CAPTURES + most)
    this.others = new Slots(MOST_CAPTURES + most)
    this.context = context
  }

  hasRoom(captures: number): boolean {
    return captures <= MOST_CAPTURES
  }

  /** The recipe of one text that is all of its run. */
  recipeOfOne({ printed, pattern }: RunLink): Recipe {
    let recipe = this.single.get(pattern)
    if (recipe === undefined) {
      recipe = recipeOf(
        pattern.captures,
        printed.clause,
        printed.opens,
        pattern.plan !== undefined,
        this.slots,
        this.form,
        this.context,
      )
      this.single.set(pattern, recipe)
    }
    return recipe
  }

  /** The recipe of a run of several texts. */
  recipeOfRun(links: readonly RunLink[]): Recipe | undefined {
    const [first] = links
    if (first === undefined || links.length === 1) return first && this.recipeOfOne(first)
    const key = links.map(({ printed, pattern }) => `${printed.id}.${printed.patterns.indexOf(pattern)}`).join(' ')
    let recipe = this.chains.get(key)
    if (recipe === undefined) {
      const captures = links.flatMap(({ pattern }) => pattern.captures)
      const opens = links.some(({ printed }) => printed.opens)
      recipe = recipeOf(captures, first.printed.clause, opens, false, this.slots, this.form, this.context)
      if (this.chains.size < MOST_CHAINS) this.chains.set(key, recipe)
    }
    return recipe
  }
}

/** Ways through a clause whose recipes are kept. */
const MOST_CHAINS = 256

export function captureTotal(links: readonly RunLink[]): number {
  return links.reduce((sum, { pattern }) => sum + pattern.captures.length, 0)
}

/** True when two readings say the same; undefined: nothing of it was a value. */
export function isSame(a: EventRecord | undefined, b: EventRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return lineOf(a) === lineOf(b) && a.ns === b.ns && a.clockId === b.clockId && a.local === b.local
}

/** Of readings of one text those that are surest: whole runs from their first print on; then whole ones whose first prints are lost; then the others. */
export function surest<T extends { readonly links: readonly RunLink[]; readonly isComplete: boolean }>(
  runs: readonly T[],
): readonly T[] {
  const complete = runs.filter(({ isComplete }) => isComplete)
  const fromStart = complete.filter(({ links }) => links[0]?.printed.starts === true)
  // What is left of a run is told by what goes on: a run that was not yet seen to its end may be just as well.
  if (fromStart.length > 0) return fromStart
  return complete.length === runs.length ? complete : runs
}
