import { Mould, type Part } from '../event/part.ts'
import { etherTypeName } from './ethertype.ts'

/** Makes the `skb` parts of packets of one protocol. */
export interface SkbParts {
  /** `rxSk` is undefined where the source prints no socket, and `0x0` where it prints NULL. */
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

/** Each mould is made when a packet needs it: most captures need one of the three. */
class NamedParts implements SkbParts {
  private readonly protocol: { readonly protocol: number; readonly protocol_name: string }
  private alone: Mould<'skb'> | undefined
  private noSocket: Mould<'skb'> | undefined
  private socket: Mould<'skb'> | undefined

  constructor(protocol: number, name: string) {
    this.protocol = { protocol, protocol_name: name }
  }

  part(addr: string, rxSk: string | undefined): Part {
    if (rxSk === undefined) {
      this.alone ??= new Mould('skb', { addr: '0x1', ...this.protocol }, ['addr'])
      return this.alone.fill(addr)
    }
    if (rxSk === '0x0') {
      this.noSocket ??= new Mould('skb', { addr: '0x1', ...this.protocol, rx_sk: '0x0' }, ['addr'])
      return this.noSocket.fill(addr)
    }
    this.socket ??= new Mould('skb', { addr: '0x1', ...this.protocol, rx_sk: '0x1' }, ['addr', 'rx_sk'])
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
    if (rxSk === undefined) return UNNAMED.fill(addr, this.protocol)
    return rxSk === '0x0' ? UNNAMED_NO_SOCKET.fill(addr, this.protocol) : UNNAMED_SOCKET.fill(addr, this.protocol, rxSk)
  }
}

const UNNAMED = new Mould('skb', { addr: '0x1', protocol: 0 }, ['addr', 'protocol'])
const UNNAMED_NO_SOCKET = new Mould('skb', { addr: '0x1', protocol: 0, rx_sk: '0x0' }, ['addr', 'protocol'])
const UNNAMED_SOCKET = new Mould('skb', { addr: '0x1', protocol: 0, rx_sk: '0x1' }, ['addr', 'protocol', 'rx_sk'])
