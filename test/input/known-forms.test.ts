import { describe, expect, it } from 'vitest'
import { contentForm, lineForm, mayBeKnown, packedForm } from '../../src/input/known-forms.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const pcap = (link: string): Uint8Array => latin1(`\xd4\xc3\xb2\xa1\x02\0\x04\0${'\0'.repeat(12)}${link}`)

describe('content that no reader reads', () => {
  it.each([
    ['trace.dat', latin1('\x17\x08Dtracing7\0'), 'trace-cmd report'],
    ['dwdump', pcap('\xfd\0\0\0'), 'dropwatch itself'],
    ['pcap', pcap('\x01\0\0\0'), 'dropped'],
    ['pcapng', latin1('\n\r\r\n\x1c\0\0\0'), 'dropped'],
    ['ELF', latin1('\x7fELF\x02\x01'), '--reasons'],
    ['BTF', latin1('\x9f\xeb\x01\0\x18'), '--reasons x CAPTURE'],
    ['UTF-16', latin1('\xff\xfec\0u\0'), 'iconv -f UTF-16 -t UTF-8 x | tracenorm'],
    ['UTF-16', Buffer.from('  curl   883 [001]', 'utf16le'), 'iconv -f UTF-16LE -t UTF-8 x | tracenorm'],
    ['UTF-16', Buffer.from('  curl   883 [001]', 'utf16le').swap16(), 'iconv -f UTF-16BE -t UTF-8 x | tracenorm'],
  ])('is called by its name: %s', (name, head, next) => {
    const form = contentForm(head)
    expect(form?.name).toContain(name.split(' ')[0])
    expect(form?.next('x')).toContain(next)
  })

  it.each([['lz4', '\x04"M\x18', 'lz4 -dc x | tracenorm']])('and what packs it: %s', (name, head, next) => {
    expect(packedForm(latin1(head))?.name).toBe(name)
    expect(packedForm(latin1(head))?.next('x')).toBe(next)
    expect(packedForm(latin1(head))?.next(undefined)).toMatch(/^… \| /)
  })

  it('is not what the tools print', () => {
    for (const text of [
      '',
      '\n',
      '            curl   883 [001]',
      'Attaching 1 probe...\n',
      '{"v":1,',
      'PERF',
      'ust\0\0\0\0\0',
    ])
      expect([contentForm(latin1(text)), packedForm(latin1(text))]).toEqual([undefined, undefined])
  })

  it('is waited for only while it may still come', () => {
    expect(['\x7fE', '\x1f', 'BZ', '\xff'].map((text) => mayBeKnown(latin1(text)))).toEqual(Array(4).fill(true))
    const long = ' '.repeat(600)
    const decided = [`PERFILE2${long}`, ' \n', 'curl\n', '\x1f\x8b', 'Bz\t', long]
    expect(decided.map((text) => mayBeKnown(latin1(text)))).toEqual(Array(6).fill(false))
  })
})

describe('a line that no reader reads', () => {
  it.each([
    ['retis', '{"common":{"smp_id":0,"task":{"comm":"napi/phy0-8197"}},"skb-drop":{"drop_reason":"NO_SOCKET"}}'],
    ['retis', '4152973315243 [nc] 14839 [tp] skb:kfree_skb drop (NO_SOCKET)'],
    ['retis', '4152973315243 (1) [nc] 14839 [tp] skb:kfree_skb #1 (skb 1) n 0 drop (reason NO_SOCKET)'],
    [
      'pwru',
      'SKB                CPU PROCESS          NETNS      MARK/x        IFACE       PROTO  MTU   LEN   TUPLE FUNC',
    ],
    ['tcpdrop', 'TIME     PID     IP SADDR:SPORT          > DADDR:DPORT          STATE (FLAGS)'],
    ['tcpdump', '12:30:41.123456 IP 10.0.0.1.443 > 10.0.0.2.51000: Flags [S], seq 1'],
    ['perf report', '# Total Lost Samples: 0'],
    ['perf stat', " Performance counter stats for 'sleep 1':"],
    ['counters', 'TcpExtListenDrops               0                  0.0'],
    ['bpftrace program', 'tracepoint:skb:kfree_skb { printf("%d\\n", args->reason); }'],
    ['drop reasons', 'name: kfree_skb'],
    ['snapshot', ' "taken_by": "tracenorm 0.1.0",'],
    ['table', 'v,kind,ts,clock.id'],
    ['web', '<!DOCTYPE html>'],
  ])('is called by its name: %s', (name, line) => {
    expect(lineForm(line)?.name).toContain(name)
  })

  it.each([
    ['to do: buy milk'],
    ['559446449833 curl 745 3 0xffffffff8b5c822e'],
    ['% Total    % Received % Xferd  Average Speed'],
    ['Nov 23 10:30:41 web-1 kernel: eth0: link is up'],
    [''],
  ])('gets no name that is not its own: %j', (line) => {
    expect(lineForm(line)).toBeUndefined()
  })

  it('is looked at in a moment, however long it is', () => {
    const started = process.cpuUsage()
    for (const piece of [' ', '0', 'a', '[', '#', '/', '-1 [', '\t', '(', '1.000 ', ':'])
      for (const begin of ['', ' 0.000 ', '{"skb":"0x1",', 'SKB ', '#!', 'a-1 '])
        lineForm(begin + piece.repeat(1_000_000))
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
  })
})
