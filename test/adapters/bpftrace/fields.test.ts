// Which member of an event an argument of a program becomes.
import { describe, expect, it } from 'vitest'
import { EMPTY_TABLE, reasonsOf } from '../../../src/kernel/reasons/reasons.ts'
import { type Event, readText } from './reading.ts'

/** The first event of a line that a program printed. */
function eventOf(program: string, line: string, flags = {}): Event | undefined {
  return readText(line, { program, flags }).events[0]
}

const KFREE = 'tracepoint:skb:kfree_skb'

describe('an argument of skb:kfree_skb', () => {
  const read: readonly (readonly [format: string, args: string, line: string, event: Partial<Event>])[] = [
    ['%s %d %d', 'comm, pid, tid', 'curl 1 2', { process: { comm: 'curl', pid: 1, tid: 2 } }],
    ['%s', 'comm()', 'curl', { process: { comm: 'curl' } }],
    ['c=%d', 'cpu', 'c=3', { cpu: 3 }],
    ['%d x', 'args->reason', '3 x', { drop: { count: 1, code: 3, origin: 'software' } }],
    ['%d x', 'args.reason', '3 x', { drop: { count: 1, code: 3, origin: 'software' } }],
    ['%d x', '(uint64)args->reason', '3 x', { drop: { count: 1, code: 3, origin: 'software' } }],
    ['0x%x', 'args->reason', '0x20001', { drop: { count: 1, code: 0x20001, origin: 'software' } }],
    [
      'r=%s',
      'args.reason',
      'r=SKB_DROP_REASON_NO_SOCKET',
      { drop: { count: 1, reason: 'NO_SOCKET', origin: 'software', decoded_by: 'source' } },
    ],
    ['r=%s', '(enum skb_drop_reason)args.reason', 'r=131073', { drop: { count: 1, code: 131073, origin: 'software' } }],
    ['%d', '(int8)args->reason', '3', { args: { _int8_reason: 3 } }],
    ['%p', 'args->skbaddr', '0xffff88833a79b600', { skb: { addr: '0xffff88833a79b600' } }],
    ['%p', 'args->skbaddr', '(nil)', { skb: { addr: '0x0' } }],
    ['s=%p', 'args->skbaddr', 's=0', { skb: { addr: '0x0' } }],
    ['0x%llx', 'args->skbaddr', '0xffff88833a79b600', { skb: { addr: '0xffff88833a79b600' } }],
    ['%lld', 'args->location', '-2113638580', { location: { address: '0xffffffff82046f4c' } }],
    ['%llu', 'args->location', '18446744071595913036', { location: { address: '0xffffffff82046f4c' } }],
    // Half of an address is no address.
    ['s=%x', 'args->skbaddr', 's=3a79b600', { args: { skbaddr: '3a79b600' } }],
    ['s=0x%x', 'args->skbaddr', 's=0x3a79b600', { args: { skbaddr: '0x3a79b600' } }],
    ['%p', 'args->rx_sk', '0xff', { skb: { rx_sk: '0xff' } }],
    ['p=%04x', 'args->protocol', 'p=0800', { skb: { protocol: 2048, protocol_name: 'IPv4' } }],
    ['at %s', 'ksym(args->location)', 'at tcp_v4_rcv', { location: { symbol: 'tcp_v4_rcv' } }],
    ['at %s', 'ksym(args->location)', 'at 0xffffffffc0123456', { location: { address: '0xffffffffc0123456' } }],
    ['%rx', 'buf(comm, 16)', `${'\\x61\\x62\\x63'}${'\\x00'.repeat(13)}`, { process: { comm: 'abc' } }],
    ['%rh', 'buf(comm, 16)', `61 62${' 00'.repeat(14)}`, { process: { comm: 'ab' } }],
    ['u=%d', 'uid', 'u=0', { args: { uid: 0 } }],
    ['%s x', 'probe', 'tracepoint:skb:kfree_skb x', { event_name: 'skb:kfree_skb' }],
    ['%llu', '(uint64)-1', '18446744073709551615', { args: { _uint64__1: '18446744073709551615' } }],
    ['%s;', 'ntop(2, arg0)', '127.0.0.1;', { args: { ntop_2_arg0_: '127.0.0.1' } }],
    ['%s;', 'macaddr(arg0)', '02:1A:2B:00:00:0F;', { args: { macaddr_arg0_: '02:1A:2B:00:00:0F' } }],
    ['%s;', 'args->protocol == 2048 ? "v4" : "v6"', 'v4;', { args: { protocol__2048__v4___v6_: 'v4' } }],
    ['%d;', 'bswap(((struct sk_buff *)arg0)->protocol)', '2048;', { skb: { protocol: 2048, protocol_name: 'IPv4' } }],
    ['%d;', '((struct sk_buff *)arg0)->protocol', '8;', { args: { __struct_sk_buff__arg0___protocol: 8 } }],
  ]

  it.each(read)('printf("%s", %s) of %j', (format, args, line, event) => {
    const program = `${KFREE} { printf("${format}\\n", ${args}) }`
    const { form: _, kind, ...rest } = eventOf(program, `${line}\n`) ?? { kind: 'none' }
    expect(kind).toBe('drop')
    expect(rest).toEqual({ event_name: 'skb:kfree_skb', drop: { count: 1, origin: 'software' }, ...event })
  })
})

describe('the time of an event', () => {
  const times: readonly (readonly [
    args: string,
    format: string,
    line: string,
    version: string | undefined,
    time: Partial<Event>,
  ])[] = [
    ['nsecs', '%llu', '5698105378638', undefined, { clockId: 'unknown', ns: '5698105378638' }],
    ['nsecs', '%llu', '5698105378638', '0.11.3', { clockId: 'monotonic', ns: '5698105378638' }],
    ['nsecs', '%llu', '5698105378638', '0.12.0', { clockId: 'boottime', ns: '5698105378638' }],
    ['nsecs()', '%lld', '1', '0.27.1', { clockId: 'boottime', ns: '1' }],
    ['nsecs(boot)', '%llu', '1', undefined, { clockId: 'boottime', ns: '1' }],
    ['nsecs(monotonic)', '%llu', '1', undefined, { clockId: 'monotonic', ns: '1' }],
    ['nsecs(sw_tai)', '%llu', '1', undefined, { clockId: 'tai', ns: '1' }],
    ['nsecs', '%llx', 'ff', undefined, { clockId: 'unknown', ns: '255' }],
    [
      'nsecs / 1000000',
      '%llu',
      '5698105',
      undefined,
      { clockId: 'unknown', ns: '5698105000000', resolutionNs: 1_000_000 },
    ],
    ['elapsed', '%llu', '12', undefined, { clockId: 'relative', ns: '12' }],
    // 32 bits of it wrap every 4.3 s.
    ['nsecs', '%d', '12', '0.27.1', { args: { nsecs: 12 } }],
    ['nsecs / 3', '%llu', '12', '0.27.1', { args: { nsecs_3: 12 } }],
    [
      'strftime("%Y-%m-%d %H:%M:%S.%f", nsecs)',
      '%s',
      '2026-11-23 12:00:34.709073',
      undefined,
      { local: '2026-11-23T12:00:34.709073' },
    ],
    [
      'strftime("%d %b %Y %I:%M:%S %p", nsecs)',
      '%s',
      '23 Nov 2026 12:00:34 AM',
      undefined,
      { local: '2026-11-23T00:00:34' },
    ],
    [
      'strftime("%s.%f", nsecs)',
      '%s',
      '1795541016.818441',
      undefined,
      { clockId: 'realtime', ns: '1795541016818441000', resolutionNs: 1000 },
    ],
    [
      'strftime("%FT%T%z", nsecs)',
      '%s',
      '2026-11-23T12:00:34+0130',
      undefined,
      { clockId: 'realtime', ns: '1795429834000000000', resolutionNs: 1_000_000_000 },
    ],
    ['strftime("%H:%M:%S", nsecs)', '%s', '12:00:34', undefined, { args: { strftime___H__M__S__nsecs_: '12:00:34' } }],
    // What no calendar has is no time.
    ['strftime("%F %T", nsecs)', '%s', '2026-13-41 12:00:34', undefined, { payload: '2026-13-41 12:00:34' }],
    ['strftime("%F %T", nsecs)', '%s', '(?)', undefined, { payload: '(?)' }],
  ]

  it.each(times)('%s with %s of %s, version %s', (args, format, line, version, time) => {
    const flags = version === undefined ? {} : { bpftraceVersion: version }
    const event = eventOf(`${KFREE} { printf("${format}\\n", ${args}) }`, `${line}\n`, flags)
    const { kind: _k, form: _f, event_name: _e, drop: _d, ...rest } = event ?? { kind: 'none' }
    expect(rest).toEqual(time)
  })

  it('is nsecs where elapsed is printed too', () => {
    expect(eventOf(`${KFREE} { printf("%lld %lld\\n", elapsed, nsecs) }`, '5 7\n')).toMatchObject({
      clockId: 'unknown',
      ns: '7',
      args: { elapsed: 5 },
    })
  })
})

describe('a variable', () => {
  it('stands for what it was assigned once', () => {
    const program = `${KFREE} { $r = args->reason; $l = args->location; printf("%d %s\\n", $r, ksym($l)) }`
    expect(eventOf(program, '3 tcp_v4_rcv\n')).toMatchObject({ drop: { code: 3 }, location: { symbol: 'tcp_v4_rcv' } })
  })

  const unsure = [
    '$r = args->reason; $r = 0;',
    'if (pid) { $r = args->reason; }',
    'while (1) { $r = args->reason; }',
    '$r += args->reason;',
    '$r = args->reason; $r++;',
  ]

  it.each(unsure)('is only itself behind %s', (assignment) => {
    expect(eventOf(`${KFREE} { ${assignment} printf("%d\\n", $r) }`, '3\n')).toMatchObject({ args: { _r: 3 } })
  })

  it('is only itself before it is assigned', () => {
    expect(eventOf(`${KFREE} { printf("%d\\n", $r); $r = args->reason; }`, '3\n')).toMatchObject({ args: { _r: 3 } })
  })
})

describe('arguments that have no place', () => {
  it('have a name each', () => {
    const event = eventOf(`${KFREE} { printf("%d %d %d %d\\n", arg0, arg0, args->x, args->x->y) }`, '1 2 3 4\n')
    expect(event?.args).toEqual({ arg0: 1, arg0_2: 2, x: 3, x__y: 4 })
  })

  it('stay strings where they carry names, or belong to a syscall', () => {
    expect(eventOf('t:x:y { printf("%d %d\\n", args->dev, args->n) }', '1 2\n')?.args).toEqual({ dev: '1', n: 2 })
    expect(eventOf('t:syscalls:sys_enter_connect { printf("%d\\n", args->fd) }', '3\n')?.args).toEqual({ fd: '3' })
  })

  it('of devices fill the device', () => {
    const program = 't:net:net_dev_queue { printf("%s %d %p\\n", str(args->name), args->len, args->skbaddr) }'
    expect(eventOf(program, 'eth0 60 0xff\n')).toMatchObject({
      kind: 'trace',
      event_name: 'net:net_dev_queue',
      device: { name: 'eth0' },
      skb: { addr: '0xff', len: 60 },
    })
  })

  it('of an EtherType only where they are one', () => {
    const event = eventOf('t:sock:inet_sock_set_state { printf("%d\\n", args->protocol) }', '6\n')
    expect(event).toMatchObject({ args: { protocol: 6 } })
  })
})

describe('a reason', () => {
  const table = reasonsOf({ ...EMPTY_TABLE, core: { 3: 'NO_SOCKET', 6: 'SOCKET_RCVBUFF' } }, 'format')
  const read = (program: string, line: string): Event | undefined =>
    readText(line, { program, reasons: table }).events[0]

  it('is named by the table of the kernel', () => {
    expect(read(`${KFREE} { printf("%d\\n", args->reason) }`, '3\n')?.drop).toMatchObject({
      code: 3,
      reason: 'NO_SOCKET',
      decoded_by: 'format',
    })
  })

  it('keeps its number where the table has no name', () => {
    expect(read(`${KFREE} { printf("%d\\n", args->reason) }`, '99\n')?.drop).toEqual({
      count: 1,
      code: 99,
      origin: 'software',
    })
  })

  it('is a conflict where name and number do not belong together', () => {
    const event = read(`${KFREE} { printf("%s %d\\n", args.reason, args.reason) }`, 'SKB_DROP_REASON_NO_SOCKET 6\n')
    expect(event).toMatchObject({
      drop: { reason: 'NO_SOCKET', code: 6, decoded_by: 'source' },
      flags: ['reason_conflict'],
    })
  })

  it('follows from a predicate', () => {
    expect(read(`${KFREE} /args->reason == 3/ { printf("%s\\n", comm) }`, 'x\n')?.drop).toMatchObject({
      code: 3,
      reason: 'NO_SOCKET',
    })
    expect(
      read(`${KFREE} /pid > 1 && SKB_DROP_REASON_NO_SOCKET == args->reason/ { printf("%s;\\n", comm) }`, 'x;\n')?.drop,
    ).toMatchObject({
      reason: 'NO_SOCKET',
      decoded_by: 'program',
    })
    expect(read(`${KFREE} /args->reason > 3/ { printf("%s;\\n", comm) }`, 'x;\n')?.drop).toEqual({
      count: 1,
      origin: 'software',
    })
  })

  it('CONSUMED is no drop', () => {
    expect(read(`${KFREE} { printf("%s;\\n", args.reason) }`, 'SKB_CONSUMED;\n')).toMatchObject({
      kind: 'trace',
      drop: { reason: 'CONSUMED' },
    })
  })
})
