import { describe, expect, it } from 'vitest'
import type { Part } from '../../src/event/part.ts'
import { splitPayload } from '../../src/kernel/payload.ts'
import { NO_REASONS } from '../../src/kernel/reasons/reasons.ts'
import { sectionsOf } from '../../src/kernel/sections.ts'

const KEYS = ['skb', 'location', 'drop', 'device', 'args'] as const

function sectionsIn(event: string, text: string): unknown {
  const sections = sectionsOf(event, splitPayload(event, text).args, NO_REASONS)
  const parts = KEYS.map((key): [string, Part | undefined] => [key, sections[key]])
  for (const [, part] of parts) expect(part?.notes?.fault).toBeUndefined()
  return Object.fromEntries(parts.flatMap(([key, part]) => (part === undefined ? [] : [[key, part.value()]])))
}

describe('arguments and the sections they fill', () => {
  it.each([
    [
      'net:netif_receive_skb',
      'dev=lo skbaddr=0xffff888 len=60',
      { skb: { addr: '0xffff888', len: 60 }, device: { name: 'lo' } },
    ],
    ['qdisc:qdisc_dequeue', 'dequeue ifindex=2 qdisc handle=0x0', { device: { ifindex: 2 }, args: { handle: '0x0' } }],
    [
      'qdisc:qdisc_dequeue',
      'dequeue ifindex=99999999999 qdisc handle=0x0',
      { args: { ifindex: 99999999999, handle: '0x0' } },
    ],
    [
      'net:net_dev_start_xmit',
      'dev=lo protocol=0x0800 len=74',
      { skb: { protocol: 2048, protocol_name: 'IPv4', len: 74 }, device: { name: 'lo' } },
    ],
    ['net:net_dev_start_xmit', 'dev=lo protocol=0x10800', { device: { name: 'lo' }, args: { protocol: '0x10800' } }],
    [
      'sched:sched_wakeup',
      'comm=two pid=7 x pid=25497 prio=120 target_cpu=000',
      { args: { comm: 'two pid=7 x', pid: 25497, prio: 120, target_cpu: '000' } },
    ],
    ['foo:bar', 'comm=12 monkeys pid=3', { args: { comm: '12 monkeys', pid: 3 } }],
  ])('%s: %s', (event, text, expected) => {
    expect(sectionsIn(event, text)).toEqual(expected)
  })
})
