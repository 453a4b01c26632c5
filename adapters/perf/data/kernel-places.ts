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
    const part = locationPart(symbols.placeOf((BigInt(high) << 32n) | BigInt(low)))
    places.set(low, { high, part })
    return part
  }

  ofAddress(address: bigint): Part {
    return this.part(Number((address >> 32n) & 0xffffffffn), Number(address & 0xffffffffn))
  }
}
