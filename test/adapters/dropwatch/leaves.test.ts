import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { BlockFields, labelOf, RANK, readField } from '../../../adapters/dropwatch/text/field.ts'
import { headPartsOf, packetRecord, summaryPartsOf, summaryRecord } from '../../../adapters/dropwatch/text/parts.ts'
import { readCount } from '../../../adapters/dropwatch/text/summary.ts'
import { localPrefix, localTime } from '../../../adapters/dropwatch/text/timestamp.ts'
import { memberValidators } from '../../../src/event/generated/validators.ts'
import { faultOf } from '../../../src/event/line.ts'

const bytes = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
})
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFx'), maxLength: 20 })
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 })
const name = fc.string({ unit: fc.constantFrom(...'ABZ_09 abz'), maxLength: 140 })

describe('what a scanner takes, the schema takes', () => {
  test.prop([
    fc.array(fc.tuple(fc.integer({ min: RANK.origin, max: RANK.reason }), fc.oneof(bytes, hex, digits, name)), {
      maxLength: 12,
    }),
  ])('in a block', (lines) => {
    const fields = new BlockFields()
    for (const [rank, value] of lines) {
      const line = labelOf(rank) + value
      const end = readField(fields, rank, line, 0, line.length)
      expect(end).toBeLessThanOrEqual(line.length)
    }
    const head = headPartsOf.get('tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)')
    if (head === undefined) throw new Error('no head')
    expect(faultOf(packetRecord(head, fields, []))).toBeUndefined()
  })

  test.prop([
    fc.oneof(bytes, hex),
    fc.oneof(
      bytes,
      hex.map((text) => `0x${text}`),
    ),
  ])('in the first line of one', (place, pointer) => {
    for (const text of [`${place} (${pointer})`, `${place}+0x${pointer}/0x12 [m] (0xffffffff8dcac491)`]) {
      const head = headPartsOf.get(text)
      if (head !== undefined) expect(faultOf(packetRecord(head, new BlockFields(), []))).toBeUndefined()
    }
  })

  test.prop([fc.oneof(bytes, digits), fc.oneof(bytes, hex), fc.oneof(bytes, hex)])(
    'in a summary line',
    (count, place, pointer) => {
      for (const text of [
        `${count} drops at ${place}+${pointer} (0x${pointer}) [software]`,
        `${count} drops at location ${pointer}`,
        `${count} drops at ${place} [hardware] [ns: ${count}]`,
      ]) {
        const counted = readCount(text, 0, text.length)
        const parts = counted && summaryPartsOf.get(text.slice(counted.placeStart))
        if (counted !== undefined && parts !== undefined)
          expect(faultOf(summaryRecord(counted.count, parts))).toBeUndefined()
      }
    },
  )

  test.prop([
    fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999_999_999 }),
  ])('of a time, which is the clock face that was printed', (date, nanoseconds) => {
    const [weekday = '', day = '', month = '', year = ''] = date.toUTCString().replace(',', '').split(' ')
    const time = date.toISOString().slice(11, 19)
    const fraction = String(nanoseconds).padStart(9, '0')
    const text = `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year.padStart(4, '0')} ${fraction} nsec`
    const local = localTime(text, 0)
    expect(local).toBe(`${date.toISOString().slice(0, 19)}.${fraction}`)
    expect(memberValidators.clock({ id: 'realtime', local })).toBe(true)
  })
})

describe('a time', () => {
  it.each([
    'Wed Feb 23 18:03:36 2023',
    'Wed Feb 29 18:03:36 2023',
    'Thu Feb 00 18:03:36 2023',
    'Thu feb 23 18:03:36 2023',
    'Thu Feb 23 24:03:36 2023',
    'Thu Feb 23 18:60:36 2023',
    'Thu Feb 23 18:03:60 2023',
    'Thu Feb 23 18.03:36 2023',
    'Thu Jan 1  05:45:04 2026',
    'Thu Jan 01 05:45:04 2026',
  ])('that no clock shows, %s, is none', (asctime) => {
    expect(localPrefix(asctime)).toBeUndefined()
  })
})
