import { describe, expect, it } from 'vitest'
import { convertText, type Event } from './convert-text.ts'

/**
 * A block as dropwatch 1.5.4 prints it on kernel 6.1; lines can be replaced by their beginning, left out (''), or added
 * behind.
 */
function block(changes: Readonly<Record<string, string>> = {}): string {
  const lines = [
    'drop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)',
    'origin: software',
    'input port ifindex: 1',
    'timestamp: Mon Nov 23 12:04:44 2026 215530360 nsec',
    'protocol: 0x800',
    'length: 74',
    'original length: 74',
    'drop reason: NO_SOCKET',
  ]
  const changed = lines.map((line) => {
    const key = Object.keys(changes).find((begin) => line.startsWith(begin))
    return key === undefined ? line : (changes[key] ?? '')
  })
  return `${changed.filter((line) => line !== '').join('\n')}\n\n`
}

/** What a record is about, in a line. */
function gist({ kind, drop, location, loss, message, stream, flags }: Event): string {
  const what = drop
    ? `${drop.count} ${location?.symbol ?? location?.address ?? drop.trap}${drop.reason === undefined ? '' : ` ${drop.reason}`}`
    : loss
      ? `${loss.count ?? '?'} ${loss.unit} ${loss.cause} ${loss.mode}`
      : `${stream}: ${message}`
  return [kind, what, ...(flags ?? [])].join(' ')
}

const gists = async (text: string): Promise<readonly string[]> => (await convertText(text)).events.map(gist)

const DROP = 'drop 1 tcp_v4_rcv NO_SOCKET'

describe('a place that no location holds all of', () => {
  it.each([
    ['drop at: tcp_v4_... (0xffffffff8dcac491)', undefined, 'tcp_v4_...'],
    ['drop at: _start+0xffff018f12345678/0x10 (0xffffffff8dcac491)', '_start', '_start+0xffff018f12345678/0x10'],
  ])('stays as it is printed: %s', async (head, symbol, payload) => {
    const { drops } = await convertText(block({ 'drop at': head }))
    expect(drops).toHaveLength(1)
    expect(drops[0]).toMatchObject({ payload, flags: ['incomplete'] })
    expect(drops[0]?.location?.symbol).toBe(symbol)
    expect(drops[0]?.location?.address).toBe('0xffffffff8dcac491')
  })

  it('in a summary, too', async () => {
    const { drops } = await convertText('3 drops at tcp_v4_...+1a (0xffffffff81e42e50) [software]\n')
    expect(drops[0]).toMatchObject({ location: { address: '0xffffffff81e42e50' }, payload: 'tcp_v4_...+1a' })
    expect(drops[0]?.location?.symbol).toBeUndefined()
  })
})

describe('a packet block', () => {
  it('gives all that its lines say', async () => {
    const { drops } = await convertText(block(), { zone: 'UTC' })
    expect(drops).toEqual([
      {
        v: 1,
        kind: 'drop',
        ts: '2026-11-23T12:04:44.215530360Z',
        clock: { id: 'realtime', local: '2026-11-23T12:04:44.215530360', zone: 'UTC' },
        skb: { protocol: 2048, protocol_name: 'IPv4', len: 74, orig_len: 74 },
        location: { symbol: 'tcp_v4_rcv', offset: 0x81, size: 0xee0, address: '0xffffffff8dcac491' },
        drop: { count: 1, reason: 'NO_SOCKET', origin: 'software', decoded_by: 'source' },
        device: { ifindex: 1 },
        capture: { tool: 'dropwatch', format: 'packet', path: 'session.txt', line: 1 },
      },
    ])
  })

  it('of hardware has a trap in the place of an address, a device by name, a cookie', async () => {
    const text = block({
      'drop at': 'drop at: ingress_flow_action_drop (acl_drops)',
      'origin:': 'origin: hardware',
      'input port': 'input port ifindex: 7\ninput port name: eth0\ncookie: c0ffee0123456789abcdef',
      'drop reason': '',
    })
    const { drops } = await convertText(text)
    expect(drops).toMatchObject([
      {
        drop: {
          count: 1,
          origin: 'hardware',
          trap: 'ingress_flow_action_drop',
          trap_group: 'acl_drops',
          cookie: 'c0ffee0123456789abcdef',
        },
        device: { ifindex: 7, name: 'eth0' },
      },
    ])
    expect(drops[0]).not.toHaveProperty('location')
    expect(drops[0]).not.toHaveProperty('flags')
  })

  it('of an unknown origin, without a port, of an empty packet', async () => {
    const text = block({
      'origin:': 'origin: unknown',
      'input port': '',
      protocol: '',
      length: '',
      'original length': 'original length: 0',
    })
    const [drop] = (await convertText(text)).drops
    expect(drop?.drop).toEqual({ count: 1, reason: 'NO_SOCKET', decoded_by: 'source' })
    expect(drop?.skb).toEqual({ orig_len: 0 })
    expect(drop).not.toHaveProperty('device')
    expect(drop).not.toHaveProperty('flags')
  })

  it.each([
    [
      'nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc070d54f)',
      { symbol: 'nft_do_chain', offset: 0x47f, size: 0x5e0, module: 'nf_tables', address: '0xffffffffc070d54f' },
    ],
    ['0xffffffffc0123456 (0xffffffffc0123456)', { address: '0xffffffffc0123456' }],
    [
      'net_tx_action+0x0/0x310 (0x00000000c0de1234)',
      { symbol: 'net_tx_action', offset: 0, size: 0x310, address: '0xc0de1234' },
    ],
    ['x.llvm.123+0x1/0x2 ((nil))', { symbol: 'x.llvm.123', offset: 1, size: 2, address: '0x0' }],
  ])('reads the place %s', async (place, location) => {
    const [drop] = (await convertText(block({ 'drop at': `drop at: ${place}` }))).drops
    expect(drop?.location).toEqual(location)
    expect(drop).not.toHaveProperty('flags')
  })

  // The kernel's buffer: 39 bytes.
  it.each([
    ['do_execute_actions+0x243/0x18c0 [openvs', { symbol: 'do_execute_actions', offset: 0x243, size: 0x18c0 }],
    ['__netif_receive_skb_core.constprop.0+0x', { symbol: '__netif_receive_skb_core.constprop.0' }],
    ['ip_rcv_finish_core.constprop.0+0x20e/0x', { symbol: 'ip_rcv_finish_core.constprop.0', offset: 0x20e }],
    ['ieee80211_rx_handlers+0x290/0x2520 [mac', { symbol: 'ieee80211_rx_handlers', offset: 0x290, size: 0x2520 }],
    ['a_function_with_a_name_of_27b+0x12/0x16', { symbol: 'a_function_with_a_name_of_27b', offset: 0x12 }],
    ['a_function_with_a_name_of_30_byte+0x243', { symbol: 'a_function_with_a_name_of_30_byte' }],
    ['a_function_with_a_name_of_38_bytes_abc+', { symbol: 'a_function_with_a_name_of_38_bytes_abc' }],
    ['a_function_with_a_name_longer_than_39_b', { symbol: 'a_function_with_a_name_longer_than_39_b' }],
    ['a_function_of_24_bytes_ab+0x12/0x345678 ', undefined],
  ])('cut to %j keeps what is sure', async (text, location) => {
    if (location === undefined) return
    expect(text).toHaveLength(39)
    const [drop] = (await convertText(block({ 'drop at': `drop at: ${text} (0xffffffffc0944e63)` }))).drops
    expect(drop).toMatchObject({ flags: ['symbol_cut'], payload: text })
    expect(drop?.location).toEqual({ ...location, address: '0xffffffffc0944e63' })
  })

  it('of exactly 39 bytes that end in a module is whole', async () => {
    const text = 'openvswitch_function_a+0x1/0x23 [openv]'
    expect(text).toHaveLength(39)
    const [drop] = (await convertText(block({ 'drop at': `drop at: ${text} (0xffffffffc0944e63)` }))).drops
    expect(drop?.location?.module).toBe('openv')
    expect(drop).not.toHaveProperty('flags')
  })

  it.each([
    ['RX_DROP_U_RUNT_ACTION', 'mac80211_unusable'],
    ['RX_DROP_MONITOR', 'mac80211_monitor'],
    ['OVS_DROP_METER', 'openvswitch'],
    ['QDISC_DROP', undefined],
  ])('with the reason %s is of the subsystem %s', async (reason, subsystem) => {
    const [drop] = (await convertText(block({ 'drop reason': `drop reason: ${reason}` }))).drops
    expect(drop?.drop?.reason).toBe(reason)
    expect(drop?.drop?.subsystem).toBe(subsystem)
  })

  it('keeps a device name of any bytes, and says when they were no text', async () => {
    const named = (name: string) =>
      block({ 'input port': `input port ifindex: 3\ninput port name: ${name}`, 'origin:': 'origin: hardware' })
    const { drops } = await convertText(named('\xc3\xa4th0') + named('eth\xff'))
    expect(drops.map(({ device }) => device?.name)).toEqual(['äth0', 'eth\ufffd'])
    expect(drops.map(({ flags }) => flags)).toEqual([undefined, ['text_replaced']])
  })

  it('needs no empty line to end: a new one, or any line of dropwatch, does it', async () => {
    const text = block().trimEnd()
    expect(await gists(`${text}\n${text}\nGot a stop message\n`)).toEqual([
      DROP,
      DROP,
      'message stdout: Got a stop message',
    ])
    const before518 = block({ 'drop reason': '' }).trimEnd()
    expect(await gists(`${before518}\n${before518}\ndropwatch> exit\n`)).toEqual([
      'drop 1 tcp_v4_rcv',
      'drop 1 tcp_v4_rcv',
      'message prompt: dropwatch> exit',
    ])
  })

  it('of a development build of 2019 has no origin, and the packet in hex', async () => {
    const hex = [
      '00 00 00 00 00 00 00 00  00 00 00 00 08 00 45 00      ........ ......E.',
      '00 3c e7 50 40 00 40 06  55 69 7f 00 00 01 7f 00      .<.P@.@. Ui......',
    ]
    const text = block({
      'origin:': '',
      protocol: '',
      'drop reason': '',
      'length: 74': `length: 32\n${hex.join('\n')}`,
    })
    const { drops, events } = await convertText(text + text)
    expect(events).toHaveLength(2)
    expect(drops[0]).toMatchObject({ payload: hex.join('\n'), skb: { len: 32, orig_len: 74 } })
    expect(drops[0]?.drop).toEqual({ count: 1 })
    expect(drops[0]).not.toHaveProperty('flags')
    const older = block({ 'origin:': '', 'original length': '', 'drop reason': '' })
    expect(await gists(older + older)).toEqual(['drop 1 tcp_v4_rcv', 'drop 1 tcp_v4_rcv'])
  })

  it('that something ends before its original length is incomplete', async () => {
    const killed = block({ protocol: '', length: '', 'original length': '', 'drop reason': '' }).trimEnd()
    expect(await gists(`${killed}\nInitializing kallsyms db\n${block()}`)).toEqual([
      'drop 1 tcp_v4_rcv incomplete',
      'message stdout: Initializing kallsyms db',
      DROP,
    ])
  })

  it('of which one line is damaged is a drop without it, and that line alone is rejected', async () => {
    const text = block({ timestamp: 'timestamp: Mon Nov 23 12:04:44 2026 21553' })
    const { events, rejected } = await convertText(`${text}${block()}`)
    expect(events.map(gist)).toEqual([`${DROP} incomplete`, DROP])
    expect(events[0]).not.toHaveProperty('clock')
    expect(events[0]).toMatchObject({ device: { ifindex: 1 }, skb: { len: 74 } })
    expect(rejected).toEqual([
      { line: 4, word: 'malformed', column: 12, bytes: 'timestamp: Mon Nov 23 12:04:44 2026 21553\n' },
    ])
  })

  it.each([
    ['timestamp: Tue Nov 23 12:04:44 2026 215530360 nsec'],
    ['timestamp: Mon Nov 31 12:04:44 2026 215530360 nsec'],
    ['timestamp: Mon Nov 23 24:04:44 2026 215530360 nsec'],
    ['timestamp: Mon Nov 23 12:04:44 2026 215530360'],
    ['protocol: 0x80g'],
    ['protocol: 0x10800'],
    ['length: 74.5'],
    ['original length: -1'],
    ['input port ifindex: 1x'],
    ['origin: softwar'],
    ['drop reason: no_socket'],
  ])('refuses %s', async (line) => {
    const { drops, rejected } = await convertText(block({ [line.slice(0, line.indexOf(':') + 1)]: line }))
    expect(drops.map(gist)).toHaveLength(1)
    expect(drops[0]?.flags).toContain('incomplete')
    expect(rejected.map(({ bytes }) => bytes)).toEqual([`${line}\n`])
  })

  it('without its first line, or with a damaged one, is rejected whole', async () => {
    const headless = block().slice(block().indexOf('\n') + 1)
    const first = await convertText(`${headless}${block()}`)
    expect(first.events.map(gist)).toEqual([DROP])
    expect(first.rejected.map(({ line, word }) => [line, word])).toEqual([[1, 'malformed']])
    const chopped = 'drop at: nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc07>'
    const second = await convertText(`${block({ 'drop at': chopped })}${block()}`)
    expect(second.events.map(gist)).toEqual([DROP])
    expect(second.rejected.map(({ line, word, bytes }) => [line, word, bytes.split('\n')[0]])).toEqual([
      [1, 'malformed', chopped],
    ])
  })
})

describe('noise inside a block', () => {
  it('is an empty line, an echo on its own line or in front of one, and stays a message', async () => {
    const text = block({
      'input port': '\r\ninput port ifindex: 1\r\nstop\r',
      protocol: '^Cprotocol: 0x800',
      'original length': 'showoriginal length: 74',
    })
    expect(await gists(text)).toEqual([DROP, 'message prompt: stop', 'message prompt: ^C', 'message prompt: show'])
  })

  it('is an error line, which is a loss', async () => {
    const text = block({ protocol: 'Receive operation failed:: No buffer space available\nprotocol: 0x800' })
    expect(await gists(text)).toEqual([DROP, 'loss ? records socket_full delta'])
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('is an error line inside of a line, at every place, with %s', async (_, lineEnd) => {
    const whole = `5 drops at icmp_rcv+1b1 (0xffffffff8dcc3c91) [software]\n${block()}Got a stop message\n`
    const failure = 'Receive operation failed:: No buffer space available\n'
    for (let at = 0; at <= whole.length; at++) {
      const text = whole.slice(0, at) + failure + whole.slice(at)
      const records = await gists(text.replaceAll('\n', lineEnd))
      expect(records.toSorted(), `at ${at}`).toEqual(
        ['drop 5 icmp_rcv', DROP, 'loss ? records socket_full delta', 'message stdout: Got a stop message'].toSorted(),
      )
    }
  })

  it('does not go on for ever: what comes after a killed session is not its noise', async () => {
    const killed = block({ protocol: '', length: '', 'original length': '', 'drop reason': '' })
    const text = `${killed}${Array.from({ length: 20 }, (_, n) => `something else ${n}\n`).join('')}`
    const records = await gists(text)
    expect(records[0]).toBe('drop 1 tcp_v4_rcv incomplete')
    expect(records).toHaveLength(21)
  })
})

describe('a summary line', () => {
  it.each([
    [
      '3 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]',
      { symbol: '__udp4_lib_rcv', offset: 0x9a3, address: '0xffffffff817f8d03' },
    ],
    [
      '1 drops at x.constprop.0+210 (0xffffffff8dbde5ca)',
      { symbol: 'x.constprop.0', offset: 0x210, address: '0xffffffff8dbde5ca' },
    ],
    ['2 drops at location 0xffffffff8dd16e90 [software]', { address: '0xffffffff8dd16e90' }],
    ['2 drops at location 0xffffffff8dd16e90', { address: '0xffffffff8dd16e90' }],
    ['7 drops at net_tx_action+0', { symbol: 'net_tx_action', offset: 0 }],
    ['7 drops at location 0xc0de1234 [software]', { address: '0xc0de1234' }],
  ])('%s', async (line, location) => {
    const { drops } = await convertText(`${line}\n`)
    expect(drops).toMatchObject([
      { drop: { count: Number(line[0]), origin: 'software' }, capture: { format: 'summary' } },
    ])
    expect(drops[0]?.location).toEqual(location)
    expect(drops[0]).not.toHaveProperty('clock')
    expect(drops[0]).not.toHaveProperty('flags')
    expect(drops[0]).not.toHaveProperty('payload')
  })

  it('of hardware has a trap', async () => {
    const { drops } = await convertText('8 drops at fid_miss [hardware]\n')
    expect(drops[0]?.drop).toEqual({ count: 8, origin: 'hardware', trap: 'fid_miss' })
    expect(drops[0]).not.toHaveProperty('location')
  })

  it('of a patched build has a network namespace', async () => {
    const { drops } = await convertText(
      '11 drops at location 0xffffffffad8cd0c3 [software] [ns: 4026532485]\n4 drops at fid_miss [hardware] [ns: 4026532513]\n',
    )
    expect(drops.map(({ device }) => device)).toEqual([{ netns: 4026532485 }, { netns: 4026532513 }])
  })

  it('whose symbol cannot be the place keeps the address, and the text', async () => {
    const { drops } = await convertText('2 drops at __init_scratch_end+216eb581 (0xffffffffc06eb581) [software]\n')
    expect(drops[0]?.location).toEqual({ address: '0xffffffffc06eb581' })
    expect(drops[0]?.payload).toBe('__init_scratch_end+216eb581')
  })

  it('of address 0 counts no packets', async () => {
    const lines = [
      '1 drops at location (nil) [software]',
      '3 drops at fixed_percpu_data+0 ((nil)) [software]',
      '2 drops at (null)+0 ((nil)) [software]',
      '2 drops at location 0000000000000000 [software]',
    ]
    const { events } = await convertText(lines.map((line) => `${line}\n`).join(''))
    expect(events).toMatchObject(
      lines.map((message) => ({ kind: 'message', message, level: 'warning', stream: 'stdout' })),
    )
  })

  it('with more than 2^31 packets is printed negative', async () => {
    const { drops } = await convertText(
      '-2147483648 drops at a+1 (0xffffffff8dd16e90) [software]\n-1 drops at fid_miss [hardware]\n',
    )
    expect(drops.map(({ drop }) => drop?.count)).toEqual([2 ** 31, 2 ** 32 - 1])
  })

  it('has what was typed in front of it, and notes behind it', async () => {
    const { events } = await convertText(
      '^C2 drops at udpv6_rcv+bbc (0xffffffff817f8d03) [software]\n2 drops at a+1 (0xffffffff817f8d03) [software]  <-- here\n',
    )
    expect(events.map(gist)).toEqual(['message prompt: ^C', 'drop 2 udpv6_rcv', 'drop 2 a'])
    expect(events[2]?.payload).toBe('<-- here')
  })

  it('whose line end was lost is a drop all the same, and so is what stands behind it', async () => {
    const drop = '2 drops at udp_rcv+9 (0xffffffff817f8d03)'
    for (const tag of ['', ' [software]']) {
      expect(await gists(`${drop}${tag} ^CGot a stop message\n`)).toEqual([
        'drop 2 udp_rcv reformatted',
        'message stdout: Got a stop message',
      ])
      expect(await gists(`${drop}${tag}${drop}${tag}\n`)).toEqual(['drop 2 udp_rcv reformatted', 'drop 2 udp_rcv'])
    }
    const { events } = await convertText(`> ${drop} ^CGot a stop message\n`)
    expect(events[0]).toMatchObject({ payload: '^C', flags: ['reformatted'] })
  })

  it('that has no place is rejected', async () => {
    const { events, rejected } = await convertText(
      '3 drops at udp_rcv+9g (0xffffffff817f8d03) [software]\nGot a stop message\n',
    )
    expect(events).toHaveLength(1)
    expect(rejected).toMatchObject([{ line: 1, word: 'malformed', column: 12 }])
  })
})

describe('the talk', () => {
  it('loses alerts: a full socket, a deactivation, a kernel in the other mode', async () => {
    const text = [
      'Receive operation failed:: No buffer space available',
      'Waiting for deactivation ack...',
      'Received message of unknown type 5',
      'Receive operation failed:: Bad file descriptor',
      'Received message of unknown type 4',
    ]
    expect(await gists(`${text.join('\n')}\n`)).toEqual([
      'loss ? records socket_full delta',
      'loss ? records deactivation delta',
      'loss 1 packets unknown delta',
      'message stderr: Receive operation failed:: Bad file descriptor',
      'message stdout: Received message of unknown type 4',
    ])
  })

  it('counts what the queues dropped, since the module was loaded', async () => {
    const text =
      'Software statistics:\nTail dropped: 3066\nHardware statistics:\nTail dropped: 0\nTail dropped: 7\nGetting statistics\nTail dropped: 8\n'
    const { events } = await convertText(text)
    expect(events.filter(({ kind }) => kind === 'loss').map(({ loss }) => loss)).toEqual([
      { count: 3066, unit: 'packets', cause: 'queue_full', origin: 'software', mode: 'total' },
      { count: 7, unit: 'packets', cause: 'queue_full', origin: 'hardware', mode: 'total' },
      { count: 8, unit: 'packets', cause: 'queue_full', mode: 'total' },
    ])
    expect(events.filter(({ kind }) => kind === 'message').map(({ message }) => message)).toContain('Tail dropped: 0')
  })

  it('says where dropwatch prints a line, and how bad it is', async () => {
    const cases: readonly (readonly [line: string, stream: string, level: string])[] = [
      ['Initalizing null lookup method', 'stdout', 'info'],
      ['dropwatch>', 'prompt', 'info'],
      ['dropwatch> set trnc 5', 'prompt', 'info'],
      ['dropwatch> Terminating dropwatch...', 'prompt', 'info'],
      ['Failed activation request, error: Resource temporarily unavailable', 'stdout', 'error'],
      ['Failed to set alert mode: Success', 'stderr', 'error'],
      ["dropwatch: invalid option -- 'x'", 'stderr', 'error'],
      ['\talertlimit <number>\t - caputre only this many alert packets', 'stdout', 'info'],
      ['[root@dwvm ~]# dropwatch -l kas', 'prompt', 'info'],
      ['stop', 'prompt', 'info'],
      ['spawn dropwatch -l kas', 'foreign', 'info'],
    ]
    const { events } = await convertText(cases.map(([line]) => `${line}\n`).join(''))
    expect(events.map(({ message, stream, level }) => [message, stream, level])).toEqual(cases)
  })
})

describe('a terminal', () => {
  it('writes CRs, colours and prompts of readline; none of it is in a record', async () => {
    const text =
      '\x1b[?2004hdropwatch> start\r\n\x1b[?2004l\rEnabling monitoring...\r\n\x1b[31mdrop at: tcp_v4_rcv+0x81/0xee0 (0xffffffff8dcac491)\x1b[0m\r\n' +
      block()
        .slice(block().indexOf('\n') + 1)
        .replaceAll('\n', '\r\n') +
      '^CGot a stop message\r\n\x1b[?2004hdropwatch> bogus\r\n\x1b[?2004l\r\x1b[?2004hdropwatch> exit\r\n\x1b[?2004l\rShutting down ...\r\n'
    expect(await gists(text)).toEqual([
      'message prompt: dropwatch> start',
      'message stdout: Enabling monitoring...',
      DROP,
      'message prompt: ^C',
      'message stdout: Got a stop message',
      'message prompt: dropwatch> bogus',
      'message prompt: dropwatch> exit',
      'message stdout: Shutting down ...',
    ])
  })

  it('shows what a CR wrote over as a message of its own', async () => {
    expect(await gists('dropwatch> sta\rdropwatch> start\r\n10 %\r    \r\n')).toEqual([
      'message prompt: dropwatch> start',
      'message foreign: dropwatch> sta',
      'message foreign: 10 %',
    ])
  })

  it('cuts lines at its edge, at any width that leaves the short ones whole', async () => {
    const text = `3 drops at __udp4_lib_rcv+9a3 (0xffffffff817f8d03) [software]\n2 drops at location 0xffffffff8dd16e90 [software]\n${block({ 'drop at': 'drop at: nft_do_chain+0x47f/0x5e0 [nf_tables] (0xffffffffc070d54f)' })}Issue Ctrl-C to stop monitoring\n`
    for (let width = 22; width < 80; width++) {
      // As tmux's capture-pane does it: trailing blanks are cut.
      const wrapped = text
        .split('\n')
        .flatMap((line) =>
          [line.slice(0, width), line.slice(width, 2 * width), line.slice(2 * width)].filter(
            (piece, n) => n === 0 || piece !== '',
          ),
        )
      const records = await convertText(wrapped.map((line) => line.trimEnd()).join('\n'))
      expect(records.rejected, `width ${width}`).toEqual([])
      expect(
        records.events.map((event) => gist(event).replace(' reformatted', '')),
        `width ${width}`,
      ).toEqual([
        'drop 3 __udp4_lib_rcv',
        'drop 2 0xffffffff8dd16e90',
        'drop 1 nft_do_chain NO_SOCKET',
        'message stdout: Issue Ctrl-C to stop monitoring',
      ])
      expect(records.drops[2]?.clock?.local).toBe('2026-11-23T12:04:44.215530360')
    }
  })
})

describe('pasted text', () => {
  it.each([
    ['indented', '    '],
    ['quoted', '> '],
    ['quoted twice', '>> '],
    ['in a table', '| '],
  ])('%s is read, and flagged', async (_, prefix) => {
    const text = `${block()}${block()}3 drops at a+1 (0xffffffff817f8d03) [software]\n`
      .replaceAll(/^/gm, prefix)
      .trimEnd()
    expect((await gists(`${text}\n`)).slice(0, 3)).toEqual([
      `${DROP} reformatted`,
      `${DROP} reformatted`,
      'drop 3 a reformatted',
    ])
  })

  it('with the padding of the day lost is read, and flagged', async () => {
    const { drops, rejected } = await convertText(
      block({ timestamp: 'timestamp: Thu Jan 1 05:45:04 2026 293432750 nsec' }),
    )
    expect(drops).toMatchObject([{ clock: { local: '2026-01-01T05:45:04.293432750' }, flags: ['reformatted'] }])
    expect(rejected).toEqual([])
  })

  it('keeps notes of its author', async () => {
    const text = block({
      'drop at': 'drop at: ingress_flow_action_drop (acl_drops)   <-- here',
      'origin:': 'origin: hardware',
      'input port': 'input port ifindex: 30\ninput port name: enp0s16np1\ncookie: 3b45fa38c8    <<<<<<<',
      'drop reason': '',
    })
    const { drops } = await convertText(text)
    expect(drops).toMatchObject([
      { payload: '<-- here\n<<<<<<<', drop: { cookie: '3b45fa38c8' }, device: { name: 'enp0s16np1' } },
    ])
  })

  it('with the log stamp of a journal before each line is read, stamps as messages', async () => {
    const stamp = 'Nov 23 12:04:44 host dropwatch[123]: '
    const text = block().trimEnd().replaceAll(/^/gm, stamp)
    const { events, drops } = await convertText(`${text}\n${stamp}\n`)
    expect(drops.map(gist)).toEqual([DROP])
    expect(events.filter(({ message }) => message === stamp.trimEnd() || message === stamp)).toHaveLength(9)
  })
})

describe('several sessions in one file', () => {
  it('one after the other, the first killed in the middle of a line', async () => {
    const killed = block().slice(0, block().indexOf('software') + 5)
    expect(await gists(`${killed}Initializing kallsyms db\ndropwatch> start\n${block()}`)).toEqual([
      'drop 1 tcp_v4_rcv incomplete',
      'message stdout: Initializing kallsyms db',
      'message prompt: dropwatch> start',
      DROP,
    ])
    const { events, rejected } = await convertText(`3 drops at tcp_vInitializing kallsyms db\n${block()}`)
    expect(events.map(gist)).toEqual(['message stdout: Initializing kallsyms db', DROP])
    expect(rejected).toEqual([{ line: 1, word: 'truncated', column: 1, bytes: '3 drops at tcp_v' }])
    const glued = await convertText('4 drops at location 0x2 drops at location 0xffffffff817b8aa0 [software]\n')
    expect(glued.events.map(gist)).toEqual(['drop 2 0xffffffff817b8aa0'])
    expect(glued.rejected.map(({ bytes }) => bytes)).toEqual(['4 drops at location 0x'])
  })
})
