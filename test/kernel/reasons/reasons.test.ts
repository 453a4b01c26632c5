import { describe, expect, it } from 'vitest'
import {
  bareName,
  conflicts,
  isDrop,
  NO_REASONS,
  type ReasonTable,
  reasonsOf,
  subsystemOfName,
} from '../../../src/kernel/reasons/reasons.ts'

const TABLE: ReasonTable = {
  core: { 1: 'CONSUMED', 2: 'NOT_SPECIFIED', 3: 'NO_SOCKET' },
  subsystems: { 2: { name: 'openvswitch', names: { 1: 'OVS_DROP_LAST_ACTION' } }, 65535: { name: 'last', names: {} } },
}
const reasons = reasonsOf(TABLE, 'btf')

describe('decoding', () => {
  it('gives name, subsystem and where they are from', () => {
    expect(reasons.decode(3)).toEqual({ name: 'NO_SOCKET', subsystem: 'core', by: 'btf' })
    expect(reasons.decode(0x20001)).toEqual({ name: 'OVS_DROP_LAST_ACTION', subsystem: 'openvswitch', by: 'btf' })
  })

  it('gives the same object for the same number, so that it can be a key', () => {
    expect(reasons.decode(3)).toBe(reasons.decode(3))
    expect(reasons.decode(0x20009)).toBe(reasons.decode(0x2000a))
  })

  it('gives the subsystem alone where its names are not known', () => {
    expect(reasons.decode(0x20009)).toEqual({ subsystem: 'openvswitch', by: 'btf' })
    expect(reasons.decode(0xffffffff)).toEqual({ subsystem: 'last', by: 'btf' })
  })

  it('says nothing of numbers that rule the table out', () => {
    for (const code of [0, 4, 0x10001, 0x30001, 2 ** 32 + 3, -1, 0.5]) expect(reasons.decode(code)).toBeUndefined()
    expect(NO_REASONS.decode(3)).toBeUndefined()
  })
})

describe('a name and a number of one source', () => {
  it.each([
    [3, 'NO_SOCKET', false],
    [2, 'NO_SOCKET', true],
    [4, 'NO_SOCKET', true],
    [3, 'SOMETHING_NEW', true],
    [4, 'SOMETHING_NEW', false],
    [0x20009, 'OVS_DROP_METER', false],
    [0x20009, 'NO_SOCKET', true],
  ])('%i %s disagree with the table: %s', (code, name, expected) => {
    expect(conflicts(reasons, code, name)).toBe(expected)
    expect(conflicts(NO_REASONS, code, name)).toBe(false)
  })
})

describe('names', () => {
  it.each([
    ['SKB_DROP_REASON_NO_SOCKET', 'NO_SOCKET'],
    ['SKB_DROP_REASON_SKB_CSUM', 'SKB_CSUM'],
    ['SKB_CONSUMED', 'CONSUMED'],
    ['SKB_NOT_DROPPED_YET', 'NOT_DROPPED_YET'],
    ['SKB_CSUM', 'SKB_CSUM'],
    ['RX_DROP_U_REPLAY', 'RX_DROP_U_REPLAY'],
  ])('%s is %s', (long, short) => {
    expect(bareName(long)).toBe(short)
  })

  it('tell a packet that was used up from one that was dropped', () => {
    expect(isDrop('CONSUMED')).toBe(false)
    for (const name of ['NOT_DROPPED_YET', 'NOT_SPECIFIED', undefined]) expect(isDrop(name)).toBe(true)
  })

  it.each([
    ['RX_DROP_U_REPLAY', 'mac80211_unusable'],
    ['RX_DROP_UNUSABLE', 'mac80211_unusable'],
    ['RX_DROP_MONITOR', 'mac80211_monitor'],
    ['RX_DROP_M_BAD_BCN_KEYIDX', 'mac80211_monitor'],
    ['OVS_DROP_METER', 'openvswitch'],
    ['QDISC_DROP', undefined],
    ['NO_SOCKET', undefined],
  ])('%s tells the subsystem %s', (name, subsystem) => {
    expect(subsystemOfName(name)).toBe(subsystem)
  })
})
