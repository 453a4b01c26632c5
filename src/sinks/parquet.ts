import { closeSync, read } from 'node:fs'
import { promisify } from 'node:util'
import { InputError } from '../errors.ts'
import type { SpotCheck } from '../event/spot-check.ts'
import { Blocks } from '../output/blocks.ts'
import { attempt } from '../output/fault.ts'
import type { Output } from '../output/output.ts'
import { fileWriter } from '../output/writer.ts'
import { openNameless, pathOfOpen } from '../pipe/nameless.ts'
import { ndjsonSink } from './ndjson.ts'
import type { ParquetEngine, ParquetWork } from './parquet/engine.ts'
import type { Sink } from './sink.ts'

const readLater = promisify(read)
const CHUNK_BYTES = 64 * 1024

/** Makes a Parquet file of records. */
export interface ParquetSink extends Sink {
  /** Writes the file: so many rows are in it. Throws InputError, and what the output throws. */
  finish(): Promise<number>
  /** Ends the work, done or not, and frees the disk. */
  close(): void
}

/**
 * The records wait as NDJSON in a temporary file until all of them are there: a Parquet file has the values of a
 * column together. Throws InputError where no temporary file can be made.
 */
export function parquetSink(output: Output, check: SpotCheck, engine: ParquetEngine): ParquetSink {
  const { folder } = engine
  const records = openTemporary(folder)
  const made = openTemporary(folder)
  const writer = fileWriter(records, folder)
  const blocks = new Blocks((block) => writer.write(block))
  const spool: Output = {
    write: (text) => blocks.write(text),
    writeBytes: (bytes) => blocks.writeBytes(bytes),
    flush() {
      blocks.flush()
      return withHint(() => writer.room())
    },
  }
  let work: ParquetWork | undefined
  let isOpen = true
  return {
    ...ndjsonSink(spool, check),
    async finish() {
      await spool.flush()
      work = engine.make(pathOfOpen(records), pathOfOpen(made))
      const rows = await work.rows
      work = undefined
      await copy(made, output)
      return rows
    },
    close() {
      work?.stop()
      if (isOpen) for (const fd of [records, made]) closeSync(fd)
      isOpen = false
    },
  }
}

async function copy(fd: number, output: Output): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = 0; ; ) {
    const { bytesRead } = await readLater(fd, chunk, 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return
    at += bytesRead
    output.writeBytes(chunk.subarray(0, bytesRead))
    await output.flush()
  }
}

function openTemporary(folder: string): number {
  return withHint(() => attempt(folder, () => openNameless(folder)))
}

function withHint<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(error.message, 'the records of a Parquet file wait there: set TMPDIR to a folder with room')
  }
}
