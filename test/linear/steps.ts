import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** Whether what is left matches from `at` on. */
type Matcher = (at: number) => boolean

/** How far back a lookbehind is tried: ours are as wide. */
const LOOKBEHIND = 8

class TooMany extends Error {}

/**
 * A regular expression that counts what it does. V8 tells only time, which on a busy machine says nothing; the steps
 * of a search that goes back and forgets, as V8's does, are the same in every run.
 */
export class Counter {
  private readonly flags: string
  private readonly search: Matcher
  private text = ''
  private steps = 0
  private most = 0

  constructor(pattern: AST.Pattern, flags: string) {
    this.flags = flags
    this.search = this.anyOf(pattern.alternatives, () => true)
  }

  /** Steps of one search in `text` (only at its begin when sticky); at most `most`. */
  stepsIn(text: string, most: number): number {
    this.text = text
    this.steps = 0
    this.most = most
    const starts = this.flags.includes('y') ? 1 : text.length + 1
    try {
      for (let at = 0; at < starts; at++) if (this.search(at)) break
    } catch (error) {
      if (!(error instanceof TooMany)) throw error
    }
    return this.steps
  }

  private step(): void {
    this.steps++
    if (this.steps >= this.most) throw new TooMany()
  }

  private anyOf(alternatives: readonly AST.Alternative[], next: Matcher): Matcher {
    const all = alternatives.map(({ elements }) =>
      elements.toReversed().reduce((behind, element) => this.matcherOf(element, behind), next),
    )
    return all.length === 1 && all[0] !== undefined ? all[0] : (at) => all.some((one) => one(at))
  }

  private matcherOf(element: AST.Element, next: Matcher): Matcher {
    switch (element.type) {
      case 'Group':
      case 'CapturingGroup':
        return this.anyOf(element.alternatives, next)
      case 'Quantifier':
        return isOneCharacter(element.element)
          ? this.repeatedCharacter(element, element.element.raw, next)
          : this.repeated(element, next)
      case 'Assertion':
        return this.assertion(element, next)
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet':
        return this.character(element.raw, next)
      default:
        throw new Error(`${element.type} is not counted: ${element.raw}`)
    }
  }

  private character(raw: string, next: Matcher): Matcher {
    const members = membersOf(raw, this.flags)
    return (at) => {
      this.step()
      return members.has(this.text.charCodeAt(at)) && next(at + 1)
    }
  }

  private repeatedCharacter({ min, max, greedy }: AST.Quantifier, raw: string, next: Matcher): Matcher {
    const members = membersOf(raw, this.flags)
    const fits = (at: number): boolean => {
      this.step()
      return members.has(this.text.charCodeAt(at))
    }
    if (greedy)
      return (start) => {
        let at = start
        while (at - start < max && fits(at)) at++
        for (; at - start >= min; at--) {
          this.step()
          if (next(at)) return true
        }
        return false
      }
    return (start) => {
      for (let at = start; ; at++) {
        if (at - start >= min && next(at)) return true
        if (at - start >= max || !fits(at)) return false
      }
    }
  }

  private repeated({ element, min, max, greedy }: AST.Quantifier, next: Matcher): Matcher {
    // Of the round at hand: how many were before it, and where it began. Rounds within rounds save and restore them.
    let rounds = 0
    let start = -1
    const within = (round: number, from: number, match: Matcher, at: number): boolean => {
      const [roundsBefore, startBefore] = [rounds, start]
      rounds = round
      start = from
      const matches = match(at)
      rounds = roundsBefore
      start = startBefore
      return matches
    }
    const loop: Matcher = (at) => {
      this.step()
      const [round, from] = [rounds, start]
      const more = (): boolean => round < max && (at > from || round < min) && within(round + 1, at, inner, at)
      const enough = (): boolean => round >= min && within(round, from, next, at)
      return greedy ? more() || enough() : enough() || more()
    }
    const inner = this.matcherOf(element, loop)
    return (at) => within(0, -1, loop, at)
  }

  private assertion(element: AST.Assertion, next: Matcher): Matcher {
    const holds =
      element.kind === 'lookahead' || element.kind === 'lookbehind' ? this.lookaround(element) : this.border(element)
    return (at) => {
      this.step()
      return holds(at) && next(at)
    }
  }

  private lookaround({ kind, negate, alternatives }: AST.LookaroundAssertion): Matcher {
    if (kind === 'lookahead') {
      const ahead = this.anyOf(alternatives, () => true)
      return (at) => ahead(at) !== negate
    }
    let end = 0
    const behind = this.anyOf(alternatives, (at) => at === end)
    return (at) => {
      end = at
      for (let start = at; start >= Math.max(0, at - LOOKBEHIND); start--) if (behind(start)) return !negate
      return negate
    }
  }

  private border(element: AST.EdgeAssertion | AST.WordBoundaryAssertion): Matcher {
    const isLines = this.flags.includes('m')
    switch (element.kind) {
      case 'start':
        return (at) => at === 0 || (isLines && this.text[at - 1] === '\n')
      case 'end':
        return (at) => at === this.text.length || (isLines && this.text[at] === '\n')
      case 'word': {
        const isWord = (at: number): boolean => /\w/.test(this.text.charAt(at))
        return (at) => (isWord(at - 1) !== isWord(at)) !== element.negate
      }
    }
  }
}

/** Of latin1, as readers see text. */
export const CHARACTERS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))

const known = new Map<string, ReadonlySet<number>>()

/** The character codes that a character, a class or a set such as `\d` stands for. */
export function membersOf(raw: string, flags: string): ReadonlySet<number> {
  const key = `${raw} ${flags}`
  let members = known.get(key)
  if (members === undefined) {
    const expression = new RegExp(`^(?:${raw})$`, flags.replace(/[gym]/g, ''))
    members = new Set([...CHARACTERS.keys()].filter((code) => expression.test(String.fromCharCode(code))))
    known.set(key, members)
  }
  return members
}

export function isOneCharacter(element: AST.Element): boolean {
  return element.type === 'Character' || element.type === 'CharacterClass' || element.type === 'CharacterSet'
}

export function parse(source: string, flags: string): AST.Pattern {
  return new RegExpParser().parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  })
}
