import { describe, expect, it } from 'vitest'
import { EventRecord } from '../../src/event/record.ts'
import { limitStage } from '../../src/stages/limit.ts'
import { parseSample, sampleStage } from '../../src/stages/sample.ts'
import type { Stage } from '../../src/stages/stage.ts'

/** Which of `count` records a stage keeps. */
function kept(stage: Stage, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at).filter(() => stage.take(new EventRecord('drop')) !== undefined)
}

describe('a sample', () => {
  it('is the first of every n records', () => {
    expect(kept(sampleStage(parseSample('1/4')), 10)).toEqual([0, 4, 8])
    expect(kept(sampleStage(parseSample('1/1')), 3)).toEqual([0, 1, 2])
  })

  it.each(['1/0', '2/3', '0.01', '1/-1', '1/', '1/9999999999', ''])('is 1/N, not %j', (text) => {
    expect(() => parseSample(text)).toThrow(`--sample ${text}: a sample is 1/N`)
  })
})

describe('a limit', () => {
  it('is reached with the last record that it lets pass', () => {
    const stage = limitStage(2)
    expect(stage.isDone?.()).toBe(false)
    expect(kept(stage, 1)).toEqual([0])
    expect(stage.isDone?.()).toBe(false)
    expect(kept(stage, 3)).toEqual([0])
    expect(stage.isDone?.()).toBe(true)
  })

  it('of 0 is reached at once', () => {
    expect(limitStage(0).isDone?.()).toBe(true)
  })
})
