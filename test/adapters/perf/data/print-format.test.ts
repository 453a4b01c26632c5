// Print formats, each with the text that the kernel prints of these fields.
import { describe, expect, it } from 'vitest'
import { rendered } from '../../../../adapters/perf/data/bound-arguments.ts'
import { readFormatText } from '../../../../adapters/perf/data/format-text.ts'
import { compilePrintFormat } from '../../../../adapters/perf/data/print/print-format.ts'
import { RawData } from '../../../../adapters/perf/data/raw-data.ts'
import { rawSample } from './raw-sample.ts'

const FIELDS = [
  'unsigned short common_type; offset:0; size:2; signed:0',
  'int n; offset:4; size:4; signed:1',
  'u64 big; offset:8; size:8; signed:0',
  'u8 small; offset:16; size:1; signed:0',
  'char comm[7]; offset:17; size:7; signed:0',
  '__u8 ip[4]; offset:24; size:4; signed:0',
  '__data_loc char[] name; offset:28; size:4; signed:0',
  '__rel_loc char[] other; offset:32; size:4; signed:0',
  '__u8 sockaddr[sizeof(struct sockaddr_in6)]; offset:36; size:28; signed:0',
  'unsigned long args[2]; offset:64; size:16; signed:0',
  '__u8 v6[16]; offset:80; size:16; signed:0',
  'long back; offset:96; size:8; signed:1',
  '__data_loc char[] beyond; offset:104; size:4; signed:0',
]

function sample(): Buffer {
  const raw = Buffer.alloc(128)
  raw.writeInt32LE(-104, 4)
  raw.writeBigUInt64LE(0xffff88811f6a7068n, 8)
  raw[16] = 200
  raw.write('a=b c\0', 17)
  raw.set([127, 0, 0, 1], 24)
  raw.writeUInt32LE((5 << 16) | 108, 28)
  raw.write('eth0\0', 108)
  raw.writeUInt32LE((4 << 16) | (116 - 36), 32)
  raw.write('lo\0x', 116)
  raw.set([10, 0, 0x1f, 0x90, 0, 0, 0, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 36)
  raw.writeBigUInt64LE(0x10n, 64)
  raw.writeBigUInt64LE(0x7ffen, 72)
  raw.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 2], 80)
  raw.writeBigInt64LE(-2n, 96)
  raw.writeUInt32LE((50 << 16) | 120, 104)
  return raw
}

/** Undefined: the format does not compile. */
function printed(format: string): string | undefined {
  const text = `name: test\nID: 1\nformat:\n${FIELDS.map((field) => `\tfield:${field};\n`).join('')}\nprint fmt: ${format}\n`
  const read = readFormatText(text, 8)
  const pieces =
    read === undefined
      ? undefined
      : compilePrintFormat(read.printFormat, read.fields, 8, {
          printkTexts: new Map([[0x10n, 'a text of the kernel']]),
          symbolOf: (address, withOffset) =>
            address === 0xffff88811f6a7068n ? (withOffset ? 'tcp_v4_rcv+0x91' : 'tcp_v4_rcv') : undefined,
        })
  if (pieces === undefined) return undefined
  const raw = new RawData(8)
  raw.show(rawSample(sample()))
  return rendered(pieces, raw)
}

describe('a print format', () => {
  it.each([
    ['"n=%d u=%u x=%x", REC->n, REC->n, REC->n', 'n=-104 u=4294967192 x=ffffff98'],
    ['"%ld %lu %#lx %08lx", REC->back, REC->back, REC->args[0], REC->args[1]', '-2 18446744073709551614 0x10 00007ffe'],
    ['"%hhd %hd %lld", REC->small, REC->small, (unsigned int)REC->n', '-56 200 4294967192'],
    ['"[%5d] [%-5d] [%05d] [%03d]", REC->small, REC->small, REC->n, REC->small', '[  200] [200  ] [-0104] [200]'],
    [
      '"%s|%s|%s|%.2s|%7s", REC->comm, __get_str(name), __get_rel_str(other), REC->comm, __get_str(name)',
      'a=b c|eth0|lo|a=|   eth0',
    ],
    ['"%p %p %px %%", REC->big, (void *)0, REC->big', '0xffff88811f6a7068 (nil) 0xffff88811f6a7068 %'],
    ['"%pS %ps %pS", REC->big, (void *)REC->big, REC->args[0]', 'tcp_v4_rcv+0x91 tcp_v4_rcv 0x10'],
    [
      '"%pI4 %pI6c %pI6 %pISpc", REC->ip, REC->v6, REC->v6, REC->sockaddr',
      '127.0.0.1 ::ffff:10.0.0.2 0000:0000:0000:0000:0000:ffff:0a00:0002 [fe80::1]:8080',
    ],
    ['"%s", __print_symbolic(REC->small, { 1, "ONE" }, { 0xc8, "TWO" "HUNDRED" })', 'TWOHUNDRED'],
    ['"%s", __print_symbolic(REC->n, { -104, "RESET" })', 'RESET'],
    ['"%s", __print_symbolic(REC->small, { TCP_ESTABLISHED, "TCP_ESTABLISHED" }, { 1 << 3, "EIGHT" })', '0xc8'],
    [
      '"%s %s", __print_flags(REC->small, "|", { 0x8, "A" }, { 0x40, "B" }), __print_flags(0, "", { 0, "none" })',
      'A|B|0x80 none',
    ],
    ['"%s", REC->n > 0 ? "up" : REC->n < -100 ? "down" : "level"', 'down'],
    ['"%d", REC->n > 0 && REC->small ? 1 : -((REC->small >> 3) & ~1) + 2 * 3', '-18'],
    ['"%d", (REC->small == FOO) + (REC->small != FOO)', '1'],
    ['"%s %s", __print_hex(REC->ip, 3), __print_hex_str(REC->ip, sizeof(int))', '7f 00 00 7f000001'],
    ['"%s", __print_array(REC->args, 2, 8)', '{0x10,0x7ffe}'],
    ['"%d", __get_dynamic_array_len(name)', '5'],
    ['"%s", REC->args[0]', 'a text of the kernel'],
    ['"%s" " and %d\\n", __get_str(name), REC->small', 'eth0 and 200\n'],
    ['"[%s]", __get_str(beyond)', '[]'],
    ['"%*d %*phC", 5, REC->small, 2, REC->ip', '  200 7f:00'],
    ['"%*ph", 2, REC->ip', '7f 00'],
    ['"%d", REC->nothing', undefined],
    ['"%d", helper(REC->n)', undefined],
    ['"%d", REC->n & FOO', undefined],
    ['"%d", FOO', undefined],
    ['"%d %d", REC->n', undefined],
    ['"%d", REC->n, REC->n', undefined],
    ['"%pV", REC->big', undefined],
    ['"%d", ({ int a = REC->n; a; })', undefined],
    [`"%d", ${'('.repeat(100)}REC->n${')'.repeat(100)}`, undefined],
    [`"%d", ${'1+'.repeat(5000)}1`, undefined],
    ['no text', undefined],
    ['', undefined],
  ])('%s', (format, text) => {
    expect(printed(format)).toBe(text)
  })
})
