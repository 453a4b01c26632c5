import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import * as zlib from 'node:zlib'
import { InputError } from '../errors.ts'
import { packerWriter } from './packer.ts'
import type { Writer } from './writer.ts'

/** True where Node packs zstd itself: from 22.15 on. */
export function hasZstd(): boolean {
  return 'createZstdCompress' in zlib
}

/** Compresses on the way to `next`: by Node, or by the program in this file. Throws InputError where neither can. */
export function zstdWriter(next: Writer, program: string | undefined): Writer {
  const native = nativePacker()
  if (native !== undefined) return packerWriter(native, next)
  if (program === undefined) throw new InputError('zstd cannot be written here', 'end the name in .gz')
  // Without an environment: variables such as ZSTD_CLEVEL would change what it does.
  const child = spawn(program, ['-q', '-c'], { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve()
      else reject(new InputError(`${program} ended with ${status}`))
    })
  })
  // It is waited for at the end.
  ended.catch(() => {})
  return packerWriter(Duplex.from({ readable: child.stdout, writable: child.stdin }), next, ended)
}

function nativePacker(): Duplex | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdCompress')
  const made: unknown = typeof create === 'function' ? create() : undefined
  return made instanceof Duplex ? made : undefined
}
