// Names of addresses: only by a kallsyms file that the recording's own map of the kernel agrees with.
import { describe, expect, it } from 'vitest'
import { type Mapping, openSymbols, type Symbols } from '../../../../adapters/perf/data/symbols.ts'
import type { Context, KallsymsOfHost } from '../../../../src/contract.ts'
import { NO_REASONS } from '../../../../src/kernel/reasons/reasons.ts'
import { chainSample } from './raw-sample.ts'

const BASE = 0xffffffff81000000n
const KALLSYMS = `ffffffff81000000 T _stext
ffffffff81000000 T _text
ffffffff81000100 T tcp_v4_rcv
ffffffff81000300 t ip_rcv
ffffffff81000800 T _etext
ffffffffc0001000 t nft_do_chain\t[nf_tables]
ffffffff81001000 D data
`

function open(kallsyms: string | KallsymsOfHost | undefined = KALLSYMS): Symbols {
  const context: Context = {
    flags: typeof kallsyms === 'string' ? { kallsyms } : {},
    kallsyms: typeof kallsyms === 'string' ? undefined : kallsyms,
    reasons: NO_REASONS,
    isWholeReason: () => false,
  }
  return openSymbols(context)
}

function map(file: string, start: bigint, length: bigint, over: Partial<Mapping> = {}): Mapping {
  return { cpuMode: 1, pid: -1, start, length, fileOffset: start, file, buildId: undefined, ...over }
}

const KERNEL = map('[kernel.kallsyms]_text', BASE, 0x800n)
const ADDRESS = BASE + 0x110n
const NAMED = { symbol: 'tcp_v4_rcv', offset: 16, address: '0xffffffff81000110' }
const BARE = { address: '0xffffffff81000110' }

describe('a kallsyms file', () => {
  it('names addresses of the boot that the recording is of', () => {
    const symbols = open()
    expect(symbols.placeOf(ADDRESS)).toEqual(BARE)
    symbols.mapped(KERNEL)
    expect(symbols.placeOf(ADDRESS)).toEqual(NAMED)
    expect(symbols.hint).toBeUndefined()
  })

  it.each([
    ['text of another length', { ...KERNEL, length: 0x801n }, 'the text of its kernel has another length'],
    ['a place that is hidden', { ...KERNEL, fileOffset: 0n }, 'the recording does not say where'],
    [
      'another place, and a length that perf did not know',
      { ...KERNEL, fileOffset: BASE + 0x200000n, length: 2n ** 62n },
      'its kernel begins at 0xffffffff81000000, the recorded one at 0xffffffff81200000',
    ],
  ])('is not used for %s', (_, kernel, why) => {
    const symbols = open()
    symbols.mapped(kernel)
    expect(symbols.placeOf(ADDRESS)).toEqual(BARE)
    expect(symbols.hint).toContain(`--kallsyms is not used: ${why}`)
  })

  it('is moved where the same kernel was loaded elsewhere, and names nothing of modules then', () => {
    const symbols = open()
    symbols.mapped(map('[kernel.kallsyms]_text', BASE + 0x200000n, 0x800n))
    symbols.mapped(map('[nf_tables]', 0xffffffffc0001000n, 0x1000n))
    expect(symbols.placeOf(ADDRESS + 0x200000n)).toEqual({ ...NAMED, address: '0xffffffff81200110' })
    expect(symbols.placeOf(0xffffffffc0001010n)).toEqual({ address: '0xffffffffc0001010', module: 'nf_tables' })
    expect(symbols.hint).toContain('its symbols were moved by 0x200000')
  })

  it('of a snapshot is not used for another kernel or another build', () => {
    const symbols = open({ text: KALLSYMS, from: 'the snapshot', release: '6.1', buildId: 'aa' })
    symbols.mapped(KERNEL)
    expect(symbols.placeOf(ADDRESS)).toEqual(NAMED)
    symbols.kernelRelease('6.12')
    expect(symbols.placeOf(ADDRESS)).toEqual(BARE)
    expect(symbols.hint).toContain('it is of kernel 6.1, the recording of 6.12')
    symbols.kernelRelease('6.1')
    symbols.buildId('[kernel.kallsyms]', 'bb')
    expect(symbols.hint).toContain('another build')
  })

  it.each([
    ['hides addresses', '0000000000000000 T _text\n', 'its addresses are hidden'],
    ['is something else', '<html>', 'it has no lines as /proc/kallsyms has them'],
    ['has no beginning', 'ffffffff81000100 T tcp_v4_rcv\n', 'it does not say where the text'],
  ])('that %s is refused', (_, text, why) => {
    const symbols = open(text)
    symbols.mapped(KERNEL)
    expect(symbols.hint).toContain(why)
  })
})

describe('places of the kernel', () => {
  it('have the module whose map covers them, however its file is called', () => {
    const symbols = open()
    symbols.mapped(KERNEL)
    symbols.mapped(map('/lib/modules/6.1.0/kernel/net/nf-tables.ko.xz', 0xffffffffc0001000n, 0x1000n))
    expect(symbols.placeOf(0xffffffffc0001010n)).toEqual({
      symbol: 'nft_do_chain',
      offset: 16,
      address: '0xffffffffc0001010',
      module: 'nf_tables',
    })
    // Another module was loaded there.
    symbols.mapped(map('[veth]', 0xffffffffc0001000n, 0x1000n))
    expect(symbols.placeOf(0xffffffffc0001010n)).toEqual({ address: '0xffffffffc0001010', module: 'veth' })
  })

  it('have the name of a BPF program while it is loaded', () => {
    const symbols = open(undefined)
    const program = { address: 0xffffffffc0203000n, length: 0x40, name: 'bpf_prog_ab_f' }
    const epoch = symbols.kernelEpoch
    symbols.kernelSymbol({ ...program, isGone: false })
    expect(symbols.kernelEpoch).not.toBe(epoch)
    expect(symbols.placeOf(0xffffffffc0203010n)).toMatchObject({ symbol: 'bpf_prog_ab_f', offset: 16 })
    symbols.kernelSymbol({ ...program, isGone: true })
    expect(symbols.placeOf(0xffffffffc0203010n)).toEqual({ address: '0xffffffffc0203010' })
  })
})

describe('a call chain', () => {
  const LIBC = map('/usr/lib/libc.so.6', 0x7f0000000000n, 0x2000n, { cpuMode: 2, pid: 7, fileOffset: 0x1000n })

  it('has frames of the kernel and of what the process has mapped, without the marks', () => {
    const symbols = open()
    symbols.mapped(KERNEL)
    symbols.mapped(LIBC)
    const stack = symbols.stackOf(chainSample([-128n, ADDRESS, -512n, 0x7f0000000010n, 0x10n]))
    expect(stack?.value()).toEqual([
      { ...NAMED },
      { address: '0x7f0000000010', dso: '/usr/lib/libc.so.6', dso_offset: '0x1010' },
      { address: '0x10' },
    ])
    expect(stack?.notes).toBeUndefined()
  })

  it('has the maps of its process at that time: of a parent, of none after an exec, of a later mapping', () => {
    const symbols = open(undefined)
    const frame = (pid: number) => symbols.stackOf(chainSample([-512n, 0x7f0000000010n], { pid }))?.value()
    const inLibc = [{ address: '0x7f0000000010', dso: '/usr/lib/libc.so.6', dso_offset: '0x1010' }]
    symbols.mapped(LIBC)
    symbols.forked(8, 7)
    expect(frame(8)).toEqual(inLibc)
    symbols.executed(8)
    expect(frame(8)).toEqual([{ address: '0x7f0000000010' }])
    expect(frame(7)).toEqual(inLibc)
    symbols.mapped({ ...LIBC, file: '[vdso]', length: 0x800n })
    expect(frame(7)).toEqual([{ address: '0x7f0000000010', dso: '[vdso]', dso_offset: '0x1010' }])
    expect(symbols.stackOf(chainSample([-512n, 0x7f0000000900n]))?.value()).toMatchObject([
      { dso: '/usr/lib/libc.so.6' },
    ])
  })

  it('whose user part comes later is incomplete', () => {
    const stack = open(undefined).stackOf(chainSample([-128n, ADDRESS, -640n, 0x1234n]))
    expect(stack?.value()).toEqual([BARE])
    expect(stack?.notes).toEqual({ flags: ['incomplete'] })
  })

  it('is valid whatever names and offsets a recording has', () => {
    const symbols = open(undefined)
    symbols.mapped(map('[]', BASE, 0x100n))
    symbols.mapped(map('[\xff]', BASE + 0x100n, 0x100n))
    symbols.kernelSymbol({ address: BASE + 0x200n, length: 0x100, name: '', isGone: false })
    symbols.mapped({ ...LIBC, file: '\xff', fileOffset: 2n ** 64n - 1n })
    const stack = symbols.stackOf(chainSample([-128n, BASE, BASE + 0x100n, BASE + 0x200n, -512n, 0x7f0000000010n]))
    expect(stack?.notes).toEqual({ flags: ['text_replaced'] })
    expect(stack?.value()).toMatchObject([{}, { module: '\ufffd' }, {}, { dso: '\ufffd', dso_offset: '0xf' }])
  })

  it('of no frames is no stack', () => {
    expect(open(undefined).stackOf(chainSample([-128n]))).toBeUndefined()
    expect(open(undefined).stackOf(chainSample([]))).toBeUndefined()
  })
})
