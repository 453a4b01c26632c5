// What is printed as bpftrace prints it comes back, or the reader says that there are several readings.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printings } from './printing.ts'
import { readText } from './reading.ts'

describe('a printf of any format', () => {
  it('gives its arguments back, or says that they cannot be told', () => {
    let told = 0
    let ambiguous = 0
    fc.assert(
      fc.property(printings, ({ format, events }) => {
        const { program, places, print } = format
        for (const values of events) {
          const line = print(values)
          const reading = readText(line, { program })
          const seen = JSON.stringify({ program, line })
          // An empty line is a blank, whatever printed it.
          if (line === '\n') continue
          if (reading.ambiguous > 0) {
            expect(reading.drops, seen).toHaveLength(0)
            ambiguous++
            continue
          }
          expect(reading.drops, seen).toHaveLength(1)
          places.forEach(({ take, argument }, index) => {
            expect(reading.drops.map(take), `${argument} in ${seen}`).toEqual([values[index]?.value])
          })
          told++
        }
      }),
      { numRuns: 500 },
    )
    // The law is not kept by saying nothing.
    expect(told).toBeGreaterThan(4 * ambiguous)
  })

  it('reads the events of a text as it reads each alone, in any pieces', () => {
    fc.assert(
      fc.property(printings, fc.integer({ min: 1, max: 40 }), ({ format, events }, chunk) => {
        const text = events.map(format.print).join('')
        const whole = readText(text, { program: format.program })
        expect(readText(text, { program: format.program, chunk })).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
})
