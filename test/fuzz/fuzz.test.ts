// The search itself is `npm run fuzz`, minutes long by choice: here it is shown that it can fail, and that it does not
// at once.
import { describe, expect, it } from 'vitest'
import { randomOf } from '../kit/random.ts'
import { type Finding, fuzz, tryOnce } from './fuzz.ts'
import { SABOTAGES } from './sabotage.ts'
import { system } from './system.ts'
import { TARGETS } from './targets.ts'

const SEED = 14
const MOST_TRIALS = 400

describe('the search', () => {
  it.each(SABOTAGES)('finds $name', async ({ target: name, fault, system: spoilt }) => {
    const target = TARGETS.find((one) => one.name === name)
    if (target === undefined) throw new Error(`no target ${name}`)
    let found = ''
    for (let trial = 0; trial < MOST_TRIALS && !found.startsWith(fault); trial++)
      found = (await tryOnce(target, SEED + trial, spoilt))?.fault ?? ''
    expect(found.slice(0, fault.length)).toBe(fault)
  })

  it('is the same for the same seed', () => {
    const draw = (): readonly string[] =>
      TARGETS.map((target) => target.draw(randomOf(SEED), system).bytes.toString('latin1'))
    expect(draw()).toEqual(draw())
  })

  it('finds nothing in a hundred trials', async () => {
    const findings: Finding[] = []
    await fuzz(
      SEED,
      system,
      (trials) => trials === 100,
      (finding) => findings.push(finding),
    )
    expect(findings.map(({ target, seed, fault }) => `${target} ${seed}: ${fault}`)).toEqual([])
  })
})
