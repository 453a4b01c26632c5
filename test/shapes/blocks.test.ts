import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exchange } from '../../src/shapes/exchange.ts'
import { UNIT } from '../../src/shapes/machine/layout.ts'
import type { ShapeMachine } from '../../src/shapes/machine/machine.ts'
import { ShapeMemory } from '../../src/shapes/memory.ts'
import { Shape } from '../../src/shapes/shape.ts'
import type { Put, Step } from '../../src/shapes/step.ts'
import { timekeeper } from '../../src/time/clock.ts'
import { MACHINES } from './machines.ts'

const TIME = timekeeper({ bootNs: 1_700_000_000_000_000_000n })

/** `<key of two lines>\n<key of 5 bytes><digits> <nanoseconds>\n`. */
const STEPS: readonly Step[] = [
  { is: 'key', length: undefined, passes: 1 },
  { is: 'literal', text: '\nat ' },
  { is: 'key', length: 5, passes: 0 },
  { is: 'digits', count: 2, mostFirst: 5 },
  { is: 'literal', text: ' ' },
  { is: 'nanoseconds', offset: TIME.offsetOf('monotonic') },
  { is: 'literal', text: '\n' },
]
const PUTS: readonly Put[] = [
  { is: 'piece', step: 0 },
  { is: 'piece', step: 2 },
  { is: 'leaf', step: 3 },
  { is: 'text', text: ' ' },
  { is: 'leaf', step: 5 },
  { is: 'text', text: ' ' },
  { is: 'ts', step: 5 },
  { is: 'text', text: ' ' },
  { is: 'line number' },
  { is: 'text', text: '\n' },
]

interface Ran {
  readonly output: string
  readonly units: number
  readonly lines: number
  readonly blanks: number
  readonly blankBytes: number
  /** How many bytes were taken. */
  readonly taken: number
}

function ran(machine: ShapeMachine, text: string, takesBlanks = true): Ran {
  const memory = new ShapeMemory(machine)
  const exchange = new Exchange(memory, takesBlanks)
  const shape = new Shape(STEPS, 0, PUTS, memory)
  shape.keys[0]?.learn(UNIT, exchange.showUnit('a\nat b') ?? UNIT, ['<a b>'])
  shape.keys[1]?.learn(UNIT, exchange.showUnit('12:30') ?? UNIT, ['<12:30>'])
  const bytes = Buffer.from(text, 'latin1')
  exchange.begin()
  exchange.setLine(1)
  const start = exchange.showInput({ bytes, version: 1 }, 0, bytes.length)
  const end = exchange.run(shape.at, start, start + bytes.length, 1000)
  const output = Buffer.from(exchange.takeOutput()).toString('latin1')
  const { units, lines, blanks, blankBytes } = exchange
  return { output, units, lines, blanks, blankBytes, taken: end - start }
}

function unit({ key = 'a\nat b', minute = '12:30', digits = '59', ns = '1000000005' }): string {
  return `${key}\nat ${minute}${digits} ${ns}\n`
}

describe.each(MACHINES)('a unit of several lines, in %s', (_, open) => {
  it('has keys that hold what ends them, and keys of one length', () => {
    expect(ran(open(), unit({})).output).toBe('<a b><12:30>59 1000000005 2023-11-14T22:13:21.000000005Z 1\n')
  })

  it('has empty lines after it that are of no unit', () => {
    const text = `\n${unit({})}\r\n\n${unit({ ns: '9999999999999999999' })}\n`
    const { output, ...counts } = ran(open(), text)
    expect(output).toMatch(/ 2\n.* 7\n$/s)
    expect(counts).toEqual({ units: 2, lines: 10, blanks: 4, blankBytes: 5, taken: text.length })
  })

  it('is followed by nothing where empty lines are not taken', () => {
    expect(ran(open(), `${unit({})}\n`, false)).toMatchObject({ units: 1, lines: 3, blanks: 0 })
  })

  it.each([
    ['a digit that is too large', { digits: '60' }],
    ['too few digits', { digits: '5' }],
    ['too few nanoseconds', { ns: '999999999' }],
    ['too many nanoseconds', { ns: '10000000000000000000' }],
    ['a leading zero', { ns: '01000000005' }],
    ['another key of this length', { minute: '12:31' }],
    ['a key that ends too early', { key: 'a' }],
    ['a key that ends too late', { key: 'a\nat b\nat b' }],
  ])('leaves %s to the reader', (_why, given) => {
    expect(ran(open(), unit(given)).units).toBe(0)
  })
})

describe('both machines', () => {
  it('make the same of damaged units', () => {
    const damaged = fc
      .tuple(fc.nat({ max: 40 }), fc.constantFrom(...'\n\r0159: ab\xff'), fc.boolean())
      .map(([at, byte, isDamaged]) => (isDamaged ? unit({}).slice(0, at) + byte + unit({}).slice(at + 1) : unit({})))
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 5 }), (units) => {
        const text = `${units.join('\n')}\n`
        const [script, wasm] = MACHINES.map(([, open]) => ran(open(), text))
        expect(wasm).toEqual(script)
      }),
      { numRuns: 80 },
    )
  })
})
