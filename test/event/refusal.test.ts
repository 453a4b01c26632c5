import { describe, expect, it } from 'vitest'
import { validateEvent } from '../../src/event/generated/validate-event.ts'
import { type Validate, validateStrict } from '../../src/event/generated/validators.ts'
import { refusalBy } from '../../src/event/refusal.ts'

const DROP = { v: 1, kind: 'drop', drop: { count: 1 }, capture: { path: 'x', line: 1 } }

function sentence(event: unknown, validate: Validate = validateStrict): string {
  expect(validate(event)).toBe(false)
  const { field, why } = refusalBy(validate)
  return `${field} ${why}`.trim()
}

describe('why an event is refused', () => {
  it.each<[unknown, string]>([
    [{ ...DROP, drop: undefined }, '/drop is missing'],
    [{ ...DROP, drop: {} }, '/drop/count is missing'],
    [{ ...DROP, drop: { count: -1 } }, '/drop/count must be >= 0'],
    [{ ...DROP, drop: { count: '1' } }, '/drop/count must be integer'],
    [{ ...DROP, drop: { count: 1, origin: 'hardwear' } }, '/drop/origin must be one of software, hardware'],
    [{ ...DROP, drop: { count: 1, resaon: 'X' } }, '/drop/resaon is not a member that the schema allows there'],
    [{ ...DROP, drpo: 1 }, '/drpo is not a member that the schema allows there'],
    [{ ...DROP, v: 2 }, '/v must be 1'],
    [{ ...DROP, kind: 'trace', event_name: 'a:b' }, '/drop/count must be absent'],
    [{ ...DROP, args: { 'a b': 1 } }, '/args/a b has a name that must match pattern "^[A-Za-z_][A-Za-z0-9_]{0,63}$"'],
    [{ ...DROP, args: { a: null } }, '/args/a must be string,integer,boolean'],
    [[], 'must be object'],
  ])('%#: %s', (event, why) => {
    expect(sentence(JSON.parse(JSON.stringify(event)))).toBe(why)
  })

  it('fits on one line, whatever the keys are', () => {
    const hostile = `\u001b[31m\n/~${'k'.repeat(1000)}`
    for (const event of [
      { ...DROP, [hostile]: 1 },
      { ...DROP, args: { [hostile]: 1 } },
      { ...DROP, args: { [hostile]: null } },
    ]) {
      const why = sentence(event)
      expect(why).toMatch(/^[ -~…]{1,300}$/)
      expect(why).toContain('\\x1b[31m\\x0a~1~0kkk')
    }
  })

  it('is never an unknown member when the schema is open', () => {
    expect(validateEvent({ ...DROP, drpo: 1 })).toBe(true)
  })
})
