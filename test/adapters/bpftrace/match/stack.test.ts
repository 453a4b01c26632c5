import { describe, expect, it } from 'vitest'
import { isFrame, readStack } from '../../../../adapters/bpftrace/match/stack.ts'
import { readText } from '../reading.ts'

describe('a frame of a stack', () => {
  const frames: readonly (readonly [line: string, frame: unknown])[] = [
    ['        sk_skb_reason_drop+144', { symbol: 'sk_skb_reason_drop', offset: 144 }],
    ['    do_softirq.part.0+59', { symbol: 'do_softirq.part.0', offset: 59 }],
    ['\ttcp_drop+0x1', { symbol: 'tcp_drop', offset: 1 }],
    ['ip_output+1', { symbol: 'ip_output', offset: 1 }],
    [
      '\tffffffff81e42e50 sk_skb_reason_drop+144',
      { address: '0xffffffff81e42e50', symbol: 'sk_skb_reason_drop', offset: 144 },
    ],
    [
      '\t7f30523753a7 malloc+12 (/usr/lib/libc.so.6)',
      { address: '0x7f30523753a7', symbol: 'malloc', offset: 12, dso: '/usr/lib/libc.so.6' },
    ],
    ['\t7f30523753a7 [unknown] ([unknown])', { address: '0x7f30523753a7' }],
    ['        0x7f30523753a7', { address: '0x7f30523753a7' }],
    ['        f+1@net/core/skbuff.c:12', { symbol: 'f', offset: 1, file: 'net/core/skbuff.c', line: 12 }],
    ['        [inlined] f@net/core/skbuff.c:12', { symbol: 'f', file: 'net/core/skbuff.c', line: 12, inlined: true }],
    // The nearest symbol of JIT code, and not its function.
    ['        _einittext+1015208071', {}],
  ]

  it.each(frames)('%s', (line, frame) => {
    expect(isFrame(line, 0)).toBe(true)
    expect(readStack(line)).toEqual({ frames: [frame], isWhole: !line.includes('_einittext') })
  })

  it('may be nothing that could be named', () => {
    expect(['        0', '<unwind failure>'].map((line) => [isFrame(line, 0), readStack(line).frames])).toEqual([
      [true, []],
      [true, []],
    ])
  })

  it('is a bare address only where the program prints raw ones', () => {
    expect(isFrame('ffffffff81e42e50', 1)).toBe(true)
    expect(isFrame('ffffffff81e42e50', 0)).toBe(false)
  })

  const none = ['', 'curl 22744 3', 'short:', 'Lost 3 events', '@[x]: 3', 'perf style:']

  it.each(none)('%j is none', (line) => {
    expect(isFrame(line, 1)).toBe(false)
  })
})

describe('a stack that a program prints', () => {
  const program =
    'tracepoint:skb:kfree_skb { printf("%s %d%s\\n", comm, args->reason, kstack); printf("u:%s\\n", ustack(2)) }'
  const text = 'curl 3\n        a+1\n        b+2\n\nu:\n        0x7f30523753a7\n        0\n\nx y 4\n        c+3\n\nu:\n'

  it('ends with what is no frame', () => {
    const { drops, events } = readText(text, { program })
    expect(events).toHaveLength(2)
    expect(drops).toMatchObject([
      {
        process: { comm: 'curl' },
        stack: [{ symbol: 'a' }, { symbol: 'b' }],
        args: { ustack_2_: '[{"address":"0x7f30523753a7"}]' },
      },
      { process: { comm: 'x y' }, stack: [{ symbol: 'c' }] },
    ])
  })

  it('is read alike in any pieces', () => {
    const whole = readText(text, { program })
    for (let chunk = 1; chunk < 40; chunk++) expect(readText(text, { program, chunk }), `${chunk}`).toEqual(whole)
  })

  it('is read where the blank before it was cut', () => {
    const kstack = 'kprobe:kfree_skb { printf("kstack: %s\\n", kstack) }'
    expect(readText('kstack:\n\ta+1\n\tb+2\n\n', { program: kstack }).events).toMatchObject([
      { kind: 'trace', stack: [{ symbol: 'a' }, { symbol: 'b' }], flags: ['reformatted'] },
    ])
  })
})

it('a stack of which a symbol is left out is flagged', () => {
  const program = 'tracepoint:skb:kfree_skb { printf("drop%s\\n", kstack); }'
  const stack = (frame: string): string => `drop\n        f+1\n        ${frame}\n\n`
  const flags = (text: string): unknown => readText(text, { program }).events.map((event) => event.flags)
  expect(flags(stack('g+2'))).toEqual([undefined])
  expect(flags(stack('_einittext+1015208071'))).toEqual([['incomplete']])
})
