import { expect, it } from 'vitest'
import { seal } from '../../src/event/part.ts'
import { etherTypeName } from '../../src/kernel/ethertype.ts'
import { skbPartsOf } from '../../src/kernel/skb-part.ts'

/** The part that the validator judges as a whole. */
function sealed(protocol: number, addr: string, rxSk: string | undefined): ReturnType<typeof seal> {
  const name = etherTypeName(protocol)
  return seal('skb', {
    addr,
    protocol,
    ...(name !== undefined && { protocol_name: name }),
    ...(rxSk !== undefined && { rx_sk: rxSk }),
  })
}

it.each([undefined, '0x0', '0xffff88811f6a7000'])(
  'the part of any protocol is the one that the validator accepts, with the socket %s',
  (rxSk) => {
    const addr = '0xffff88811f6a7068'
    const wrong = Array.from({ length: 0x10000 }, (_, protocol) => protocol).filter((protocol) => {
      const part = skbPartsOf(protocol).part(addr, rxSk)
      const whole = sealed(protocol, addr, rxSk)
      const isSame =
        part.text === whole.text &&
        part.get('protocol') === protocol &&
        part.get('protocol_name') === whole.get('protocol_name')
      return !isSame || part.notes !== undefined || whole.notes !== undefined
    })
    expect(wrong).toEqual([])
  },
)

it('a protocol of more than 16 bits is refused', () => {
  expect(skbPartsOf(0x10000).part('0x1', undefined).notes?.fault).toBeDefined()
})
