import { Mould, type Part } from '../event/part.ts'
import type { FlagWord } from '../event/words.ts'
import { etherTypeName } from './ethertype.ts'
import { isHash } from './pointer.ts'

/** Makes the `skb` parts of packets of one protocol. */
export interface SkbParts {
  /**
   * `rxSk` is undefined where the source prints no socket, and `0x0` where it prints NULL. A part of a hash
   * (`kernelPointer`) says so.
   */
  part(addr: string, rxSk: string | undefined): Part
}

/** By protocol, 16 bits. */
export function skbPartsOf(protocol: number): SkbParts {
  const known = NAMED.get(protocol)
  if (known !== undefined) return known
  const name = etherTypeName(protocol)
  if (name === undefined) return new UnnamedParts(protocol)
  const parts = new NamedParts(protocol, name)
  NAMED.set(protocol, parts)
  return parts
}

const HASHED = ['address_hashed'] as const

function hasHash(addr: string, rxSk: string | undefined): boolean {
  return isHash(addr) || (rxSk !== undefined && isHash(rxSk))
}

class NamedParts implements SkbParts {
  private readonly plain: NamedMoulds
  private readonly hashed: NamedMoulds

  constructor(protocol: number, name: string) {
    this.plain = new NamedMoulds(protocol, name, [])
    this.hashed = new NamedMoulds(protocol, name, HASHED)
  }

  part(addr: string, rxSk: string | undefined): Part {
    return (hasHash(addr, rxSk) ? this.hashed : this.plain).part(addr, rxSk)
  }
}

/** Each mould is made when a packet needs it: most captures need one of the three. */
class NamedMoulds {
  private readonly protocol: { readonly protocol: number; readonly protocol_name: string }
  private readonly flags: readonly FlagWord[]
  private alone: Mould<'skb'> | undefined
  private noSocket: Mould<'skb'> | undefined
  private socket: Mould<'skb'> | undefined

  constructor(protocol: number, name: string, flags: readonly FlagWord[]) {
    this.protocol = { protocol, protocol_name: name }
    this.flags = flags
  }

  part(addr: string, rxSk: string | undefined): Part {
    const { protocol, flags } = this
    if (rxSk === undefined) {
      this.alone ??= new Mould('skb', { addr: '0x1', ...protocol }, ['addr'], ...flags)
      return this.alone.fill(addr)
    }
    if (rxSk === '0x0') {
      this.noSocket ??= new Mould('skb', { addr: '0x1', ...protocol, rx_sk: '0x0' }, ['addr'], ...flags)
      return this.noSocket.fill(addr)
    }
    this.socket ??= new Mould('skb', { addr: '0x1', ...protocol, rx_sk: '0x1' }, ['addr', 'rx_sk'], ...flags)
    return this.socket.fill(addr, rxSk)
  }
}

const NAMED = new Map<number, NamedParts>()

/** All protocols without a name share their moulds: the number is a leaf. */
class UnnamedParts implements SkbParts {
  private readonly protocol: number

  constructor(protocol: number) {
    this.protocol = protocol
  }

  part(addr: string, rxSk: string | undefined): Part {
    const moulds = hasHash(addr, rxSk) ? UNNAMED_HASHED : UNNAMED
    if (rxSk === undefined) return moulds.alone.fill(addr, this.protocol)
    return rxSk === '0x0' ? moulds.noSocket.fill(addr, this.protocol) : moulds.socket.fill(addr, this.protocol, rxSk)
  }
}

function unnamedMoulds(...flags: readonly FlagWord[]) {
  return {
    alone: new Mould('skb', { addr: '0x1', protocol: 0 }, ['addr', 'protocol'], ...flags),
    noSocket: new Mould('skb', { addr: '0x1', protocol: 0, rx_sk: '0x0' }, ['addr', 'protocol'], ...flags),
    socket: new Mould('skb', { addr: '0x1', protocol: 0, rx_sk: '0x1' }, ['addr', 'protocol', 'rx_sk'], ...flags),
  }
}

const UNNAMED = unnamedMoulds()
const UNNAMED_HASHED = unnamedMoulds(...HASHED)
