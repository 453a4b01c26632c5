// Patterns run as automata, as in RE2. A RegExp would backtrack, for hours on a text that was made for that. An
// automaton reads each character once, and remembers the state that each one leads to.

import { spend } from './budget.ts'

/** A parsed pattern. */
export type PatternTree =
  /** One character of a class, `[a-z]`, in the syntax of a RegExp with the flag `v`. */
  | { readonly op: 'characters'; readonly source: string }
  /** A condition on the characters before and after a place. */
  | { readonly op: 'assertion'; readonly holds: (before: Neighbour, after: Neighbour) => boolean }
  | { readonly op: 'sequence' | 'choice'; readonly of: readonly PatternTree[] }
  | { readonly op: 'repeat'; readonly of: PatternTree; readonly least: number; readonly most: number }

/** What is next to a place in a text, as far as assertions ask. */
export type Neighbour = 'edge' | 'newline' | 'word' | 'other'

/** Looks for a pattern. */
export interface Matcher {
  /** Whether the pattern matches anywhere in the text. Throws BudgetSpent. */
  test(text: string): boolean
}

/** The matcher of a pattern; undefined when its automaton would be too large. */
export function matcherOf(pattern: PatternTree, ignoresCase: boolean): Matcher | undefined {
  const nodes = new Nodes(ignoresCase ? 'vi' : 'v')
  const start = nodes.add(pattern, nodes.accept)
  return start === undefined ? undefined : new Automaton(nodes.all, start)
}

/** A place in a pattern: the characters that lead on from there, or the other places that it stands for. */
type AutomatonNode =
  | { readonly op: 'accept' }
  | { readonly op: 'characters'; readonly characters: Characters; readonly next: number }
  | {
      readonly op: 'assertion'
      readonly holds: (before: Neighbour, after: Neighbour) => boolean
      readonly next: number
    }
  | { readonly op: 'fork'; readonly next: number[] }

/** A step may visit all nodes, so their number bounds its cost. */
const MOST_NODES = 5000

class Nodes {
  readonly all: AutomatonNode[] = [{ op: 'accept' }]
  readonly accept = 0
  private readonly flags: string
  private readonly characters = new Map<string, Characters>()

  constructor(flags: string) {
    this.flags = flags
  }

  /** Adds the nodes of a pattern that leads to `next`. Gives the first of them; undefined when there are too many. */
  add(pattern: PatternTree, next: number): number | undefined {
    switch (pattern.op) {
      case 'characters':
        return this.put({ op: 'characters', characters: this.charactersOf(pattern.source), next })
      case 'assertion':
        return this.put({ op: 'assertion', holds: pattern.holds, next })
      case 'sequence':
        return pattern.of.reduceRight<number | undefined>(
          (after, item) => (after === undefined ? undefined : this.add(item, after)),
          next,
        )
      case 'choice': {
        const ways = pattern.of.map((item) => this.add(item, next)).filter((way) => way !== undefined)
        return ways.length < pattern.of.length ? undefined : this.put({ op: 'fork', next: ways })
      }
      case 'repeat':
        return this.repeat(pattern.of, pattern.least, pattern.most, next)
    }
  }

  private repeat(item: PatternTree, least: number, most: number, next: number): number | undefined {
    let first: number | undefined = next
    if (most === Number.POSITIVE_INFINITY) {
      const ways = [next]
      first = this.put({ op: 'fork', next: ways })
      const again = first === undefined ? undefined : this.add(item, first)
      if (again === undefined) return undefined
      ways.push(again)
    } else {
      for (let left = most - least; left > 0 && first !== undefined; left--) {
        const once = this.add(item, first)
        first = once === undefined ? undefined : this.put({ op: 'fork', next: [once, next] })
      }
    }
    for (let left = least; left > 0 && first !== undefined; left--) first = this.add(item, first)
    return first
  }

  private put(node: AutomatonNode): number | undefined {
    return this.all.length >= MOST_NODES ? undefined : this.all.push(node) - 1
  }

  private charactersOf(source: string): Characters {
    let characters = this.characters.get(source)
    if (characters === undefined) {
      characters = new Characters(new RegExp(`^${source}$`, this.flags))
      this.characters.set(source, characters)
    }
    return characters
  }
}

/** The most characters of which a class remembers whether it has them. */
const MOST_CHARACTERS = 1024

/** The characters of a class. */
class Characters {
  private readonly regexp: RegExp
  private readonly known = new Map<number, boolean>()

  constructor(regexp: RegExp) {
    this.regexp = regexp
  }

  has(code: number): boolean {
    let isIn = this.known.get(code)
    if (isIn === undefined) {
      isIn = this.regexp.test(String.fromCodePoint(code))
      if (this.known.size >= MOST_CHARACTERS) this.known.clear()
      this.known.set(code, isIn)
    }
    return isIn
  }
}

/** The nodes that the text before a place may have led to. */
interface State {
  readonly nodes: readonly number[]
  readonly before: Neighbour
  /** The states that characters lead to, as far as they are known. */
  readonly next: Map<number, State>
  /** The same for ASCII characters. */
  readonly ascii: (State | undefined)[]
}

const ASCII = 128
/** The end of the text, in the place of a character. */
const END = -1
const MATCH: State = stateOf([], 'other')
const NO_MATCH: State = stateOf([], 'other')
/** The most states that are remembered, and the most characters that lead on from one. */
const MOST_STATES = 256

/** With this price the budget is enough for the largest pattern on the longest text. */
const NODES_A_STEP = 32

class Automaton implements Matcher {
  private readonly nodes: readonly AutomatonNode[]
  private readonly start: number
  private readonly states = new Map<string, State>()
  private initial: State = stateOf([], 'edge')
  /** 1 for each node that was visited at this place. */
  private readonly seen: Uint8Array

  constructor(nodes: readonly AutomatonNode[], start: number) {
    this.nodes = nodes
    this.start = start
    this.seen = new Uint8Array(nodes.length)
  }

  test(text: string): boolean {
    let state = this.initial
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit < ASCII) state = state.ascii[unit] ?? this.lead(state, unit)
      else {
        const code = text.codePointAt(at) ?? unit
        if (code > 0xffff) at++
        state = this.lead(state, code)
      }
      if (state === MATCH) return true
    }
    return this.lead(state, END) === MATCH
  }

  /** The state that a character leads to. */
  private lead(state: State, code: number): State {
    let next = state.next.get(code)
    if (next === undefined) {
      next = this.step(state, code)
      if (state.next.size >= MOST_STATES) state.next.clear()
      state.next.set(code, next)
      if (code >= 0 && code < ASCII) state.ascii[code] = next
    }
    return next
  }

  private step({ nodes, before }: State, code: number): State {
    const after = neighbourOf(code)
    const reached: number[] = []
    const { seen } = this
    // The pattern may begin at any place.
    const left = [...nodes, this.start]
    const visited: number[] = []
    let isMatch = false
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      if (seen[at] === 1) continue
      seen[at] = 1
      visited.push(at)
      const node = this.nodes[at]
      if (node?.op === 'fork') for (const way of node.next) left.push(way)
      else if (node?.op === 'assertion') {
        if (node.holds(before, after)) left.push(node.next)
      } else if (node?.op === 'characters') {
        if (code !== END && node.characters.has(code)) reached.push(node.next)
      } else isMatch = true
    }
    for (const at of visited) seen[at] = 0
    spend(visited.length / NODES_A_STEP)
    if (isMatch) return MATCH
    return code === END ? NO_MATCH : this.remembered(reached, after)
  }

  private remembered(reached: readonly number[], before: Neighbour): State {
    const nodes = [...new Set(reached)].sort((a, b) => a - b)
    const key = before + String.fromCharCode(...nodes)
    let state = this.states.get(key)
    if (state === undefined) {
      if (this.states.size >= MOST_STATES) this.forget()
      state = stateOf(nodes, before)
      this.states.set(key, state)
    }
    return state
  }

  /** Forgets all states and what leads to them, so that memory stays bounded. */
  private forget(): void {
    this.states.clear()
    this.initial = stateOf([], 'edge')
  }
}

function stateOf(nodes: readonly number[], before: Neighbour): State {
  return { nodes, before, next: new Map(), ascii: Array.from({ length: ASCII }, () => undefined) }
}

function neighbourOf(code: number): Neighbour {
  if (code === END) return 'edge'
  if (code === 10) return 'newline'
  const isWord = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  return isWord ? 'word' : 'other'
}
