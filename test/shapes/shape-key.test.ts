import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exchange } from '../../src/shapes/exchange.ts'
import { UNIT } from '../../src/shapes/machine/layout.ts'
import type { ShapeMachine } from '../../src/shapes/machine/machine.ts'
import { ShapeMemory } from '../../src/shapes/memory.ts'
import { ShapeKey } from '../../src/shapes/shape-key.ts'
import { MACHINES } from './machines.ts'

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
})

/** Learns values of one key and looks for them. */
class KeyOfTexts {
  private readonly memory: ShapeMemory
  private readonly exchange: Exchange
  private readonly key: ShapeKey

  constructor(machine: ShapeMachine) {
    this.memory = new ShapeMemory(machine)
    this.exchange = new Exchange(this.memory, false)
    this.key = new ShapeKey(this.memory, 1)
  }

  learn(text: string, chosen = ''): string {
    return this.key.learn(UNIT, this.exchange.showUnit(text) ?? UNIT, [chosen])
  }

  find(text: string): number | undefined {
    const end = this.exchange.showUnit(text) ?? UNIT
    return this.memory.machine.find(this.key.at, UNIT, end) === 0 ? undefined : this.key.latest
  }
}

describe.each(MACHINES)('values of a key, in %s', (_, open) => {
  it('are found by all of their bytes, and no others are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(latin1, { minLength: 1, maxLength: 50 }), latin1, (texts, other) => {
        const key = new KeyOfTexts(open())
        for (const text of texts) expect(key.learn(text)).toBe('new')
        expect(texts.map((text) => key.find(text))).toEqual(texts.map((_text, number) => number))
        const at = texts.indexOf(other)
        expect(key.find(other)).toBe(at < 0 ? undefined : at)
      }),
      { numRuns: 30 },
    )
  })

  it('choose the same texts each time', () => {
    const key = new KeyOfTexts(open())
    expect([key.learn('curl', 'a'), key.learn('curl', 'a'), key.learn('curl', 'b')]).toEqual([
      'new',
      'known',
      'refused',
    ])
  })

  it('are not found where there are none', () => {
    expect(new KeyOfTexts(open()).find('')).toBe(undefined)
  })

  it('that differ in one byte are two', () => {
    const text = 'ffffffff95fc031b kfree_skb_reason+0x7b ([kernel.kallsyms])'.repeat(10)
    const key = new KeyOfTexts(open())
    key.learn(text)
    for (let at = 0; at < text.length; at++)
      expect(key.find(`${text.slice(0, at)}#${text.slice(at + 1)}`)).toBe(undefined)
  })

  it('have an end', () => {
    const key = new KeyOfTexts(open())
    const learned = Array.from({ length: 5000 }, (_, at) => key.learn(`key ${at}`))
    expect(learned.at(-1)).toBe('refused')
    expect(learned.indexOf('refused')).toBeGreaterThan(1000)
  })
})
