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
  /** Waits until all is written. Throws InputError and BrokenPipe. */
  end(): Promise<void>
  /** Syncs a file's bytes to the disk. Throws InputError. */
  sync(): Promise<void>
  /** Gives a file its name. Throws InputError. */
  keep(): void
  /** Syncs the new name to the disk. */
  settle(): Promise<void>
  /** Removes a file that did not get its name. */
  discard(): void
}

/** Sees the blocks that are written. They are the caller's again when it returns. */
export type Tap = (block: Buffer) => void

/** What an output may need beside its place. */
export interface OutputHelp {
  readonly tap?: Tap
  /** The file of the program zstd, for a name that ends in `.zst` where Node cannot pack it. */
  readonly zstd?: string | undefined
}

/**
 * Opens an output; gzip where its name ends in `.gz`, zstd for `.zst`. A FIFO waits for its reader. Throws InputError.
 */
export async function openOutput(place: Destination, { tap, zstd }: OutputHelp = {}): Promise<OpenOutput> {
  switch (place.kind) {
    case 'open':
      return writtenThrough(tapped(place.output.open(place.name), tap), place.name, zstd)
    case 'in place': {
      const fd = await openInPlace(place)
      return writtenThrough(tapped(new PipeWriter(fd, place.name), tap), place.name, zstd)
    }
    case 'folder': {
      // On demand: few runs write into a folder.
      const { NumberedFiles } = await import('./numbered-files.ts')
      return new NumberedFiles(place.name, place.path, place.ending)
    }
    case 'replaced': {
      const file = new Replacement(place.name, place.path, place.old)
      const last = await packed(tapped(fileWriter(file.fd, place.name), tap), place.name, zstd)
      return {
        ...inBlocks(last),
        sync: () => file.sync(),
        keep: () => file.takePlace(),
        settle: () => file.syncFolder(),
        discard() {
          last.leave?.()
          file.discard()
        },
      }
    }
  }
}

async function openInPlace({ name, path }: { readonly name: string; readonly path: string }): Promise<number> {
  try {
    // O_NOCTTY: to write to a terminal must not make it the controlling terminal of this process.
    return await openLater(pathOf(path), constants.O_WRONLY | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    throw cannotWrite(name, error)
  }
}

function tapped(writer: Writer, tap: Tap | undefined): Writer {
  if (tap === undefined) return writer
  return {
    write(block) {
      tap(block)
      writer.write(block)
    },
    room: () => writer.room(),
    end: () => writer.end(),
    leave: () => writer.leave?.(),
  }
}

async function writtenThrough(writer: Writer, name: string, zstd: string | undefined): Promise<OpenOutput> {
  return inBlocks(await packed(writer, name, zstd))
}

function inBlocks(last: Writer): OpenOutput {
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
async function packed(writer: Writer, name: string, zstd: string | undefined): Promise<Writer> {
  if (name.endsWith('.zst')) {
    const { zstdWriter } = await import('./zstd.ts')
    return zstdWriter(writer, zstd)
  }
  if (!name.endsWith('.gz')) return writer
  const { gzipWriter } = await import('./gzip.ts')
  return gzipWriter(writer)
}
