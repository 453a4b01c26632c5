// `location` parts of kernel addresses, made once for each address.
import type { Part } from '../../../src/event/part.ts'
import { locationPart } from '../../../src/kernel/location-part.ts'
import type { Symbols } from './symbols.ts'

/** A kernel drops packets at some hundreds of places. */
const MOST_PLACES = 4096

interface KnownPlace {
  /** The upper half of the address. */
  readonly high: number
  readonly part: Part
}

export class KernelPlaces {
  private readonly symbols: Symbols
  /** By the lower half of the address: the kernel's code has one upper half. */
  private readonly places = new Map<number, KnownPlace>()
  private epoch: number

  constructor(symbols: Symbols) {
    this.symbols = symbols
    this.epoch = symbols.kernelEpoch
  }

  part(high: number, low: number): Part {
    const { places, symbols } = this
    if (this.epoch !== symbols.kernelEpoch || places.size > MOST_PLACES) {
      this.epoch = symbols.kernelEpoch
      places.clear()
    }
    const known = places.get(low)
    if (known !== undefined && known.high === high) return known.part
    const place = symbols.placeOf((BigInt(high) << 32n) | BigInt(low))
    const part = locationPart(place, ...replacedIn([place.symbol, place.module]))
    places.set(low, { high, part })
    return part
  }

  ofAddress(address: bigint): Part {
    return this.part(Number((address >> 32n) & 0xffffffffn), Number(address & 0xffffffffn))
  }
}

const TEXT_REPLACED = ['text_replaced'] as const

/** The flag of names that were no UTF-8. */
export function replacedIn(names: readonly (string | undefined)[]): typeof TEXT_REPLACED | readonly [] {
  return names.some((name) => name?.includes('\ufffd')) ? TEXT_REPLACED : []
}
