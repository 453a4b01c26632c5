import type { EventRecord } from '../../../src/event/record.ts'
import { type JsonValue, jsonText } from '../../../src/text/json-value.ts'
import type { Decoder, PrintStep } from '../decode/decoder.ts'
import type { DecodeContext } from '../decode/recipe.ts'
import { matchLine } from '../match/line-plan.ts'
import type { TextPattern } from '../match/pattern.ts'
import { fits } from '../match/shape.ts'
import type { Slots } from '../match/slots.ts'
import type { Printing } from '../program/print-tree.ts'
import type { Meaning, ValueType } from '../program/vocabulary.ts'
import { captureTotal, type RunLink, Workshop } from './workshop.ts'

/** What a call of the program printed, as a record of JSON reports it. */
export type CallOutput =
  /** Latin1, with its line end. */
  | { readonly kind: 'text'; readonly call: Exclude<Printing, 'print'>; readonly bytes: string }
  | { readonly kind: 'value'; readonly value: JsonValue }

/** The output of one step. */
interface StepLink extends RunLink {
  readonly printed: PrintStep
  /** The text that holds its captures, and their offsets in it. */
  readonly source: string
  readonly spans: readonly CaptureSpan[]
}

interface CaptureSpan {
  readonly start: number
  readonly end: number
}

/** A run so far. */
export interface JsonRun {
  readonly links: readonly StepLink[]
  /** All that the run surely prints is there. */
  readonly isComplete: boolean
}

/** Finds which calls of a program made the records of JSON. A record holds all of one call, byte for byte. */
export class JsonRuns {
  private readonly steps: readonly PrintStep[]
  private readonly printfs: readonly PrintStep[]
  private readonly workshop: Workshop
  /** Since `begun`: the text of a call had several readings. */
  isAmbiguous = false

  constructor(decoder: Decoder, context: DecodeContext) {
    this.steps = decoder.steps
    this.printfs = decoder.steps.filter(({ name }) => name === 'printf')
    this.workshop = new Workshop(decoder.steps, 'json', context)
  }

  /**
   * The record of a printf's text `[start, end)`, without its line end, in the usual case: exactly one call fits it,
   * and its run may end there. Undefined: `begun` must be tried.
   */
  single(text: string, start: number, end: number): EventRecord | undefined {
    let step: PrintStep | undefined
    let pattern: TextPattern | undefined
    for (let index = 0; index < this.printfs.length; index++) {
      const one = this.printfs[index]
      if (one === undefined) return undefined
      for (let way = 0; way < one.patterns.length; way++) {
        const plan = one.patterns[way]?.plan
        if (plan === undefined) return undefined
        const slots = step === undefined ? this.workshop.slots : this.workshop.others
        if (!matchLine(plan, text, start, end, slots, 0)) continue
        if (step !== undefined) return undefined
        step = one
        pattern = one.patterns[way]
      }
    }
    if (step === undefined || pattern === undefined || !step.ends) return undefined
    const recipe = this.workshop.recipeOfOne({ printed: step, pattern })
    return recipe.makesRecord ? recipe.build(text) : undefined
  }

  /** The runs in which an output may be the first that is left. */
  begun(output: CallOutput): readonly JsonRun[] {
    this.isAmbiguous = false
    return this.steps
      .flatMap((step) => this.linksOf(step, output))
      .map((link) => ({ links: [link], isComplete: link.printed.ends }))
  }

  /** The ways in which a run continues with an output. */
  continued({ links }: JsonRun, output: CallOutput): readonly JsonRun[] {
    const last = links[links.length - 1]
    if (last === undefined || !this.workshop.hasRoom(captureTotal(links))) return []
    return last.printed.next
      .flatMap((step) => this.linksOf(step, output))
      .map((link) => ({ links: [...links, link], isComplete: link.printed.ends }))
  }

  /** The record of a run. Undefined: the run has no value. */
  record({ links }: JsonRun): EventRecord | undefined {
    const recipe = this.workshop.recipeOfRun(links)
    if (recipe?.makesRecord !== true) return undefined
    let source = ''
    let index = 0
    for (const link of links) {
      for (const { start, end } of link.spans)
        this.workshop.slots.set(index++, source.length + start, source.length + end)
      source += link.source
    }
    return recipe.build(source)
  }

  private linksOf(step: PrintStep, output: CallOutput): readonly StepLink[] {
    if (output.kind === 'value') {
      const [pattern] = step.patterns
      if (step.name !== 'print' || step.meaning === undefined || pattern === undefined) return []
      const link = valueLink(step, pattern, step.meaning, output.value)
      return link === undefined ? [] : [link]
    }
    if (step.name !== output.call) return []
    const { bytes } = output
    const { search } = this.workshop
    const slots = this.workshop.others
    return step.patterns.flatMap((pattern): readonly StepLink[] => {
      const finding = search.whole(pattern.segments, bytes, 0, bytes.length, slots, 0)
      if (finding === 'several') this.isAmbiguous = true
      if (finding !== 'one') return []
      return [{ printed: step, pattern, source: bytes, spans: spansOf(slots, pattern) }]
    })
  }
}

function spansOf(slots: Slots, pattern: TextPattern): readonly CaptureSpan[] {
  return pattern.captures.map((_, index) => ({ start: slots.start(index), end: slots.end(index) }))
}

/** A value of `print()`. Its leaves are in the order of the expression. */
function valueLink(step: PrintStep, pattern: TextPattern, meaning: Meaning, value: JsonValue): StepLink | undefined {
  const texts = leavesOf(meaning, value)
  if (texts === undefined || texts.length !== pattern.captures.length) return undefined
  const spans: CaptureSpan[] = []
  let source = ''
  for (const [index, text] of texts.entries()) {
    const capture = pattern.captures[index]
    if (capture === undefined) return undefined
    const isFree = capture.notation.as === 'scalar'
    if (!isFree && !fits(capture.shape, text, 0, text.length)) return undefined
    spans.push({ start: source.length, end: source.length + text.length })
    source += text
  }
  return { printed: step, pattern, source, spans }
}

function leavesOf({ value }: Meaning, json: JsonValue): readonly string[] | undefined {
  if (value.type !== 'tuple') return isKindOf(value.type, json) ? [leafText(json)] : undefined
  if (json.kind !== 'list' || json.items.length !== value.items.length) return undefined
  const leaves: string[] = []
  for (const [index, item] of value.items.entries()) {
    const one = json.items[index]
    const inner = one === undefined ? undefined : leavesOf(item, one)
    if (inner === undefined) return undefined
    leaves.push(...inner)
  }
  return leaves
}

/** JSON distinguishes texts from numbers, except texts that old versions failed to quote. */
function isKindOf(type: ValueType['type'], json: JsonValue): boolean {
  switch (type) {
    case 'integer':
      return json.kind === 'bare' || (json.kind === 'string' && /^-?[0-9]+$/.test(json.bytes))
    case 'kernel_symbol':
    case 'user_symbol':
    case 'probe':
    case 'inet':
    case 'stack':
      return json.kind === 'string'
    case 'text':
    case 'time':
    case 'mac':
      return json.kind === 'string' || (json.kind === 'bare' && !/^-?[0-9]+$/.test(json.text))
    case 'pointer':
    case 'enum':
    case 'reason':
    case 'words':
      return json.kind === 'string' || json.kind === 'bare'
    case 'buffer':
    case 'unknown':
    case 'tuple':
      return true
  }
}

function leafText(json: JsonValue): string {
  if (json.kind === 'string') return json.bytes
  return json.kind === 'bare' ? json.text : jsonText(json)
}
