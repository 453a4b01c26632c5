import { describe, expect, it } from 'vitest'
import { adapter } from '../../../adapters/dropwatch/adapter.ts'
import { captures } from './captures.ts'
import { convertText } from './convert-text.ts'

const scoreOf = (lines: string): number => adapter.detect(lines)?.score ?? 0

describe('detect', () => {
  it.each([
    'drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)',
    'drop at: do_execute_actions+0x243/0x18c0 [openvs (0xffffffffc0944e63)',
    'drop at: ingress_flow_action_drop (acl_drops)',
    '  > drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)\r',
    'stopdrop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)\r',
    'timestamp: Mon Nov 23 12:04:44 2026 215530360 nsec',
    'input port ifindex: 1',
    '3 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]',
    '3 drops at location 0xffffffff817f8d03',
    '8 drops at fid_miss [hardware]',
    '^C2 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]',
    'Initializing kallsyms db',
    '\x1b[?2004l\rInitializing kallsyms db\r',
    'Initalizing null lookup method',
    '\x1b[?2004hdropwatch> set alertmode packet\r',
    'dropwatch>',
    "Unable to find NET_DM family, dropwatch can't work",
    'dropwatch [-l|--lmethod <method | list>]',
    'Receive operation failed:: No buffer space available',
  ])('is sure of %j', (line) => {
    expect(scoreOf(`${line}\n`)).toBeGreaterThanOrEqual(90)
  })

  it.each([
    '',
    'Enabling monitoring...',
    'Shutting down ...',
    'set:',
    'length: 74',
    'drop at: frontend/src/x.js (see below)',
    'drop at: tcp_v4_rcv+129 (0xffffffff8dcac491)',
    '3 drops at tcp_v4_rcv+98',
    'curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET',
    '[root@dwvm ~]# dropwatch -l kas',
    'dropwatch: command not found',
    '@[tcp_v4_rcv]: 3',
  ])('is not sure of %j', (line) => {
    expect(scoreOf(`${line}\n`)).toBeLessThan(90)
  })

  it('has an input read whose first line is a drop after the echo of Ctrl-C', async () => {
    const text = '^C2 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]\n'
    const { drops, rejected } = await convertText(text, { adapters: [adapter] })
    expect(drops.map(({ drop, capture }) => [drop?.count, capture.line])).toEqual([[2, 1]])
    expect(rejected).toEqual([])
  })

  it('says what it saw', () => {
    expect(adapter.detect('Script started on 2026-11-23\n3 drops at location 0xffffffff817f8d03\n')?.why).toBe(
      'a summary line: 3 drops at location 0xffffffff817f8d03',
    )
  })

  const all = captures() ?? []
  const own = all.filter(({ meta }) => meta.primary !== null && !/dwdump|mixed/.test(meta.category))
  it.skipIf(all.length === 0).each(own.map((capture) => [capture.name, capture] as const))(
    'knows %s by its first lines',
    (_, capture) => {
      const lines = capture
        .read(capture.meta.primary ?? '')
        .toString('latin1')
        .split('\n')
        .slice(0, 16)
      // `Unknown lookup method foo` is all there is in one of them.
      expect(scoreOf(lines.join('\n'))).toBeGreaterThanOrEqual(lines.length > 2 ? 90 : 60)
    },
  )

  it.skipIf(all.length === 0)('takes no line of perf or bpftrace for its own', () => {
    const others = all.flatMap(({ read, has }) =>
      ['perf-script.txt', 'perf-script-fields.txt', 'bpftrace.txt', 'ftrace.txt'].filter(has).map(read),
    )
    for (const text of others) {
      for (const line of text.toString('latin1').split('\n')) expect(scoreOf(`${line}\n`), line).toBeLessThan(60)
    }
    expect(others.length).toBeGreaterThan(100)
  })
})
