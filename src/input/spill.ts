import { closeSync, writeSync } from 'node:fs'
import { codeOf, InputError } from '../errors.ts'
import { openNameless } from '../pipe/nameless.ts'
import { inputName, shellWord } from '../text/printable.ts'
import { FileSlices } from './file-slices.ts'

/** Bytes that lie in a temporary file until it is closed. */
export interface Spilled {
  readonly slices: FileSlices
  close(): void
}

/**
 * Copies bytes of an input that cannot seek to a temporary file in `folder`, so that any of them can be read. The file
 * has no name: it is gone when the process is, whatever ends it. `path`: of the input, for messages. Throws InputError
 * where there is no room, and what `bytes` throws.
 */
export async function spill(bytes: AsyncIterable<Uint8Array>, path: string, folder: string): Promise<Spilled> {
  const fd = openTemporary(path, folder)
  try {
    for await (const chunk of bytes) writeAll(fd, chunk, path, folder)
    return { slices: new FileSlices(fd, path), close: () => closeSync(fd) }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function openTemporary(path: string, folder: string): number {
  try {
    return openNameless(folder)
  } catch (error) {
    throw cannotSpill(path, folder, error)
  }
}

function writeAll(fd: number, chunk: Uint8Array, path: string, folder: string): void {
  try {
    for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done)
  } catch (error) {
    throw cannotSpill(path, folder, error)
  }
}

function cannotSpill(path: string, folder: string, error: unknown): InputError {
  const why = codeOf(error) ?? String(error)
  return new InputError(
    `${inputName(path)}: its bytes are needed out of order, and cannot be kept in ${shellWord(folder)}: ${why}`,
    'set TMPDIR to a folder with room, or give the file itself, unpacked',
  )
}
