import type { PartName } from '../../../src/event/generated/members.ts'
import type { Capture } from '../match/segment.ts'
import type { EventPlace } from '../program/vocabulary.ts'
import { fieldsOf } from './fields.ts'

/** What a capture is in a record. */
export type Role =
  | { readonly is: 'leaf'; readonly leaf: LeafOfCapture }
  /** Parts that depend on it, perhaps together with other captures. */
  | { readonly is: 'key'; readonly makes: readonly PartName[] }

type LeafOfCapture = 'ns' | 'addr' | 'rx_sk' | 'address'

/** The parts that no capture makes, or leaves alone. */
export const CONSTANT_PARTS: readonly PartName[] = ['event_name', 'skb', 'location', 'drop']

const PARTS: { readonly [place in EventPlace]: readonly PartName[] } = {
  comm: ['process'],
  pid: ['process'],
  tid: ['process'],
  cpu: ['cpu'],
  skb_addr: ['skb'],
  rx_sk: ['skb'],
  protocol: ['skb'],
  skb_len: ['skb'],
  reason: ['drop'],
  trap: ['drop'],
  trap_group: ['drop'],
  location_address: ['location'],
  location_symbol: ['location'],
  device_name: ['device'],
  ifindex: ['device'],
  stack: ['stack'],
  // It says whether the event is a drop, and of which origin.
  probe: ['event_name', 'drop'],
}

const LEAVES: { readonly [place in EventPlace]?: LeafOfCapture } = {
  skb_addr: 'addr',
  rx_sk: 'rx_sk',
  location_address: 'address',
}

/**
 * The roles of the captures of a text, in their order: how `recipeOf` makes a record of them. Undefined: a record has
 * more than keys and leaves.
 */
export function rolesOf(captures: readonly Capture[]): readonly Role[] | undefined {
  const { at, reasons, clock, local, args } = fieldsOf(captures)
  if (local !== undefined || at.has('stack') || (clock !== undefined && !isPlainClock(clock.capture))) return undefined
  const places = new Map([...at].map(([place, { index }]) => [index, place]))
  const drops = new Set(reasons.map(({ index }) => index))
  const ofArgs = new Set(args.map(({ index }) => index))
  return captures.map((capture, index): Role => {
    if (index === clock?.index) return { is: 'leaf', leaf: 'ns' }
    const place = places.get(index)
    const leaf = place && isPlainAddress(capture) ? LEAVES[place] : undefined
    if (leaf !== undefined) return { is: 'leaf', leaf }
    if (place !== undefined) return { is: 'key', makes: PARTS[place] }
    return { is: 'key', makes: drops.has(index) ? ['drop'] : ofArgs.has(index) ? ['args'] : [] }
  })
}

function isPlainClock({ target, notation, pad }: Capture): boolean {
  const isDecimal = notation.as === 'number' && notation.base === 10
  return isDecimal && pad === undefined && target.to === 'clock' && target.unitNs === 1
}

/** Printed as the event has it, `0x` included. */
function isPlainAddress({ notation, pad, isHexMarked }: Capture): boolean {
  return pad === undefined && (isHexMarked === true || notation.as === 'pointer')
}
