import { type KernelPlace, type PlaceReading, readPlace } from '../../../src/kernel/symbol.ts'
import { isElided } from '../../../src/text/pasted.ts'
import { pointer } from '../../../src/text/scan.ts'

/** What the first line of a packet block says: the place in the kernel (software), or the trap (hardware). */
export type BlockHead =
  | {
      readonly by: 'address'
      readonly location: KernelPlace
      /** The kernel's buffer cut the symbol text. */
      readonly isCut: boolean
      /** The symbol text, where `location` does not hold all of it. */
      readonly left: string | undefined
    }
  | { readonly by: 'trap'; readonly trap: string; readonly group: string }

export const DROP_AT = 'drop at: '

/**
 * `%pS` is printed into a buffer of 40 bytes (NET_DM_MAX_SYMBOL_LEN, drop_monitor.c of 5.4 to 7.2; seen in 5.10 to
 * 7.2).
 */
const LONGEST_SYMBOL = 39

const BY_ADDRESS = /^(.*) \((0x[0-9a-f]{1,16}|\(nil\))\)$/
/**
 * Any strings of the driver, in practice words. They hold no offset, size, module or address, which a damaged line
 * of the other form has.
 */
const BY_TRAP = /^(?!0x)([^()[\]+/]*[^()[\]+/\s]) \((?!0x)([^()[\]+/]+)\)$/

/** The place of a text that someone shortened. */
const NO_PLACE: PlaceReading = { place: {}, isWhole: false }

/** Reads what follows `drop at: `, to the end of the line. Undefined: it has neither form. */
export function readHead(text: string): BlockHead | undefined {
  const address = BY_ADDRESS.exec(text)
  if (address !== null) {
    const [, symbolText = '', printed = ''] = address
    const isCut = symbolText.length === LONGEST_SYMBOL && !symbolText.endsWith(']')
    const reading = isElided(symbolText) ? NO_PLACE : isCut ? readCutPlace(symbolText) : readPlace(symbolText)
    const parsed = pointer(printed, 0, printed.length)
    // Blanks were lost in a name with a bracket or a slash.
    if (reading === undefined || parsed === undefined || /[[\]/]/.test(reading.place.symbol ?? '')) return undefined
    const left = isCut || !reading.isWhole ? symbolText : undefined
    return { by: 'address', location: { ...reading.place, address: parsed }, isCut, left }
  }
  const trap = BY_TRAP.exec(text)
  if (trap === null) return undefined
  const [, name = '', group = ''] = trap
  return { by: 'trap', trap: name, group }
}

/** Splits a head line from an author's note after it, `drop at: … (0x…)  <--`. Undefined: there is no note. */
export function splitNote(text: string): readonly [head: string, note: string] | undefined {
  const match = /^(.*? \((?:0x[0-9a-f]{1,16}|\(nil\)|[a-z0-9_]+)\))[ \t]+(\S.*)$/s.exec(text)
  return match === null ? undefined : [match[1] ?? '', match[2] ?? '']
}

/**
 * True for a line that no other tool prints: an address after `symbol+0x1/0x2`, or a trap of one of devlink's
 * groups.
 */
export function isUnmistakable(head: BlockHead): boolean {
  if (head.by === 'trap')
    return /^[a-z0-9]+_[a-z0-9_]+$/.test(head.trap) && /^[a-z0-9_]+_(drops|exceptions)$/.test(head.group)
  return head.isCut || head.location.size !== undefined || head.location.symbol === undefined
}

/**
 * The place of a cut text without its last token, where that is unreliable: a cut `0x1630` looks like a good `0x16`.
 * A cut name stays, as there is nothing else.
 */
function readCutPlace(text: string): PlaceReading | undefined {
  const open = text.indexOf(' [', text.lastIndexOf(']') + 1)
  if (open >= 0) return readPlace(text.slice(0, open))
  if (text.endsWith(' ')) return readPlace(text.slice(0, -1))
  const number = text.search(/[+/](?:0x?[0-9a-f]*)?$/)
  return readPlace(number > 0 ? text.slice(0, number) : text)
}
