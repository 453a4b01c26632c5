import { describe, expect, it } from 'vitest'
import { type CommonFlags, expressionsOf } from '../../../src/stages/where/flags.ts'
import { whereStage } from '../../../src/stages/where.ts'
import { type Event, recordOf } from '../events.ts'

const NOW = 1_700_000_000_000_000_000n

const EVENT: Event = {
  v: 1,
  kind: 'drop',
  ts: '2023-11-14T22:00:00.000000001Z',
  process: { comm: 'c "x"', tid: 883 },
  skb: { protocol: 2054, protocol_name: 'ARP' },
  location: { symbol: 'tcp_v4_rcv', offset: 343, address: '0xffffffff81e42e50' },
  drop: { count: 1, reason: 'NO_SOCKET', code: 3 },
  device: { name: 'eth0', ifindex: 2 },
  capture: { path: 'a', line: 1 },
}

function keeps(flags: CommonFlags, event: Event = EVENT): boolean {
  return whereStage(expressionsOf(flags, NOW)).take(recordOf(event)) !== undefined
}

describe('a flag', () => {
  it.each<[CommonFlags, boolean]>([
    [{ reason: ['NO_SOCKET'] }, true],
    [{ reason: ['skb_drop_reason_no_socket'] }, true],
    [{ reason: ['3'] }, true],
    [{ reason: ['0x3'] }, true],
    [{ reason: ['TCP_CSUM'] }, false],
    [{ reason: ['TCP_CSUM', 'NO_SOCKET'] }, true],
    [{ comm: ['c "x"'] }, true],
    [{ comm: ['c'] }, false],
    [{ pid: ['883'] }, true],
    [{ pid: ['884'] }, false],
    [{ device: ['eth0'] }, true],
    [{ device: ['2'] }, true],
    [{ device: ['eth1', '3'] }, false],
    [{ protocol: ['arp'] }, true],
    [{ protocol: ['2054'] }, true],
    [{ protocol: ['0x0806'] }, true],
    [{ protocol: ['IPv4'] }, false],
    [{ location: ['tcp_v4_rcv'] }, true],
    [{ location: ['tcp_v4_rcv+0x157'] }, true],
    [{ location: ['tcp_v4_rcv+0x158'] }, false],
    [{ location: ['0xFFFFFFFF81E42E50'] }, true],
    [{ location: ['tcp'] }, false],
    [{ since: ['2023-11-14T22:00:00Z'] }, true],
    [{ since: ['2023-11-14T22:00:00.000000001Z'] }, true],
    [{ since: ['2023-11-14T22:00:00.000000002Z'] }, false],
    [{ since: ['2023-11-14T23:00:00+01:00'] }, true],
    [{ until: ['2023-11-14T22:00:00.000000001Z'] }, false],
    [{ until: ['2023-11-14T22:00:00.000000002Z'] }, true],
    [{ since: ['-15m'] }, true],
    [{ since: ['-13m19s'] }, false],
    [{ since: ['-13m20s'], until: ['-13m19s999ms'] }, true],
    [{ until: ['+1h'] }, true],
    [{ since: ['-2d'], reason: ['NO_SOCKET'], comm: ['curl'] }, false],
  ])('%j', (flags, expected) => {
    expect(keeps(flags)).toBe(expected)
  })

  it('of a process means the process where it is known, and the thread where only that is', () => {
    const of = (process: Event['process']): Event => ({ ...EVENT, process: process ?? {} })
    expect(keeps({ pid: ['7'] }, of({ pid: 7, tid: 8 }))).toBe(true)
    expect(keeps({ pid: ['8'] }, of({ pid: 7, tid: 8 }))).toBe(false)
    expect(keeps({ pid: ['8'] }, of({ tid: 8 }))).toBe(true)
    expect(keeps({ pid: ['8'] }, of({}))).toBe(false)
  })

  it('of time keeps no record without ts', () => {
    const { ts: _, ...rest } = EVENT
    const untimed: Event = { ...rest, v: 1, kind: 'drop' }
    expect(keeps({ since: ['-10d'] }, untimed)).toBe(false)
    expect(keeps({ until: ['+10d'] }, untimed)).toBe(false)
  })

  it.each<[CommonFlags, string]>([
    [{ reason: ['no socket'] }, '--reason no socket: this is neither a name nor a number'],
    [{ pid: ['curl'] }, '--pid curl: this is not a number'],
    [{ since: ['yesterday'] }, '--since yesterday: this is not a time'],
    [{ since: ['2023-11-14T22:00:00'] }, '--since 2023-11-14T22:00:00: this is not a time'],
    [{ until: ['-15'] }, '--until -15: this is not a time'],
    [{ until: ['15m'] }, '--until 15m: this is not a time'],
  ])('with a wrong value is wrong usage: %j', (flags, message) => {
    expect(() => expressionsOf(flags, NOW)).toThrow(message)
  })
})
