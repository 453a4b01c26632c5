import { Mould, type Part } from '../event/part.ts'
import { etherTypeName } from './ethertype.ts'

/** Makes the `skb` parts of packets of one protocol. */
export interface SkbParts {
  /** `rxSk` is undefined where the source prints no socket, and `0x0` where it prints NULL. */
  part(addr: string, rxSk: string | undefined): Part
}

/** By a protocol of 16 bits. */
export function skbPartsOf(protocol: number): SkbParts {
  let parts = PARTS.get(protocol)
  if (parts === undefined) {
    parts = new ProtocolParts(protocol)
    PARTS.set(protocol, parts)
  }
  return parts
}

/** Each mould is made when a packet needs it: most captures need one of the three. */
class ProtocolParts implements SkbParts {
  private readonly protocol: { readonly protocol: number; readonly protocol_name?: string }
  private alone: Mould<'skb'> | undefined
  private noSocket: Mould<'skb'> | undefined
  private socket: Mould<'skb'> | undefined

  constructor(protocol: number) {
    const name = etherTypeName(protocol)
    this.protocol = { protocol, ...(name !== undefined && { protocol_name: name }) }
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

const PARTS = new Map<number, SkbParts>()
