import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { faultOf, lineOf } from '../../src/event/line.ts'
import { events, recordOf } from './events.ts'

describe('the random events of these tests', () => {
  it('are valid, and their records are the same events', () => {
    fc.assert(
      fc.property(events, (event) => {
        const record = recordOf(event)
        expect(faultOf(record)).toBeUndefined()
        expect(validateStrict(event), JSON.stringify(event)).toBe(true)
        expect(JSON.parse(Buffer.from(lineOf(record), 'latin1').toString('utf8'))).toEqual(event)
      }),
      { numRuns: 300 },
    )
  })
})
