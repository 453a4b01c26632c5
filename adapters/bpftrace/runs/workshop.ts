import { lineOf } from '../../../src/event/line.ts'
import type { EventRecord } from '../../../src/event/record.ts'
import type { OutputForm } from '../decode/matched-text.ts'
import { type ClauseFacts, type DecodeContext, type Recipe, recipeOf } from '../decode/recipe.ts'
import type { TextPattern } from '../match/pattern.ts'
import { Search } from '../match/search.ts'
import { Slots } from '../match/slots.ts'

/** A unit that a run prints: a piece of text, or in JSON the output of a call. */
export interface PrintUnit {
  readonly id: number
  readonly clause: ClauseFacts
  readonly patterns: readonly TextPattern[]
  /** As in `PrintStep`. */
  readonly starts: boolean
  readonly opens: boolean
  readonly ends: boolean
}

/** One link of a run: what was printed, and which of its patterns fits. */
export interface RunLink {
  readonly printed: PrintUnit
  readonly pattern: TextPattern
}

/** A run with more captures is not followed further. */
const MOST_CAPTURES = 1024

/** What all runs of one program share: the search, the slots, and the recipes of what was found so far. */
export class Workshop {
  readonly search: Search
  /** Where the captures of the current run are. */
  readonly slots: Slots
  /** Where the captures of another run are, for comparison. */
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

  /** The recipe of a run that is one text. */
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

/** How many recipes of runs of several texts are kept. */
const MOST_CHAINS = 256

export function captureTotal(links: readonly RunLink[]): number {
  return links.reduce((sum, { pattern }) => sum + pattern.captures.length, 0)
}

/** True when two records are equal. Undefined: the run had no value. */
export function isSame(a: EventRecord | undefined, b: EventRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return lineOf(a) === lineOf(b) && a.ns === b.ns && a.clockId === b.clockId && a.local === b.local
}

/**
 * The surest readings of one text: complete runs from their first print on, else all. A complete run whose first
 * prints are lost is no surer than a run that is not seen to its end.
 */
export function surest<T extends { readonly links: readonly RunLink[]; readonly isComplete: boolean }>(
  runs: readonly T[],
): readonly T[] {
  const fromStart = runs.filter(({ isComplete, links }) => isComplete && links[0]?.printed.starts === true)
  return fromStart.length > 0 ? fromStart : runs
}
