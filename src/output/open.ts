import { constants, open } from 'node:fs'
import { promisify } from 'node:util'
import { pathOf } from '../text/file-name.ts'
import { Blocks } from './blocks.ts'
import type { Destination } from './destination.ts'
import { cannotWrite } from './fault.ts'
import type { Output } from './output.ts'
import { Replacement } from './replacement.ts'
import { fileWriter, PipeWriter, type Writer } from './writer.ts'

const openLater = promisify(open)

/** An output from its opening to its end. */
export interface OpenOutput extends Output {
  /** All is written. */
  end(): Promise<void>
  /** A file's bytes are on the disk. */
  sync(): Promise<void>
  /** A file gets its name. */
  keep(): void
  /** The new name is on the disk. */
  settle(): Promise<void>
  /** What did not get its name goes. */
  discard(): void
}

/** Opens an output; gzip where its name ends in `.gz`. A FIFO waits for its reader. Throws InputError. */
export async function openOutput(place: Destination): Promise<OpenOutput> {
  switch (place.kind) {
    case 'open':
      return writtenThrough(place.output.open(place.name), place.name)
    case 'in place': {
      const fd = await openInPlace(place)
      return writtenThrough(new PipeWriter(fd, place.name), place.name)
    }
    case 'replaced': {
      const file = new Replacement(place.name, place.path, place.old)
      const output = await writtenThrough(fileWriter(file.fd, place.name), place.name)
      return {
        ...output,
        sync: () => file.sync(),
        keep: () => file.takePlace(),
        settle: () => file.syncFolder(),
        discard: () => file.discard(),
      }
    }
  }
}

async function openInPlace({ name, path }: { readonly name: string; readonly path: string }): Promise<number> {
  try {
    // A terminal that is written to is not made that of this process.
    return await openLater(pathOf(path), constants.O_WRONLY | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    throw cannotWrite(name, error)
  }
}

async function writtenThrough(writer: Writer, name: string): Promise<OpenOutput> {
  const last = name.endsWith('.gz') ? await packed(writer) : writer
  const blocks = new Blocks((block) => last.write(block))
  return {
    write: (text) => blocks.write(text),
    writeBytes: (bytes) => blocks.writeBytes(bytes),
    flush() {
      blocks.flush()
      return last.room()
    },
    async end() {
      blocks.flush()
      await last.end()
    },
    async sync() {},
    keep() {},
    async settle() {},
    discard() {},
  }
}

/** On demand: zlib takes some milliseconds of every run. */
async function packed(writer: Writer): Promise<Writer> {
  const { gzipWriter } = await import('./gzip.ts')
  return gzipWriter(writer)
}
