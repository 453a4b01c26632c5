// Every regular expression of ours takes time in proportion to the text, whatever the text is. V8's go back, and
// forget.
import { describe, expect, it } from 'vitest'
import { type Expression, literals, made } from './expressions.ts'
import { attackOn, textOf } from './judge.ts'

/**
 * Expressions that would take long on a text that they never see: where they stand, how they begin, and why they do
 * not see it.
 */
const BOUNDED_ELSEWHERE: readonly (readonly [place: string, begin: string, why: string])[] = [
  ['src/program.ts', '\\n\\(Did you mean', 'what commander says of the command line'],
  ['src/snapshot/local-zone.ts', '\\/zoneinfo', 'the name of a file of this host'],
  ['src/stages/where/expression.ts', '(?:\\w+\\.)*$', "the user's own expression"],
  ['src/stages/where/slips.ts', '(?:[=!]=|', "the user's own expression"],
  ['src/stages/where/flags.ts', '(\\d+)(ms', 'a text of this form: nothing in it fails'],
  ['adapters/tracenorm/ndjson/any-line.ts', ', (?:', 'what V8 says, which quotes a few characters'],
  ['adapters/bpftrace/match/stack.ts', '^[ \\t]*(?:[^\\s+]+', 'a frame has at most 1 KiB'],
  ['adapters/perf/script/trailing.ts', '^(?<addr>', 'columns behind a payload have at most 16 KiB'],
  ['adapters/bpftrace/tool/talk.ts', '^(?:\\x1b', 'one line: nothing stands behind its end'],
]

const isThat = ([file, begin]: readonly string[], { place, source }: Expression): boolean =>
  place.startsWith(file ?? '') && source.startsWith(begin ?? '')

describe('an expression', () => {
  it('is judged by the steps of a search', () => {
    for (const source of [
      'a+$',
      '^(a+)+$',
      '^a*a*$',
      '^.*x.*y',
      '\\s*##\\s*',
      '\\d+ +x',
      'ab:[^;]*c',
      '^(?:\\w+\\.?)*$',
    ])
      expect(attackOn(source, ''), source).toBeDefined()
    for (const source of ['a', '^a+$', '^[a-z]+ +\\d', 'ab{1,9}c', '^(?:ab)+c', '^(?:a|b)*$', '\\d{1,20}x', '^.*$'])
      expect(attackOn(source, ''), source).toBeUndefined()
    expect(attackOn('a+$', 'y')).toBeUndefined()
  })

  it('of ours is linear', async () => {
    const all = new Map([...(await made()), ...literals()].map((one) => [`/${one.source}/${one.flags}`, one]))
    expect(all.size).toBeGreaterThan(300)
    const gone = BOUNDED_ELSEWHERE.filter((one) => ![...all.values()].some((expression) => isThat(one, expression)))
    expect(gone).toEqual([])
    const bad: string[] = []
    for (const [expression, one] of all) {
      const attack = BOUNDED_ELSEWHERE.some((known) => isThat(known, one)) ? undefined : attackOn(one.source, one.flags)
      if (attack !== undefined) bad.push(`${one.place} ${expression} by ${JSON.stringify(textOf(attack, 3))}`)
    }
    expect(bad).toEqual([])
  })
})
