// The kernel's side of the addresses: its text, modules, and BPF programs; and whether a kallsyms file is of this boot.
import type { KallsymsOfHost } from '../../../src/contract.ts'
import { type Kallsyms, type NearSymbol, readKallsyms, type TextMark } from '../../../src/kernel/kallsyms.ts'
import type { KernelPlace } from '../../../src/kernel/symbol.ts'
import { utf8 } from '../../../src/text/utf8.ts'
import { RangeList } from './range-list.ts'
import type { KernelSymbol, Mapping } from './symbols.ts'

/** What the check of the file against the recording gave. */
type KallsymsUse =
  | { readonly use: 'all' }
  /** The same kernel was loaded elsewhere: its own text is so much higher in the recording. */
  | { readonly use: 'text'; readonly shift: bigint }
  | { readonly use: 'none' }

const NONE: KallsymsUse = { use: 'none' }
const MOST_MODULES = 16_384
const MOST_SYMBOLS = 65_536
const PAGE = 4096n
/** perf that did not find the end of the kernel writes one beyond all memory. */
const LONGEST_TEXT = 2n ** 32n

export class KernelMaps {
  /** Counts what changes places. */
  epoch = 0
  hint: string | undefined
  private readonly given: KallsymsOfHost | undefined
  private readonly modules = new RangeList<string>(MOST_MODULES)
  private readonly symbols = new RangeList<KernelSymbol>(MOST_SYMBOLS)
  private kernel: Mapping | undefined
  private release: string | undefined
  private buildId: string | undefined
  private names: Kallsyms | undefined
  private isRead = false
  private verdict: KallsymsUse = NONE

  constructor(given: KallsymsOfHost | undefined) {
    this.given = given
  }

  mapped(mapping: Mapping): void {
    const { file, start, length } = mapping
    if (file.startsWith('[kernel.kallsyms]')) {
      this.kernel = mapping
      if (mapping.buildId !== undefined) this.buildId = mapping.buildId
      this.judge()
    } else if (!file.startsWith('[guest')) {
      const module = moduleName(file)
      if (module === '') this.modules.remove(start, start + length)
      else this.modules.add(start, start + length, module)
    }
    this.epoch++
  }

  kernelSymbol(symbol: KernelSymbol): void {
    const { address, length, isGone } = symbol
    if (isGone || symbol.name === '') this.symbols.remove(address, address + BigInt(length))
    else this.symbols.add(address, address + BigInt(length), symbol)
    this.epoch++
  }

  kernelRelease(release: string): void {
    this.release = release
    this.judge()
  }

  kernelBuildId(id: string): void {
    this.buildId = id
    this.judge()
  }

  placeOf(address: bigint): KernelPlace {
    const hex = `0x${address.toString(16)}`
    const loaded = this.symbols.at(address)
    if (loaded !== undefined)
      return { symbol: utf8(loaded.name), offset: Number(address - loaded.address), address: hex }
    const module = this.modules.at(address)
    const near = this.symbolOf(address, module)
    return {
      ...(near !== undefined && { symbol: utf8(near.name), offset: near.offset }),
      address: hex,
      ...(module !== undefined && { module: utf8(module) }),
    }
  }

  private symbolOf(address: bigint, module: string | undefined): NearSymbol | undefined {
    const { names, verdict } = this
    if (names === undefined || verdict.use === 'none') return undefined
    if (module !== undefined && verdict.use === 'text') return undefined
    const near = names.nearest(verdict.use === 'text' ? address - verdict.shift : address)
    if (near === undefined) return undefined
    // Code that the kernel makes itself is in no map.
    const owner = near.module === undefined || MADE.includes(near.module) ? undefined : near.module
    return owner === module && (verdict.use === 'all' || near.module === undefined) ? near : undefined
  }

  /** Judges the file anew by all that is known now. */
  private judge(): void {
    const { given, kernel } = this
    if (given === undefined || kernel === undefined) return
    if (!this.isRead) {
      this.isRead = true
      const read = readKallsyms(given.text)
      if ('refused' in read) this.hint = `${given.from} is not used: ${read.refused}`
      else this.names = read
    }
    if (this.names === undefined) return
    const { verdict, hint } = this.judged(given, kernel, this.names)
    this.verdict = verdict
    this.hint = hint === undefined ? undefined : `${given.from} ${hint}`
    this.epoch++
  }

  private judged(
    given: KallsymsOfHost,
    kernel: Mapping,
    { marks }: Kallsyms,
  ): { readonly verdict: KallsymsUse; readonly hint?: string } {
    const refused = (why: string) => ({ verdict: NONE, hint: `is not used: ${why}` })
    const mark: TextMark = kernel.file.endsWith('_stext') ? '_stext' : '_text'
    const own = marks.get(mark) ?? marks.get(mark === '_text' ? '_stext' : '_text')
    if (own === undefined) return refused('it does not say where the text of the kernel begins')
    if (kernel.fileOffset === 0n)
      return refused('the recording does not say where the kernel was (kernel.kptr_restrict)')
    if (given.buildId !== undefined && this.buildId !== undefined && given.buildId !== this.buildId)
      return refused('it is of another build of the kernel')
    if (given.release !== undefined && this.release !== undefined && given.release !== this.release)
      return refused(`it is of kernel ${given.release}, the recording of ${this.release}`)
    const end = marks.get('_etext')
    const isLengthKnown = end !== undefined && kernel.length < LONGEST_TEXT && kernel.length > 0n
    const isSameLength = isLengthKnown && end - own === kernel.length
    if (isLengthKnown && !isSameLength)
      return refused('the text of its kernel has another length than the recorded one')
    const shift = kernel.fileOffset - own
    if (shift === 0n) return { verdict: { use: 'all' } }
    const isSameKernel =
      isSameLength ||
      (given.release !== undefined && given.release === this.release) ||
      (given.buildId !== undefined && given.buildId === this.buildId)
    if (!isSameKernel || shift % PAGE !== 0n)
      return refused(
        `its kernel begins at 0x${own.toString(16)}, the recorded one at 0x${kernel.fileOffset.toString(16)}`,
      )
    const distance = `${shift < 0n ? '-' : ''}0x${(shift < 0n ? -shift : shift).toString(16)}`
    return {
      verdict: { use: 'text', shift },
      hint: `is of another boot of the same kernel: its symbols were moved by ${distance}, and modules have none`,
    }
  }
}

/** kallsyms names them like modules. */
const MADE: readonly string[] = ['bpf', '__builtin__ftrace', '__builtin__kprobes']

/** `/lib/modules/6.1.0/…/nf_tables.ko.xz` and `[nf_tables]` → `nf_tables`. */
function moduleName(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/^\[([^\]]*)\]$/, '$1')
  return name.replace(/\.ko(?:\.(?:gz|xz|zst|bz2|lz4))?$/, '').replaceAll('-', '_')
}
