import { createGzip } from 'node:zlib'
import { packerWriter } from './packer.ts'
import type { Writer } from './writer.ts'

/** Compresses on the way to `next`. */
export function gzipWriter(next: Writer): Writer {
  return packerWriter(createGzip(), next)
}
