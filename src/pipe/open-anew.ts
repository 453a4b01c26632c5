import { constants, openSync, readlinkSync } from 'node:fs'

/**
 * The pipe of an open descriptor, opened anew and non-blocking, to read or to write. Other processes may share the
 * descriptor itself, and for them it must not become non-blocking. `access`: O_RDONLY or O_WRONLY.
 *
 * Undefined where only the descriptor itself can be used: on other systems than Linux, and where the pipe belongs to
 * another user. For a FIFO with a name, too: if the other side has left, a new descriptor would wait for the next one
 * to come.
 */
export function openPipeAnew(fd: number, access: number): number | undefined {
  const path = `/proc/self/fd/${fd}`
  try {
    return readlinkSync(path).startsWith('pipe:[') ? openSync(path, access | constants.O_NONBLOCK) : undefined
  } catch {
    return undefined
  }
}
