import { ReadableStream } from 'node:stream/web'
import { XzReadableStream } from 'xz-decompress'
import { type Damage, damageOf, EARLY } from './damage.ts'
import type { Pieces } from './pieces.ts'
import { programIn, throughProgram } from './program.ts'

/** Decoders of the package at work. It has one at a time: a second one would wait for the first for ever. */
let atWork = 0

/**
 * The content of xz's streams, one after the other: by the program `xz` where there is one, else by a decoder in
 * WebAssembly. Throws InputError after all good bytes were given, but for those that the decoder made of the last
 * KiB.
 */
export function unxz(packed: Pieces, path: string, searchPath: string): AsyncGenerator<Uint8Array> {
  const program = programIn(searchPath, 'xz')
  const damage = damageOf(path, 'xz')
  return program === undefined
    ? decoded(packed, damage)
    : throughProgram(program, ['-dc', '--format=xz'], packed, damage)
}

async function* decoded(packed: Pieces, damage: Damage): AsyncGenerator<Uint8Array> {
  if (atWork > 0) throw damage('xz in xz is read only where the program xz is installed')
  atWork++
  const faults: unknown[] = []
  const reader = new XzReadableStream(streamOf(packed, faults)).getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } catch (error) {
    throw faults[0] ?? damage(messageOf(error))
  } finally {
    atWork--
    // A decoder that is not cancelled keeps all later ones waiting.
    await reader.cancel().catch(nothing)
  }
}

/** The bytes as the package wants them. What their source throws is also put into `faults`. */
function streamOf(packed: Pieces, faults: unknown[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const piece = await packed.some(PIECE_BYTES)
        if (piece === undefined) controller.close()
        else controller.enqueue(Uint8Array.from(piece))
      } catch (error) {
        faults.push(error)
        controller.error(error)
      }
    },
  })
}

/** Where data are damaged, what the decoder made of that piece is lost. */
const PIECE_BYTES = 1024

/** The package gives the numbers of xz-embedded's `enum xz_ret` (xz.h). */
function messageOf(error: unknown): string {
  const code = error instanceof Error ? /error code (\d{1,3})$/.exec(error.message)?.[1] : undefined
  return XZ_RET.get(Number(code)) ?? EARLY
}

const XZ_RET: ReadonlyMap<number, string> = new Map([
  [2, 'its kind of check is not known'],
  [3, 'it needs too much memory'],
  [4, 'it needs too much memory'],
  [5, 'it does not begin as xz does'],
  [6, 'it has options that are not known'],
  [7, 'its data are damaged'],
  [8, EARLY],
])

function nothing(): void {}
