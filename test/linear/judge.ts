import { type AST, visitRegExpAST } from '@eslint-community/regexpp'
import { CHARACTERS, Counter, isOneCharacter, membersOf, parse } from './steps.ts'

/** Characters that are pumped in: few enough to be quick, enough for a square to show. */
const PUMPED = 160
/** Of a character: who takes no more looks at each of them a few times. */
const FEW_STEPS = 8
const MOST_STEPS = 1_000_000
/** A repeat that may be so long is one without end. */
const LONG = 64

/** An input on which an expression takes more than linear time: `before` + `pump` × n + `behind`. */
export interface Attack {
  readonly before: string
  readonly pump: string
  readonly behind: string
}

/**
 * An attack on an expression; undefined: none found, it is taken for linear. Each repeat of it is reached by a text
 * that fits so far, and pumped with every kind of character that the expression tells apart, with what fits into it,
 * and with all that led to it (a search begins anew at every place).
 */
export function attackOn(source: string, flags: string): Attack | undefined {
  const pattern = parse(source, flags)
  const counter = new Counter(pattern, flags)
  const samples = new Samples(pattern, flags)
  for (const { before, bodies } of samples.repeats()) {
    const pumps = new Set([...samples.kinds, ...bodies, ...bodies.map((body) => before + body)])
    for (const pump of pumps) {
      for (const behind of ['', ...samples.endings]) {
        const attack = { before, pump, behind }
        if (pump !== '' && isSuperlinear(counter, attack)) return attack
      }
    }
  }
  return undefined
}

/**
 * Four times the text takes more than four times the steps, and it is not only that a bounded repeat was not full yet.
 */
function isSuperlinear(counter: Counter, attack: Attack): boolean {
  const repeats = Math.ceil(PUMPED / attack.pump.length)
  const stepsOf = (times: number): number => counter.stepsIn(textOf(attack, times * repeats), MOST_STEPS)
  const once = stepsOf(1)
  if (once <= FEW_STEPS * (PUMPED + attack.before.length)) return false
  const twice = stepsOf(2)
  const fourTimes = stepsOf(4)
  return fourTimes >= MOST_STEPS || fourTimes - 2 * twice - (twice - 2 * once) > 4 * PUMPED
}

export function textOf({ before, pump, behind }: Attack, repeats: number): string {
  return before + pump.repeat(repeats) + behind
}

interface Repeat {
  /** Fits up to it. */
  readonly before: string
  /** What fits into it once. */
  readonly bodies: readonly string[]
}

/** Texts that fit pieces of an expression. */
class Samples {
  /** One character of each kind that the expression tells apart: of `[a-f]\d` a letter up to f, and a digit. */
  readonly kinds: readonly string[]
  /** Which may break what fitted so far: what fits nowhere, or else each kind. */
  readonly endings: readonly string[]
  private readonly pattern: AST.Pattern
  private readonly flags: string

  constructor(pattern: AST.Pattern, flags: string) {
    this.pattern = pattern
    this.flags = flags
    const leaves = [...new Set(leavesOf(pattern))].map((raw) => membersOf(raw, flags))
    const kinds = new Map<string, string>()
    for (const [code, character] of CHARACTERS.entries()) {
      const kind = leaves.map((members) => (members.has(code) ? '1' : '0')).join('')
      if (!kinds.has(kind)) kinds.set(kind, character)
    }
    const nowhere = '0'.repeat(leaves.length)
    const strange = kinds.get(nowhere)
    kinds.delete(nowhere)
    this.kinds = [...kinds.values()]
    this.endings = strange === undefined ? this.kinds : [strange, `\n${strange}`]
  }

  /** The whole, too: a search that begins anew repeats it. */
  repeats(): readonly Repeat[] {
    return [{ before: '', bodies: [] }, ...this.repeatsIn(this.pattern.alternatives, '')]
  }

  private repeatsIn(alternatives: readonly AST.Alternative[], before: string): readonly Repeat[] {
    return alternatives.flatMap(({ elements }) =>
      elements.flatMap((element, index) => this.repeatsOf(element, before + this.sampleOf(elements.slice(0, index)))),
    )
  }

  private repeatsOf(element: AST.Element, before: string): readonly Repeat[] {
    if ('alternatives' in element) return this.repeatsIn(element.alternatives, before)
    if (element.type !== 'Quantifier') return []
    const inner = element.element
    const bodies =
      'alternatives' in inner
        ? inner.alternatives.map(({ elements }) => this.sampleOf(elements))
        : [this.sampleOf([inner])]
    return [...(element.max > LONG ? [{ before, bodies }] : []), ...this.repeatsOf(inner, before)]
  }

  private sampleOf(elements: readonly AST.Element[]): string {
    return elements.map((element) => this.sampleOfOne(element)).join('')
  }

  private sampleOfOne(element: AST.Element): string {
    if (element.type === 'Group' || element.type === 'CapturingGroup')
      return this.sampleOf(element.alternatives[0]?.elements ?? [])
    if (element.type === 'Quantifier') return this.sampleOfOne(element.element).repeat(element.min)
    if (!isOneCharacter(element)) return ''
    const [code] = membersOf(element.raw, this.flags)
    return code === undefined
      ? ''
      : (this.kinds.find((kind) => membersOf(element.raw, this.flags).has(kind.charCodeAt(0))) ??
          String.fromCharCode(code))
  }
}

function leavesOf(pattern: AST.Pattern): readonly string[] {
  const leaves: string[] = []
  const add = ({ raw, parent }: AST.CharacterClass | AST.CharacterSet | AST.Character): void => {
    if (parent.type === 'Alternative' || parent.type === 'Quantifier') leaves.push(raw)
  }
  visitRegExpAST(pattern, { onCharacterClassEnter: add, onCharacterSetEnter: add, onCharacterEnter: add })
  return leaves
}
