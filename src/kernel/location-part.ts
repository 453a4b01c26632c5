import { Mould, type Part, seal } from '../event/part.ts'
import type { FlagWord } from '../event/words.ts'
import { isHash } from './pointer.ts'
import type { KernelPlace } from './symbol.ts'

/** The `location` part of a place that `readPlace` has read. */
export function locationPart(place: KernelPlace, ...flags: readonly FlagWord[]): Part {
  if (place.address !== undefined && isHash(place.address)) return seal('location', place, 'address_hashed', ...flags)
  return (flags.length === 0 ? castOf(place) : undefined) ?? seal('location', place, ...flags)
}

/** The part without the validator. Undefined: the place has members, or characters, that no mould knows. */
function castOf({ symbol, offset, size, address, module }: KernelPlace): Part | undefined {
  if (symbol === undefined || address !== undefined) return undefined
  if (offset === undefined) return size === undefined && module === undefined ? NAME.cast(symbol) : undefined
  if (module !== undefined) return size === undefined ? IN_MODULE.cast(symbol, offset, module) : undefined
  return size === undefined ? OFFSET.cast(symbol, offset) : WITH_SIZE.cast(symbol, offset, size)
}

const NAME = new Mould('location', { symbol: 'f' }, ['symbol'])
const OFFSET = new Mould('location', { symbol: 'f', offset: 1 }, ['symbol', 'offset'])
const WITH_SIZE = new Mould('location', { symbol: 'f', offset: 1, size: 1 }, ['symbol', 'offset', 'size'])
const IN_MODULE = new Mould('location', { symbol: 'f', offset: 1, module: 'm' }, ['symbol', 'offset', 'module'])
