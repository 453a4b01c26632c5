import type { MemberTypes } from '../../../src/event/generated/types.ts'
import type { Leaf } from '../../../src/event/leaf.ts'
import { Mould, type Part, seal } from '../../../src/event/part.ts'
import type { FlagWord } from '../../../src/event/words.ts'
import { etherTypeName } from '../../../src/kernel/ethertype.ts'
import { isNameArgument } from '../../../src/kernel/text-arguments.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import type { Capture } from '../match/segment.ts'
import { BYTES } from '../match/shape.ts'
import { readStack } from '../match/stack.ts'
import type { Arg, CapturesByPlace, IndexedCapture } from './fields.ts'
import { type Maker, type MatchedText, remembered } from './matched-text.ts'
import { addressOf, argOf, commBytes, integerOf, naturalOf } from './readings.ts'

const LOSSY = ['text_replaced'] as const
const INCOMPLETE = ['incomplete'] as const

/** The default size of `str()` with its NUL: up to 0.20, up to 0.22, from 0.23 on. */
const STRING_SIZES = [64, 200, 1024]
const TRAILER = '..'

/** The flags of a text: some bytes were replaced; the program or bpftrace cut it. */
function textFlags(text: string, { notation, shape, cutAt }: Capture): readonly FlagWord[] {
  if (notation.as === 'number' || notation.as === 'pointer') return []
  const isText = shape.kind === 'text' && text.endsWith(TRAILER)
  const isCut = text.length === cutAt || (isText && STRING_SIZES.includes(text.length - TRAILER.length + 1))
  if (!isCut) return replaced(text) ? LOSSY : []
  return replaced(text) ? ['truncated', 'text_replaced'] : ['truncated']
}

export function processMaker(matched: MatchedText, at: CapturesByPlace, isOneText: boolean): Maker<Part> | undefined {
  const [comm, pid, tid] = [at.get('comm'), at.get('pid'), at.get('tid')]
  const captures = [comm, pid, tid].filter((one) => one !== undefined)
  if (captures.length === 0) return undefined
  return remembered(matched, captures, isOneText, () => {
    const process: { comm?: string; pid?: number; tid?: number } = {}
    const bytes = comm === undefined ? undefined : commBytes(matched.text(comm.index), comm.capture)
    if (bytes !== undefined) process.comm = utf8(bytes)
    const pidNumber = natural(matched, pid)
    if (pidNumber !== undefined) process.pid = pidNumber
    const tidNumber = natural(matched, tid)
    if (tidNumber !== undefined) process.tid = tidNumber
    const flags = bytes === undefined || comm === undefined ? [] : textFlags(bytes, comm.capture)
    return seal('process', process, ...flags)
  })
}

export function cpuMaker(matched: MatchedText, at: CapturesByPlace): Maker<Part | undefined> | undefined {
  const cpu = at.get('cpu')
  if (cpu === undefined) return undefined
  return remembered(matched, [cpu], true, () => {
    const number = natural(matched, cpu)
    return number === undefined ? undefined : seal('cpu', number)
  })
}

/** The holes of a mould, in the order of the members of the section. */
type Holes = readonly [Leaf] | readonly [Leaf, Leaf] | readonly [Leaf, Leaf, Leaf]

export function skbMaker(matched: MatchedText, at: CapturesByPlace): Maker<Part | undefined> | undefined {
  const [addr, protocol, len, rxSk] = [at.get('skb_addr'), at.get('protocol'), at.get('skb_len'), at.get('rx_sk')]
  if (addr === undefined && protocol === undefined && len === undefined && rxSk === undefined) return undefined
  const holes = holesOf([addr && 'addr', len && 'len', rxSk && 'rx_sk'])
  const specimen = (): MemberTypes['skb'] => {
    const number = natural(matched, protocol)
    const name = number === undefined ? undefined : etherTypeName(number)
    return {
      ...(addr && { addr: '0x1' }),
      ...(number !== undefined && number <= 0xffff && { protocol: number }),
      ...(name !== undefined && { protocol_name: name }),
      ...(len && { len: 0 }),
      ...(rxSk && { rx_sk: '0x1' }),
    }
  }
  if (holes === undefined) return protocol && remembered(matched, [protocol], true, () => seal('skb', specimen()))
  const only = protocol === undefined ? new Mould('skb', specimen(), holes) : undefined
  const mould = protocol && remembered(matched, [protocol], true, () => new Mould('skb', specimen(), holes))
  return () => {
    const leaves = [address(matched, addr), natural(matched, len), address(matched, rxSk)].filter(
      (leaf) => leaf !== undefined,
    )
    const [a, b, c] = leaves
    if (a === undefined || leaves.length !== holes.length) return undefined
    return (mould === undefined ? only : mould())?.fill(a, b, c)
  }
}

function holesOf(names: readonly (Leaf | undefined)[]): Holes | undefined {
  const [a, b, c] = names.filter((name) => name !== undefined)
  if (a === undefined) return undefined
  if (b === undefined) return [a]
  return c === undefined ? [a, b] : [a, b, c]
}

export function locationMaker(matched: MatchedText, at: CapturesByPlace): Maker<Part | undefined> | undefined {
  const [symbol, place] = [at.get('location_symbol'), at.get('location_address')]
  if (symbol === undefined && place === undefined) return undefined
  if (symbol === undefined) {
    const mould = new Mould('location', { address: '0x1' }, ['address'])
    return () => filled(mould, address(matched, place))
  }
  const of = (): { readonly symbol?: string; readonly address?: string } => {
    const text = matched.text(symbol.index)
    // ksym() prints an address that has no name as a number.
    if (/^0x[0-9a-f]{1,16}$/.test(text) || text === '0') return { address: addressOf(text, symbol.capture) ?? '0x0' }
    return { symbol: utf8(text) }
  }
  if (place === undefined) return remembered(matched, [symbol], true, () => seal('location', of()))
  const mould = remembered(matched, [symbol], true, () => {
    const { symbol: name } = of()
    return new Mould('location', { ...(name !== undefined && { symbol: name }), address: '0x1' }, ['address'])
  })
  return () => filled(mould(), address(matched, place))
}

function filled(mould: Mould<'location'>, leaf: string | undefined): Part | undefined {
  return leaf === undefined ? undefined : mould.fill(leaf)
}

export function deviceMaker(matched: MatchedText, at: CapturesByPlace): Maker<Part | undefined> | undefined {
  const [name, ifindex] = [at.get('device_name'), at.get('ifindex')]
  const captures = [name, ifindex].filter((one) => one !== undefined)
  if (captures.length === 0) return undefined
  return remembered(matched, captures, false, () => {
    const bytes = name === undefined ? '' : matched.text(name.index)
    const number = natural(matched, ifindex)
    const device = { ...(number !== undefined && { ifindex: number }), ...(bytes !== '' && { name: utf8(bytes) }) }
    return Object.keys(device).length === 0 ? undefined : seal('device', device, ...(replaced(bytes) ? LOSSY : []))
  })
}

export function stackMaker(matched: MatchedText, at: CapturesByPlace): Maker<Part | undefined> | undefined {
  const stack = at.get('stack')
  if (stack === undefined) return undefined
  return () => {
    const text = matched.text(stack.index)
    return stackPart(text)
  }
}

/** The stack of a text. Undefined: it has no frame. */
export function stackPart(text: string): Part | undefined {
  const { frames, isWhole } = readStack(text)
  if (frames.length === 0) return undefined
  return seal('stack', frames, ...(isWhole ? [] : INCOMPLETE), ...(replaced(text) ? LOSSY : []))
}

export function argsMaker(matched: MatchedText, args: readonly Arg[], event: string): Maker<Part> | undefined {
  if (args.length === 0) return undefined
  return remembered(matched, args, false, () => {
    const flags = new Set<FlagWord>()
    const members = args.map(({ key, capture, index }): readonly [string, string | number] => {
      const text = matched.text(index)
      for (const flag of textFlags(text, capture)) flags.add(flag)
      return [key, argOf(text, capture, isNameArgument(event, key))]
    })
    return seal('args', Object.fromEntries(members), ...flags)
  })
}

export function natural(matched: MatchedText, one: IndexedCapture | undefined): number | undefined {
  if (one === undefined) return undefined
  const { notation } = one.capture
  return naturalOf(matched.text(one.index), notation.as === 'number' ? notation.base : 10)
}

function address(matched: MatchedText, one: IndexedCapture | undefined): string | undefined {
  if (one === undefined) return undefined
  const { capture, index } = one
  if (capture.isHexMarked === true && isLowerHex(capture)) {
    // `0x%llx`: unless it is padded, the source shows the address as the event does.
    const start = matched.slots.start(index)
    const first = matched.source.charCodeAt(start)
    if (first !== ZERO && matched.source.charCodeAt(start - 1) === LOWER_X)
      return matched.source.slice(start - 2, matched.slots.end(index))
  }
  return addressOf(matched.text(index), capture)
}

const ZERO = 48
const LOWER_X = 120

function isLowerHex({ notation, shape }: Capture): boolean {
  return notation.as === 'number' && notation.base === 16 && shape.kind === 'run' && shape.bytes === BYTES.hex
}

/** The nanoseconds of a clock, from digits in a unit of `unitNs`. Undefined: they are not a time. */
export function nanosecondsOf(text: string, base: 10 | 16 | 8, unitNs: number): string | undefined {
  const first = text.charCodeAt(0)
  if (base === 10 && unitNs === 1 && first > 48 && first <= 57) return text
  const value = integerOf(text, base)
  return value === undefined || value < 0n ? undefined : String(value * BigInt(unitNs))
}
