import { ZSTDDecoder } from 'zstddec/stream'
import { type Damage, damageOf } from './damage.ts'
import type { Pieces } from './pieces.ts'
import { programIn, throughProgram } from './program.ts'
import { zstdUnits } from './zstd-units.ts'

/**
 * The content of zstd's frames, one after the other: by the program `zstd` where there is one, else by a decoder in
 * WebAssembly. Throws InputError after all good bytes were given.
 *
 * Node's own decoder is not used: that of Node 22 and 24 ends after the first frame, without an error.
 */
export function unzstd(packed: Pieces, path: string, searchPath: string): AsyncGenerator<Uint8Array> {
  const program = programIn(searchPath, 'zstd')
  const damage = damageOf(path, 'zstd')
  return program === undefined ? decoded(packed, damage) : throughProgram(program, ['-dcq'], packed, damage)
}

/**
 * The decoder takes its input synchronously, and says of an error only that it makes no progress: it gives nothing, and
 * asks for nothing. Where its input may be several blocks, it may even go on with wrong bytes after an error. So it is
 * given one unit at a time, of which it takes all before it asks for the next one.
 */
async function* decoded(packed: Pieces, damage: Damage): AsyncGenerator<Uint8Array> {
  const decoder = new ZSTDDecoder()
  await decoder.init()
  const next = new NextUnit()
  const output = decoder.decodeStreaming(next)
  let isIdle = false
  let isWhole = false
  try {
    for await (const unit of zstdUnits(packed, damage)) {
      next.unit = unit
      while (next.unit !== undefined) {
        const { value = NOTHING } = output.next()
        if (isIdle && next.unit !== undefined) throw damage('its data are damaged')
        isIdle = value.length === 0
        if (!isIdle) yield value
      }
    }
    isWhole = true
  } finally {
    if (!isWhole) ends(output, next)
  }
  if (!ends(output, next)) throw damage('its data are damaged')
}

/**
 * True when the decoder, which gets no more, comes to its end: then it frees its memory. One that met an error makes no
 * progress for ever.
 */
function ends(output: Generator<Uint8Array>, next: NextUnit): boolean {
  next.unit = undefined
  try {
    return output.next().done === true || output.next().done === true
  } catch {
    // It has freed its memory, and says that the frame is not whole.
    return false
  }
}

/** The unit that the decoder takes next; without one, there is no more. */
class NextUnit implements Iterable<Uint8Array> {
  unit: Uint8Array | undefined;

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let { unit } = this; unit !== undefined; unit = this.unit) {
      this.unit = undefined
      yield unit
    }
  }
}

const NOTHING = new Uint8Array(0)
