// Formats in a recording, and what is left of them when their bytes are damaged.
import { describe, expect, it } from 'vitest'
import { openFormats } from '../../../../adapters/perf/data/formats.ts'
import { openSymbols } from '../../../../adapters/perf/data/symbols.ts'
import { readTracingData } from '../../../../adapters/perf/data/tracing-data.ts'
import type { Context, FlagValue } from '../../../../src/contract.ts'
import { NO_REASONS, reasonsOf } from '../../../../src/kernel/reasons/reasons.ts'
import { rawSample } from './raw-sample.ts'

const FORMAT = `name: kfree_skb
ID: 1500
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;
\tfield:void * location;\toffset:16;\tsize:8;\tsigned:0;
\tfield:unsigned short protocol;\toffset:24;\tsize:2;\tsigned:0;
\tfield:enum skb_drop_reason reason;\toffset:28;\tsize:4;\tsigned:0;

print fmt: "skbaddr=%p protocol=%u location=%pS reason: %s", REC->skbaddr, REC->protocol, REC->location, __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "NO_SOCKET" }, { 77, "MAX" })
`

function tracing(isLittle: boolean, format = FORMAT): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    if (isLittle) bytes.writeUInt32LE(value)
    else bytes.writeUInt32BE(value)
    return bytes
  }
  const u64 = (value: number): Buffer =>
    isLittle ? Buffer.concat([u32(value), u32(0)]) : Buffer.concat([u32(0), u32(value)])
  const text = (content: string): Buffer => Buffer.from(content, 'latin1')
  const printk = '0xffffffff82a1b2c3 : "RCU"\n'
  return Buffer.concat([
    text('\x17\x08\x44tracing0.6\0'),
    Buffer.from([isLittle ? 0 : 1, 8]),
    u32(4096),
    text('header_page\0'),
    u64(3),
    text('abc'),
    text('header_event\0'),
    u64(0),
    u32(0),
    u32(1),
    text('skb\0'),
    u32(1),
    u64(format.length),
    text(format),
    u32(0),
    u32(printk.length),
    text(printk),
    u64(0),
  ])
}

function contextOf(flags: Readonly<Record<string, FlagValue>> = {}, reasons = NO_REASONS): Context {
  return { flags, reasons, isWholeReason: () => false }
}

function sample(reason: number, isLittle = true, length = 36) {
  const raw = Buffer.alloc(length)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length)
  view.setBigUint64(8, 0xffff88811f6a7068n, isLittle)
  view.setBigUint64(16, 0xffffffff82033a51n, isLittle)
  view.setUint16(24, 2048, isLittle)
  if (length >= 32) view.setUint32(28, reason, isLittle)
  return rawSample(raw, { isLittle })
}

function recordOf(bytes: Uint8Array | undefined, context: Context, of = sample(3), id = 1500) {
  const { formats } = openFormats(bytes, context, openSymbols(context))
  return formats
    .decoderOf(id, of.rawEnd - of.raw)
    ?.record(of)
    .toJSON()
}

const DROP = {
  v: 1,
  kind: 'drop',
  event_name: 'skb:kfree_skb',
  skb: { addr: '0xffff88811f6a7068', protocol: 2048, protocol_name: 'IPv4' },
  location: { address: '0xffffffff82033a51' },
  drop: { count: 1, reason: 'NO_SOCKET', code: 3, subsystem: 'core', origin: 'software', decoded_by: 'format' },
}

describe('tracing data', () => {
  it.each([true, false])('gives the formats of a recording, little endian: %s', (isLittle) => {
    const { data, fault } = readTracingData(tracing(isLittle))
    expect(fault).toBeUndefined()
    expect(data.formats.map(({ system, format }) => `${system}:${format.name} ${format.id}`)).toEqual([
      'skb:kfree_skb 1500',
    ])
    expect(data.printkTexts.get(0xffffffff82a1b2c3n)).toBe('RCU')
    expect(recordOf(tracing(isLittle), contextOf(), sample(3, isLittle))).toEqual(DROP)
  })

  it('that is cut anywhere says so, and keeps the formats before', () => {
    const whole = tracing(true)
    const formatEnd = whole.indexOf(FORMAT) + FORMAT.length
    for (let end = 0; end < whole.length; end++) {
      const { data, fault } = readTracingData(whole.subarray(0, end))
      expect(fault).toBeTypeOf('string')
      expect(data.formats.length).toBe(end >= formatEnd ? 1 : 0)
    }
  })

  it('with a byte changed gives a fault, or records of some kind', () => {
    const whole = tracing(true)
    for (let at = 0; at < whole.length; at++) {
      for (const mask of [0x01, 0x80]) {
        const damaged = Buffer.from(whole)
        damaged[at] = (damaged[at] ?? 0) ^ mask
        const { fault } = readTracingData(damaged)
        const record = recordOf(damaged, contextOf())
        expect(fault === undefined || typeof fault === 'string').toBe(true)
        if (record !== undefined) expect(record.event_name).toBeTypeOf('string')
      }
    }
  })
})

describe('a reason', () => {
  it.each([
    ['of a subsystem keeps its number', 0x30001, { count: 1, code: 0x30001, origin: 'software' }],
    ['called MAX is no reason', 77, { count: 1, code: 77, origin: 'software' }],
    ['that is not in the format keeps its number', 0, { count: 1, code: 0, origin: 'software' }],
  ])('%s', (_, reason, drop) => {
    expect(recordOf(tracing(true), contextOf(), sample(reason))).toMatchObject({ drop })
  })

  it('of a subsystem has the name of a snapshot, but not that of a bundled table', () => {
    const table = {
      core: { 3: 'OTHER' },
      subsystems: { 3: { name: 'openvswitch', names: { 1: 'OVS_DROP_LAST_ACTION' } } },
    }
    const named = { code: 0x30001, reason: 'OVS_DROP_LAST_ACTION', subsystem: 'openvswitch', decoded_by: 'snapshot' }
    const ofSubsystem = (by: 'snapshot' | 'kernel:6.12') =>
      recordOf(tracing(true), contextOf({}, reasonsOf(table, by)), sample(0x30001))
    expect(ofSubsystem('snapshot')).toMatchObject({ drop: named })
    expect(ofSubsystem('kernel:6.12')?.drop).toEqual({ count: 1, code: 0x30001, origin: 'software' })
    expect(recordOf(tracing(true), contextOf({}, reasonsOf(table, 'snapshot')))).toEqual(DROP)
  })
})

describe('a sample', () => {
  it('that ends before its fields is a drop, and incomplete', () => {
    expect(recordOf(tracing(true), contextOf(), sample(3, true, 26))).toEqual({
      v: 1,
      kind: 'drop',
      event_name: 'skb:kfree_skb',
      drop: { count: 1, origin: 'software' },
      flags: ['incomplete'],
    })
  })

  it('of a kernel that adds a field has it in args', () => {
    const format = FORMAT.replace('reason: %s", ', 'reason: %s flow=%d", ')
      .replace('\n\nprint', '\n\tfield:int flow;\toffset:32;\tsize:4;\tsigned:1;\n\nprint')
      .replace(/\)\n$/, '), REC->flow\n')
    expect(recordOf(tracing(true, format), contextOf())).toEqual({ ...DROP, args: { flow: 0 } })
  })

  it('of a format that does not compile has its fields', () => {
    const format = FORMAT.replace('REC->protocol,', 'helper(REC->protocol),').replace('kfree_skb', 'other')
    expect(recordOf(tracing(true, format), contextOf())).toEqual({
      v: 1,
      kind: 'trace',
      event_name: 'skb:other',
      skb: { addr: '0xffff88811f6a7068', protocol: 2048, protocol_name: 'IPv4' },
      location: { address: '0xffffffff82033a51' },
      args: { reason: 3 },
    })
  })
})

describe('--formats', () => {
  it.each([
    ['/copy/events/skb/kfree_skb/format', DROP],
    ['format.skb.kfree_skb.txt', DROP],
    ['somewhere/format', DROP],
  ])('%s describes samples of a recording without formats', (path, record) => {
    expect(recordOf(undefined, contextOf({ formats: [path, FORMAT, 'x/format', 'nonsense'] }))).toEqual(record)
  })

  it.each([44, 28])('is not used for samples of %i bytes, which another kernel made', (bytes) => {
    const context = contextOf({ formats: ['events/skb/kfree_skb/format', FORMAT] })
    expect(recordOf(undefined, context, sample(3, true, bytes))).toBeUndefined()
  })

  it('does not go before the formats of the recording', () => {
    const other = FORMAT.replaceAll('NO_SOCKET', 'WRONG')
    expect(recordOf(tracing(true), contextOf({ formats: ['events/skb/kfree_skb/format', other] }))).toEqual(DROP)
  })
})
