import { describe, expect, it } from 'vitest'
import { fits } from '../../../../adapters/bpftrace/match/shape.ts'
import { timeReader, timeShape } from '../../../../adapters/bpftrace/match/time-format.ts'

describe('a format of strftime', () => {
  const printed: readonly (readonly [format: string, text: string, isIt: boolean])[] = [
    ['%H:%M:%S', '12:01:56', true],
    ['%H:%M:%S', '12:01:5', false],
    ['%H:%M:%S', '12-01-56', false],
    ['%H:%M:%S.%f', '12:01:56.709073', true],
    ['%T', '(?)', true],
    ['%d %b %Y', ' 3 Nov 2026', false],
    ['%e %B %Y', ' 3 November 2026', true],
    ['%a %A %p', 'Mon Monday PM', true],
    // To 0.23 the hour, from 0.24 on nanoseconds.
    ['%k', ' 7', true],
    ['%k', '123456789', true],
    ['100%% %H', '100% 07', true],
    // A digit of the format's own is no digit of the time.
    ['T0%H', 'T007', true],
    ['T0%H', 'T107', false],
    ['%s', '1795541016', true],
  ]

  it.each(printed)('%s of %s: %s', (format, text, isIt) => {
    expect(fits(timeShape(format), text, 0, text.length)).toBe(isIt)
  })

  const placeless = ['%H:%M:%S', '%Y-%m-%d', '%d %b', '%H:%M %Y-%m-%d', '%I:%M:%S %F']

  it.each(placeless)('%s tells no time that could be placed', (format) => {
    expect(timeReader(format)).toBeUndefined()
  })
})
