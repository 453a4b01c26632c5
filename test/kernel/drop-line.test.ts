import { describe, expect, it } from 'vitest'
import { dropNamed } from '../../src/kernel/drop-line.ts'

describe('a line tells of a drop', () => {
  it.each([
    ['skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_', 'skb:kfree_skb'],
    ['curl 883 [001] 340.79x805: skb:kfree_skb: skbaddr=(nil) x', 'skb:kfree_skb'],
    ['curl-883 [001] ..s1. 340.799805: kfree_skb: skbaddr=00000000ad21f352 protocol=2048 location=x', 'skb:kfree_skb'],
    ['0.000 curl/883 skb:kfree_skb(skbaddr: 0xffff88811f6a7068, protocol: 2048)', 'skb:kfree_skb'],
    ['kfree_skb: ... location=ip6_fragment reason: PKT_TOO_BIG', 'skb:kfree_skb'],
    ['{"event":"skb:kfree_skb","skbaddr":"0xffff88811f6a7068"}', 'skb:kfree_skb'],
    ['devlink:devlink_trap_report: bus_name=pci dev_name=0000:01:00.0', 'devlink:devlink_trap_report'],
    ['3 drops at icmp_rcv+1a (0xfffffff', 'drops at'],
    ['x drop at: icmp_rcv+1a/0x20 (0xfffffff', 'drops at'],
  ])('%s', (line, name) => {
    const found = dropNamed(line)
    expect(found?.name).toBe(name)
    expect(found?.at).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['a listing', 'tracepoint:skb:kfree_skb'],
    ['perf list', '  skb:kfree_skb                                      [Tracepoint event]'],
    ['perf evlist -v', 'skb:kfree_skb: type: 2, size: 128, config: 0x906, { sample_period, sample_freq }: 1'],
    ['perf evlist --trace-fields', 'skb:kfree_skb: trace_fields: skbaddr,location,rx_sk,protocol,reason'],
    [
      'perf report',
      '    50.00%  curl     skbaddr=0xffff88812d7a7b00 rx_sk=(nil) protocol=2048 location=a reason: NO_SOCKET',
    ],
    ['perf stat', '                 2      skb:kfree_skb'],
    ['a command', '$ perf record -e skb:kfree_skb -a sleep 10'],
    [
      'a program',
      `bpftrace -e 'tracepoint:skb:kfree_skb { printf("skbaddr=%p reason=%d", args->skbaddr, args->reason) }'`,
    ],
    ['a frame', '        kfree_skb_reason+1'],
    ['a sentence', 'we saw three drops at noon'],
  ])('not %s', (_name, line) => {
    expect(dropNamed(line)).toBeUndefined()
  })
})
