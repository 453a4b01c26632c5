import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exchange } from '../../src/shapes/exchange.ts'
import { UNIT } from '../../src/shapes/machine/layout.ts'
import type { ShapeMachine } from '../../src/shapes/machine/machine.ts'
import { ShapeMemory } from '../../src/shapes/memory.ts'
import { Shape } from '../../src/shapes/shape.ts'
import type { Put, Step } from '../../src/shapes/step.ts'
import { type ClockOffset, timekeeper } from '../../src/time/clock.ts'
import { MACHINES } from './machines.ts'

const COMM = { most: 16, without: '', withoutFirst: ':' }

/** Each kind of step and put: `<comm> <tid> <key> <seconds> 0x<pointer>+0x<hex>`. */
function steps(offset: ClockOffset | undefined): readonly Step[] {
  return [
    { is: 'text', width: 15, form: COMM },
    { is: 'decimal', width: 7, most: 4_194_304 },
    { is: 'literal', text: ' ' },
    { is: 'key', length: undefined, passes: 0 },
    { is: 'literal', text: ': ' },
    { is: 'seconds', fraction: 6, offset },
    { is: 'literal', text: ' 0x' },
    { is: 'pointer', digits: 16 },
    { is: 'literal', text: '+0x' },
    { is: 'hex' },
    { is: 'literal', text: '\n' },
  ]
}

const PUTS: readonly Put[] = [
  { is: 'text', text: '{' },
  { is: 'leaf', step: 0 },
  { is: 'text', text: '|' },
  { is: 'leaf', step: 1 },
  { is: 'piece', step: 3 },
  { is: 'leaf', step: 5 },
  { is: 'text', text: '|' },
  { is: 'leaf', step: 7 },
  { is: 'text', text: '|' },
  { is: 'leaf', step: 9 },
  { is: 'piece', step: 3 },
  { is: 'line number' },
  { is: 'text', text: '}\n' },
]

interface Ran {
  readonly output: string
  readonly taken: number
  readonly units: number
  readonly hits: readonly number[]
}

/** Runs a shape of these steps over lines, from line 98 on; what does not fit is passed over. */
class Runner {
  private readonly memory: ShapeMemory
  private readonly exchange: Exchange
  private readonly shape: Shape

  constructor(machine: ShapeMachine, puts: readonly Put[], offset?: ClockOffset, ahead = 0) {
    this.memory = new ShapeMemory(machine)
    this.exchange = new Exchange(this.memory, false)
    this.shape = new Shape(steps(offset), ahead, puts, this.memory)
    const pieces = puts.filter(({ is }) => is === 'piece').map((_, piece) => `<${piece}>`)
    for (const key of ['drop', 'sent\n on'])
      this.shape.keys[0]?.learn(UNIT, this.exchange.showUnit(key) ?? UNIT, pieces)
  }

  run(text: string): Ran {
    const bytes = Buffer.from(text, 'latin1')
    this.exchange.begin()
    this.exchange.setLine(98)
    const start = this.exchange.showInput({ bytes, version: 1 }, 0, bytes.length)
    let at = start
    let output = ''
    while (at < start + bytes.length) {
      const end = this.exchange.run(this.shape.at, at, start + bytes.length, 1000)
      output += Buffer.from(this.exchange.takeOutput()).toString('latin1')
      at = end > at ? end : start + bytes.indexOf(10, at - start) + 1
    }
    const { units, lines: taken } = this.exchange
    return { output, taken, units, hits: this.shape.keys[0]?.takeHits() ?? [] }
  }
}

function line({
  comm = 'curl',
  tid = '4242',
  key = 'drop',
  time = '12.000345',
  pointer = 'ffff888004f1d800',
  hex = '1a',
}): string {
  return `${comm.padStart(15)}${tid.padStart(7)} ${key}: ${time} 0x${pointer}+0x${hex}\n`
}

describe.each(MACHINES)('a shape, in %s', (_, open) => {
  it('makes its line of each unit that fits', () => {
    const { output, taken, units, hits } = new Runner(open(), PUTS).run(
      line({}) + line({ comm: 'a b', key: 'sent\n on', hex: '0' }) + line({ tid: '0', time: '  9999999999.999999' }),
    )
    expect(output).toBe(
      '{curl|4242<0>12000345000|ffff888004f1d800|26<1>98}\n' +
        '{a b|4242<0>12000345000|ffff888004f1d800|0<1>99}\n' +
        '{curl|0<0>9999999999999999000|ffff888004f1d800|26<1>101}\n',
    )
    expect({ taken, units, hits }).toEqual({ taken: 4, units: 3, hits: [2, 1] })
  })

  it.each([
    ['a quote', { comm: 'a"b' }],
    ['UTF-8', { comm: 'caf\xc3\xa9' }],
    ['a control character', { comm: 'a\tb' }],
    ['what no text begins with', { comm: ':123' }],
    ['a leading zero', { tid: '042' }],
    ['a number too large', { tid: '4194305' }],
    ['no number', { tid: '-1' }],
    ['another key', { key: 'dropp' }],
    ['a key that is longer by a blank', { key: 'drop ' }],
    ['seconds with a leading zero', { time: '012.000345' }],
    ['too many seconds', { time: '12345678901.000345' }],
    ['too few digits', { time: '12.00034' }],
    ['too many digits', { time: '12.0003456' }],
    ['a short pointer', { pointer: 'ffff888004f1d80' }],
    ['a pointer in capitals', { pointer: 'FFFF888004F1D800' }],
    ['a pointer with a leading zero', { pointer: '0fff888004f1d800' }],
    ['a long offset', { hex: '12345678' }],
    ['an offset with a leading zero', { hex: '01' }],
    ['no offset', { hex: '' }],
  ])('leaves %s to the reader', (_why, given) => {
    expect(new Runner(open(), PUTS).run(line(given))).toMatchObject({ output: '', taken: 0, units: 0 })
  })

  it('takes a unit only where the next one begins alike', () => {
    const runner = new Runner(open(), PUTS, undefined, 5)
    const unlike = line({ key: 'another' })
    expect(runner.run(line({}) + line({ tid: '7', hex: 'no' }) + line({}) + unlike + line({}))).toMatchObject({
      output: '{curl|4242<0>12000345000|ffff888004f1d800|26<1>98}\n',
      units: 1,
    })
  })

  it('makes the time of the timekeeper', () => {
    const seconds = fc.integer({ min: 1, max: 999_999_999 })
    const micros = fc.integer({ min: 0, max: 999_999 }).map((us) => String(us).padStart(6, '0'))
    const bootNs = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n })
    fc.assert(
      fc.property(fc.array(fc.tuple(seconds, micros), { minLength: 1, maxLength: 10 }), bootNs, (times, boot) => {
        const time = timekeeper({ bootNs: boot })
        const puts: readonly Put[] = [
          { is: 'ts', step: 5 },
          { is: 'text', text: '\n' },
        ]
        const runner = new Runner(open(), puts, time.offsetOf('monotonic'))
        const { output } = runner.run(times.map(([whole, below]) => line({ time: `${whole}.${below}` })).join(''))
        expect(output).toBe(
          times.map(([whole, below]) => `${time.tsOf('monotonic', `${whole}${below}000`)}\n`).join(''),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('leaves times of which more is to be said to the reader', () => {
    const time = timekeeper({ pairs: [{ id: 'perf', ns: '5000000000000', realtimeNs: '1700000000000000000' }] })
    const puts: readonly Put[] = [
      { is: 'ts', step: 5 },
      { is: 'text', text: '\n' },
    ]
    const takes = (text: string): boolean =>
      new Runner(open(), puts, time.offsetOf('perf')).run(line({ time: text })).units === 1
    expect(['5000.000000', '1399.000000', '8600.500000', '8598.999999'].map(takes)).toEqual([true, false, false, true])
  })
})

describe('both machines', () => {
  it('make the same of damaged lines', () => {
    const [script, wasm] = MACHINES.map(([, open]) => new Runner(open(), PUTS))
    const good = fc.record({
      comm: fc.string({ minLength: 1, maxLength: 15 }),
      tid: fc.nat({ max: 5_000_000 }).map(String),
      key: fc.constantFrom('drop', 'sent\n on', 'other'),
      time: fc.tuple(fc.nat(), fc.nat({ max: 999_999 })).map(([s, us]) => `${s}.${String(us).padStart(6, '0')}`),
      hex: fc.nat().map((value) => value.toString(16)),
    })
    const damaged = fc
      .tuple(good, fc.option(fc.tuple(fc.nat({ max: 70 }), fc.integer({ min: 0, max: 255 }))))
      .map(([fields, damage]) => {
        const bytes = Buffer.from(line(fields), 'latin1')
        if (damage !== null) bytes[damage[0] % bytes.length] = damage[1]
        return bytes.toString('latin1')
      })
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 20 }), (lines) => {
        const text = `${lines.join('')}\n`
        expect(wasm?.run(text)).toEqual(script?.run(text))
      }),
      { numRuns: 300 },
    )
  })
})
