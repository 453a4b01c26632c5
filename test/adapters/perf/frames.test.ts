import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFrame } from '../../../adapters/perf/script/frame.ts'
import { type Event, read } from './reading.ts'

const PAYLOAD = 'skbaddr=0xffff88815c05a0e0 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x91 reason: NO_SOCKET'
const K = '\tffffffffc09ace93'

/** The one record of a sample with these lines as its chain. */
async function sample(lines: readonly string[], { version = '6.12.1', tid = '1234567' } = {}): Promise<Event> {
  const header = version === '' ? '' : `# perf version : ${version}\n`
  const head = `curl ${tid} [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n`
  const { events, rejected } = await read(`${header}${head}${lines.map((line) => `${line}\n`).join('')}\n`)
  expect(rejected).toEqual([])
  expect(events).toHaveLength(1)
  return events[0] ?? { kind: 'none' }
}

describe('the dso of a frame', () => {
  const at = { address: '0xffffffffc09ace93' }
  it.each([
    ['bpf_prog_ab_f+0xb80 (bpf_prog_ab_f)', { symbol: 'bpf_prog_ab_f', offset: 0xb80, dso: 'bpf_prog_ab_f' }],
    ['main+0x10 (./a.out)', { symbol: 'main', offset: 16, dso: './a.out' }],
    ['main (a.out)', { symbol: 'main', dso: 'a.out' }],
    ['[unknown] (a.out)', { dso: 'a.out' }],
    ['(a.out)', { dso: 'a.out' }],
    ['f+0x1 (my prog (deleted))', { symbol: 'f', offset: 1, dso: 'my prog (deleted)' }],
    ['f+0x1 (/tmp/x (deleted))', { symbol: 'f', offset: 1, dso: '/tmp/x (deleted)' }],
    ['f+0x1 (/tmp/x (y)', { symbol: 'f', offset: 1, dso: '/tmp/x (y' }],
    ['f+0x1 (/tmp/x)y)', { symbol: 'f', offset: 1, dso: '/tmp/x)y' }],
    ['f+0x1 (/lib/x (y)+0x20)', { symbol: 'f', offset: 1, dso: '/lib/x (y)', dso_offset: '0x20' }],
    ['a(int, b (*)())+0x1 (/x)', { symbol: 'a(int, b (*)())', offset: 1, dso: '/x' }],
    ['void f<int (int)>()', { symbol: 'void f<int (int)>()' }],
    ['f(int) (.cold)', { symbol: 'f(int) (.cold)' }],
    ['f(int) (.cold) (./a.out)', { symbol: 'f(int) (.cold)', dso: './a.out' }],
    ['(cookie)', { symbol: '(cookie)' }],
    ['f ([kernelcapi])', { symbol: 'f', module: 'kernelcapi' }],
    ['f ([kernel.kallsyms])', { symbol: 'f' }],
    ['f ([kernel.vmlinux])', { symbol: 'f' }],
    ['f ([guest.kernel.kallsyms.12])', { symbol: 'f', dso: '[guest.kernel.kallsyms.12]' }],
    ['f ([x]y)', { symbol: 'f', dso: '[x]y' }],
    ['x+0x90 ([])', { symbol: 'x', offset: 0x90, dso: '[]' }],
    ['x+0x90 (+0x1)', { symbol: 'x', offset: 0x90, dso: '+0x1' }],
    ['x+0x90 ()', { symbol: 'x', offset: 0x90 }],
    ['+0x90 ()', { symbol: '+0x90' }],
  ])('%s', async (frame, expected) => {
    const event = await sample([`${K} ${frame}`])
    expect(event.stack).toEqual([{ ...at, ...expected }])
    expect(event.payload).toBeUndefined()
    expect(event.flags).toBeUndefined()
  })
})

describe('text behind a frame', () => {
  it.each([
    ['f+0x30 ([kernel.kallsyms]) 0x1/0x2/P/-/-/5', { symbol: 'f', offset: 0x30 }, '0x1/0x2/P/-/-/5'],
    [
      'f+0x30 (./a.out) 0x1 (/x y)/0x2 (/x y)/PN/-/-/0/COND/- ',
      { symbol: 'f', offset: 0x30, dso: './a.out' },
      '0x1 (/x y)/0x2 (/x y)/PN/-/-/0/COND/-',
    ],
    ['f+0x30 0x1(./a)/0x2(./a)/M/-/-/0', { symbol: 'f', offset: 0x30 }, '0x1(./a)/0x2(./a)/M/-/-/0'],
  ])('is its branch stack: %s', async (frame, place, brstack) => {
    const event = await sample([`${K} ${frame}`])
    expect(event.stack).toEqual([{ address: '0xffffffffc09ace93', ...place }])
    expect(event.sample).toEqual({ brstack })
    expect(event.payload).toBeUndefined()
  })

  it.each([
    ['f+0x30 ([kernel.kallsyms]) <-- here', '<-- here'],
    ['f+0x30 <-- here', '<-- here'],
    ['f ([kernel.kallsyms]) (1)', '(1)'],
    ['[unknown] ([unknown]) ?', '?'],
  ])('goes to the payload, never into a symbol: %s', async (frame, note) => {
    const event = await sample([`${K} ${frame}`, `${K} g ([kernel.kallsyms])`])
    expect(event.stack?.map(({ symbol }) => symbol)).toEqual([frame.startsWith('f') ? 'f' : undefined, 'g'])
    expect(event.payload).toBe(note)
    expect(event.flags).toEqual(['reformatted'])
  })

  it('is columns of the sample in lines of their own', async () => {
    const event = await sample([`${K} f ([kernel.kallsyms])`, ' ABI:2    AX:0x0    IP:0x1 0x1/0x2/P/-/-/5 '])
    expect(event.sample).toEqual({ regs: 'ABI:2    AX:0x0    IP:0x1', brstack: '0x1/0x2/P/-/-/5' })
    expect(event.stack).toHaveLength(1)
    expect(event.flags).toBeUndefined()
  })

  it('does not end the one frame of a sample without a chain', async () => {
    const line = (behind: string): string =>
      `            curl   26480 [001]  3466.291131:     250000 cycles:  ffffffff8162e779 kfree+0x69 ([kernel.kallsyms])${behind}\n`
    const ip = { address: '0xffffffff8162e779', symbol: 'kfree', offset: 0x69 }
    const { events } = await read(line(' 0x1/0x2/P/-/-/5') + line(' <-- here'))
    expect(events.map((event) => event.sample)).toEqual([
      { period: 250000, ip, brstack: '0x1/0x2/P/-/-/5' },
      { period: 250000, ip },
    ])
    expect(events.map((event) => [event.payload, event.flags])).toEqual([
      [undefined, undefined],
      ['<-- here', ['reformatted']],
    ])
  })
})

describe('an offset that no number holds', () => {
  it('is no piece of the symbol: its text is the payload, flagged', async () => {
    const event = await sample([`${K} _start+0xffff018f12345678 (/x)`])
    expect(event.stack).toEqual([{ address: '0xffffffffc09ace93', symbol: '_start', dso: '/x' }])
    expect(event.payload).toBe('_start+0xffff018f12345678')
    expect(event.flags).toEqual(['incomplete'])
  })

  it('neither in the frame of a sample without a chain', async () => {
    const { events } = await read(
      '            curl   26480 [001]  3466.291131:     250000 cycles:  ffffffff8162e779 _start+0xffff018f12345678 (/x)\n',
    )
    expect(events).toEqual([
      expect.objectContaining({
        sample: { period: 250000, ip: { address: '0xffffffff8162e779', symbol: '_start', dso: '/x' } },
        payload: '_start+0xffff018f12345678',
        flags: ['incomplete'],
      }),
    ])
  })
})

describe('the address of user code', () => {
  const frames = async (version: string, tid: string, frame: string): Promise<unknown> => {
    const { stack, flags } = await sample([frame], { version, tid })
    return { ...stack?.[0], ...(flags && { flags }) }
  }
  const SMALL = '\t          10acb3 f (/x)'
  const LARGE = '\t    7fd1a1528cb3 f (/x)'
  const MAP = '\t          10acb3 f (/tmp/perf-22774.map)'
  const offset = { dso_offset: '0x10acb3', symbol: 'f', dso: '/x' }
  const small = { address: '0x10acb3', symbol: 'f', dso: '/x' }
  const large = { address: '0x7fd1a1528cb3', symbol: 'f', dso: '/x' }
  const mapped = { address: '0x10acb3', symbol: 'f', dso: '/tmp/perf-22774.map' }
  const unsure = { ...small, flags: ['address_ambiguous'] }
  it.each([
    ['an offset where the header says so', '6.1.192', '26480', SMALL, offset],
    ['an offset where the header says so', '5.10.1', '26480', SMALL, offset],
    ['an offset where the header says so', '4.4.0', '26480', SMALL, offset],
    ['as printed where the header says so', '3.13.11', '26480', SMALL, small],
    ['as printed where the header says so', '6.12.1', '1234567', SMALL, small],
    ['ambiguous of versions that nobody has seen', '4.19.1', '26480', SMALL, unsure],
    ['ambiguous of versions that nobody has seen', '6.5.0', '26480', SMALL, unsure],
    ['ambiguous where a TID column of 5 is all that tells', '', '26480', SMALL, unsure],
    ['as printed where the TID column is of 7', '', '  26480', SMALL, small],
    ['no offset from 2^32 on', '6.1.192', '26480', LARGE, large],
    ['no offset from 2^32 on', '', '26480', LARGE, large],
    ['no offset from 2^32 on', '6.1.192', '26480', '\t       100000000 f (/x)', { ...large, address: '0x100000000' }],
    ['no offset in code that was made at run time', '6.1.192', '26480', MAP, mapped],
    ['no offset in code that was made at run time', '', '26480', MAP, mapped],
  ])('is %s: perf "%s", TID "%s", %s', async (_name, version, tid, frame, expected) => {
    expect(await frames(version, tid, frame)).toEqual(expected)
  })
})

describe('any frame', () => {
  const piece = fc.oneof(
    fc.constantFrom(' ', '(', ')', '[', ']', '/', '+0x', '+0x1f', '+0xffff018f12345678', ' (', ') ', ' ([', '])'),
    fc.constantFrom('[unknown]', ' (inlined)', '0x1/0x2/P/-/-/5', '\xc3', '\xa0', '\x00', 'à', 'f', '.map', 'ABI:2 '),
    fc.string({ maxLength: 6, unit: 'binary-ascii' }),
  )
  const frameText = fc
    .tuple(
      fc.constantFrom('ffffffff81e42e50', '          10acb3', '               0'),
      fc.array(piece, { maxLength: 12 }),
    )
    .map(([address, pieces]) => `\t${address} ${pieces.join('').replaceAll(/[\n\r]/g, '')}`)

  it('gives a valid record, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(frameText, fc.boolean(), async (frame, isLatin1) => {
        const head = `curl 1234567 [001]  3466.291131: skb:kfree_skb: ${PAYLOAD}\n`
        await read(Buffer.from(`${head}${frame}\n\n`, isLatin1 ? 'latin1' : 'utf8'))
        const line = `            curl   26480 [001]  3466.291131:     250000 cycles:  ${frame.slice(1)}\n`
        await read(Buffer.from(line, isLatin1 ? 'latin1' : 'utf8'))
      }),
      { numRuns: 500 },
    )
  })

  it('has each of its words in a member or in what is left', () => {
    const marked = fc
      .array(piece, { maxLength: 12 })
      .map((pieces) => pieces.map((text, of) => `${text}word${of};`).join(''))
    fc.assert(
      fc.property(marked, (text) => {
        const reading = readFrame(`${K} ${text}`, 'addresses')
        const held = `${JSON.stringify(reading?.frame)} ${reading?.rest}`
        for (const [word] of text.matchAll(/word\d+;/g)) expect(held).toContain(word)
      }),
      { numRuns: 2000 },
    )
  })
})
