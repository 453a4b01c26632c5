import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFields } from '../../../adapters/perf/script/fields.ts'
import { type Event, read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88815c05a0e0 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET'
const line = (head: string, payload = PAYLOAD): string => `${head} skb:kfree_skb: ${payload}\n`
const HEAD = '            curl   26480 [001]  3466.291131:'

async function only(text: string, flags: Parameters<typeof read>[1] = {}): Promise<Event> {
  const { events, rejected } = await read(text, flags)
  expect(rejected).toEqual([])
  expect(events).toHaveLength(1)
  const [event] = events
  if (event === undefined) throw new Error('no event')
  return event
}

describe('heads', () => {
  it.each([
    [
      'a comm that holds an anchor',
      '  x [002] 1.5: y   26480 [001]  3466.291131:',
      { comm: 'x [002] 1.5: y', tid: 26480 },
    ],
    ['an empty comm', '                   26480 [001]  3466.291131:', { comm: '', tid: 26480 }],
    ['an unknown thread', '          :26480   26480 [001]  3466.291131:', { tid: 26480 }],
    [
      'a comm that looks like an unknown thread',
      '          :26481   26480 [001]  3466.291131:',
      { comm: ':26481', tid: 26480 },
    ],
    ['a TID of -1', '             :-1      -1 [001]  3466.291131:', { tid: -1 }],
    ['PID and TID', '            curl   26480/26481   [001]  3466.291131:', { comm: 'curl', pid: 26480, tid: 26481 }],
    ['no cpu', '            curl   26480  3466.291131:', { comm: 'curl', tid: 26480 }],
  ])('reads %s', async (_name, head, process) => {
    expect((await only(line(head))).process).toEqual(process)
  })

  it.each([
    ['a TID', '            curl 99999999999 [001]  3466.291131:'],
    ['a CPU', '            curl   26480 [99999]  3466.291131:'],
  ])('rejects %s that no kernel gives, and nothing else', async (_name, head) => {
    const { events, rejected } = await read(line(head) + line(HEAD))
    expect(rejected.map((one) => one.word)).toEqual(['malformed'])
    expect(events).toHaveLength(1)
  })

  it('reads the one number as TID, says so once, and as PID where the field list has pid', async () => {
    const { outcome } = await read(line(HEAD) + line(HEAD))
    expect([...outcome.assumptions]).toEqual([expect.stringContaining('read as the TID')])
    const said = await read(line(HEAD), { perfFields: 'comm,pid,cpu,time,event,trace' })
    expect(said.outcome.assumptions.size).toBe(0)
    expect(said.events[0]?.process).toEqual({ comm: 'curl', pid: 26480 })
  })

  it('rejects columns without an event, and says what would help', async () => {
    const { events, rejected } = await read(
      '            curl   26480  3466.291131:  ffffffff81e42e50 sk_skb_reason_drop\n',
    )
    expect(events).toEqual([])
    expect(rejected).toEqual([
      expect.objectContaining({ word: 'ambiguous', text: expect.stringContaining('--perf-fields') }),
    ])
  })

  it('rejects a sample that has not the columns of --perf-fields', async () => {
    const { rejected } = await read(line(HEAD), { perfFields: 'comm,pid,tid,cpu,time,event,trace' })
    expect(rejected.map((one) => one.word)).toEqual(['malformed'])
  })
})

describe('times', () => {
  const ZERO = '            curl   26480 [001]     0.000000:'
  it('are relative after a first sample at exactly 0, records at 0 before it do not count', async () => {
    const record = '         swapper       0 [000]     0.000000: PERF_RECORD_FORK(2:2):(0:0)\n'
    const id = async (text: string): Promise<unknown> => (await read(text)).events.at(-1)?.clock?.id
    expect(await id(line(ZERO) + line(HEAD))).toBe('relative')
    expect(await id(record + line(HEAD))).toBe('unknown')
  })

  it.each([
    ['absolute', 'unknown'],
    ['relative', 'relative'],
    ['delta', 'relative'],
  ])('--perf-time %s', async (perfTime, id) => {
    expect((await only(line(ZERO), { perfTime })).clock?.id).toBe(id)
  })

  it('a header that names no clock makes it perf, a second header begins anew', async () => {
    const header = (clock: string): string => `# ========\n# perf version : 6.12.1\n${clock}# ========\n#\n`
    const { events } = await read(header('') + line(ZERO) + header('# clockid: monotonic (1)\n') + line(HEAD))
    expect(events.map(({ clock }) => clock?.id)).toEqual(['relative', 'monotonic'])
  })

  it('time of day is kept as local time', async () => {
    const event = await only(line('            curl   26480 [001] 2026-11-23 11:33:47.080536  3466.291131:'))
    expect(event.clock).toEqual({ id: 'unknown', ns: '3466291131000', local: '2026-11-23T11:33:47.080536' })
  })
})

describe('call chains', () => {
  const chain = (version: string, frame: string): string =>
    `# perf version : ${version}\ncurl 26480 [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n\t${frame}\n\n`
  it.each([
    [
      '6.1.192',
      '          10acb3 f+0x13 (/lib/c.so)',
      { dso_offset: '0x10acb3', symbol: 'f', offset: 19, dso: '/lib/c.so' },
    ],
    [
      '6.12.1',
      '    7fd1a1528cb3 f+0x13 (/lib/c.so)',
      { address: '0x7fd1a1528cb3', symbol: 'f', offset: 19, dso: '/lib/c.so' },
    ],
    [
      '6.12.1',
      '    7fd1a1528cb3 f+0x13 (/lib/c.so+0xcb3)',
      { address: '0x7fd1a1528cb3', symbol: 'f', offset: 19, dso: '/lib/c.so', dso_offset: '0xcb3' },
    ],
    ['6.12.1', 'ffffffffc0a4207f g ([nf_tables])', { address: '0xffffffffc0a4207f', symbol: 'g', module: 'nf_tables' }],
    ['6.12.1', '    7ffd1a1528cb [unknown] ([vdso])', { address: '0x7ffd1a1528cb', dso: '[vdso]' }],
    ['6.12.1', '               0 [unknown] ([unknown])', { address: '0x0' }],
    [
      '6.1.192',
      '           27304 h+0x84 (inlined)',
      { dso_offset: '0x27304', symbol: 'h', offset: 132, inlined: true },
    ],
    [
      '6.12.1',
      '    7fd1a1528cb3 a(int, b (*)())+0x1 (/tmp/x (deleted))',
      { address: '0x7fd1a1528cb3', symbol: 'a(int, b (*)())', offset: 1, dso: '/tmp/x (deleted)' },
    ],
  ])('of perf %s: %s', async (version, frame, expected) => {
    expect((await only(chain(version, frame))).stack).toEqual([expected])
  })

  it('an address that may be an offset is flagged where nobody says which perf it was', async () => {
    const event = await only(
      `curl 1234567 [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n\t          10acb3 f+0x13 (/lib/c.so)\n\n`,
    )
    expect(event.stack).toEqual([{ address: '0x10acb3', symbol: 'f', offset: 19, dso: '/lib/c.so' }])
    expect(event.flags).toEqual(['address_ambiguous'])
  })

  it('source lines go to their frames', async () => {
    const event = await only(
      `# perf version : 6.12.1\ncurl   26480 [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n\tffffffff81e42e50 f+0x1 ([kernel.kallsyms])\n  skbuff.c:1203\n\tffffffff81e42e51 g ([kernel.kallsyms])\n  [kernel.kallsyms][ffffffff81e42e51]\n\n`,
    )
    expect(event.stack).toEqual([
      { address: '0xffffffff81e42e50', symbol: 'f', offset: 1, file: 'skbuff.c', line: 1203 },
      { address: '0xffffffff81e42e51', symbol: 'g' },
    ])
  })

  it('a chain that the end of the input cuts is incomplete', async () => {
    const event = await only(
      `curl   26480 [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n\tffffffff81e42e50 f+0x1 ([kernel.kallsyms])\n`,
    )
    expect(event.stack).toHaveLength(1)
    expect(event.flags).toEqual(['incomplete'])
  })
})

describe('columns', () => {
  it('data_src, weight and an address behind a hardware event', async () => {
    const event = await only(
      `${HEAD}         12 cpu/mem-loads/P:         7f1a40      1e05080021 |OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  N/A              17     7fd1a1528cb3 f+0x13 (/lib/c.so)\n`,
      { perfFields: 'comm,tid,cpu,time,period,event,addr,data_src,weight,ip,sym,symoff,dso' },
    )
    expect(event.event_name).toBe('cpu/mem-loads/P')
    expect(event.sample).toEqual({
      period: 12,
      addr: '0x7f1a40',
      data_src: '1e05080021 |OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  N/A',
      weight: 17,
      ip: { address: '0x7fd1a1528cb3', symbol: 'f', offset: 19, dso: '/lib/c.so' },
    })
  })

  it('branch flags', async () => {
    const event = await only(
      `${HEAD}          1 branches:   tr end  call               7fd1a1528cb3 f+0x13 (/lib/c.so)\n`,
      {
        perfFields: 'comm,tid,cpu,time,period,event,flags,ip,sym,symoff,dso',
      },
    )
    expect(event.sample?.flags).toBe('tr end  call')
    expect(event.sample?.ip?.symbol).toBe('f')
  })

  it('behind a payload that nobody knows the end of all is payload, flag incomplete', async () => {
    const event = await only(`${HEAD} foo:bar: a=1 text /slice\n`, { perfFields: '+cgroup' })
    expect(event.payload).toBe('a=1 text /slice')
    expect(event.flags).toEqual(['incomplete'])
  })

  it.each([
    ['comm,tod,nothing', /no field 'nothing'/],
    ['+misc,cpu', /either all fields/],
    ['', /no field is named/],
    ['comm,tme', /no field 'tme'/],
  ])('--perf-fields %s is refused', (list, why) => {
    expect(() => parseFields(list)).toThrow(why)
  })
})

describe('laws', () => {
  const text = `${line(HEAD)}curl 26480 [001]  3466.3: noise\n        new\n`
  it('any bytes are read without crash, and the books balance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(text.length),
        fc.integer({ min: 1, max: 64 }),
        async (noise, at, chunk) => {
          const bytes = Buffer.concat([Buffer.from(text.slice(0, at)), noise, Buffer.from(text.slice(at))])
          const whole = await read(bytes)
          expect(await read(bytes, {}, chunk)).toEqual(whole)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('a comm of any bytes comes back from the padded column', async () => {
    const byte = fc.integer({ min: 1, max: 255 }).filter((code) => code !== 10 && code !== 32)
    await fc.assert(
      fc.asyncProperty(fc.array(byte, { minLength: 1, maxLength: 15 }), async (codes) => {
        const comm = Buffer.from(codes)
        const padded = Buffer.concat([Buffer.alloc(16 - comm.length, ' '), comm])
        const { events } = await read(Buffer.concat([padded, Buffer.from(line(HEAD.slice(16)))]))
        const name = new TextDecoder().decode(comm)
        expect(events.map(({ process }) => process?.comm)).toEqual([name])
      }),
      { numRuns: 200 },
    )
  })
})

describe('columns of events without payload that nobody named', () => {
  const KERNEL = { address: '0xffffffff8162e779', symbol: 'kfree', offset: 105 }
  const SOURCE = '1e05080021 |OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  N/A'
  const FRAME = ' ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])'
  it.each([
    ['address and symbol', FRAME, { ip: KERNEL }],
    ['address alone', ' ffffffff8162e779', { ip: { address: '0xffffffff8162e779' } }],
    ['a short address alone', '           401136', { ip: { address: '0x401136' } }],
    ['data address', `    7ffd1a1528cb${FRAME}`, { addr: '0x7ffd1a1528cb', ip: KERNEL }],
    ['data address alone', 'ffff888104832e00', { addr: '0xffff888104832e00' }],
    [
      'what the memory did',
      `    7ffd1a1528cb ${SOURCE}${FRAME}`,
      { addr: '0x7ffd1a1528cb', data_src: SOURCE, ip: KERNEL },
    ],
    ['weight', ` ${SOURCE}               17${FRAME}`, { data_src: SOURCE, weight: 17, ip: KERNEL }],
    ['cgroup', ` /system.slice${FRAME}`, { cgroup: '/system.slice', ip: KERNEL }],
    ['cgroup alone', ' /', { cgroup: '/' }],
    ['branches', `${FRAME} 0x7f1/0x7f2/P/-/-/5/COND `, { ip: KERNEL, brstack: '0x7f1/0x7f2/P/-/-/5/COND' }],
    [
      'branches behind a bare address',
      ' ffffffff8162e779 0x7f1/0x7f2/P/-/-/5',
      { ip: { address: '0xffffffff8162e779' }, brstack: '0x7f1/0x7f2/P/-/-/5' },
    ],
    ['branches alone', ' 0x7f1/0x7f2/M/-/-/5', { brstack: '0x7f1/0x7f2/M/-/-/5' }],
    ['instruction', `${FRAME} ilen: 3 insn: 48 89 e5`, { ip: KERNEL, insn: 'ilen: 3 insn: 48 89 e5' }],
    ['flags of a branch', `  call                  ${FRAME}`, { flags: 'call', ip: KERNEL }],
  ])('%s', async (_name, text, sample) => {
    const event = await only(`${HEAD}     250000 cycles: ${text}\n`)
    expect(event.sample).toEqual({ period: 250000, ...sample })
    expect([event.payload, event.flags]).toEqual([undefined, undefined])
  })

  it.each([
    ['a number that may be an address or a weight', '              17 ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])'],
    ['two numbers', ` ${SOURCE}               17              18${FRAME}`],
    ['text', ' something else'],
  ])('%s stays as it is, and is said', async (_name, text) => {
    const event = await only(`${HEAD}     250000 cycles: ${text}\n`)
    expect(event.payload?.trim()).toBe(text.trim())
    expect(event.flags).toEqual(['incomplete'])
  })

  it('--perf-fields ip,sym,dso gives the address to the sample', async () => {
    const frame = { address: '0xffffffff8162e779', symbol: 'kfree' }
    for (const perfFields of ['ip,sym,dso', 'comm,ip,sym,dso', 'event,ip,sym,dso']) {
      const before = perfFields.startsWith('comm')
        ? '            curl '
        : perfFields.startsWith('event')
          ? 'cycles: '
          : ''
      const { events, rejected } = await read(`${before} ffffffff8162e779 kfree ([kernel.kallsyms])\n`.repeat(2), {
        perfFields,
      })
      expect(rejected).toEqual([])
      expect(events.map(({ kind, sample }) => [kind, sample])).toEqual(Array(2).fill(['trace', { ip: frame }]))
    }
  })

  it('a tracepoint that perf 3.x names without its system keeps its arguments', async () => {
    const event = await only(`${HEAD} netif_rx: name=lo len=60\n`)
    expect(event.args).toEqual({ name: 'lo', len: 60 })
  })
})
