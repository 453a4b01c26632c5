import { statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { codeOf, InputError } from '../../errors.ts'
import { shellWord } from '../../text/printable.ts'

/** Holds a folder until the process ends or `release` is called. */
export interface Lock {
  release(): void
}

/**
 * Takes a folder for this process alone, by a socket whose name has the folder's inode. Linux frees such an abstract
 * name when its process ends, however it ends, so no stale lock stays behind. It is seen by processes of the same
 * network namespace. Throws InputError where another process has it.
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const { dev, ino } = statSync(folder, { bigint: true })
  const server = createServer((socket) => socket.destroy())
  server.unref()
  try {
    await listening(server, `\0tracenorm-spool-${dev}-${ino}`)
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE')
      throw new InputError(`--spool ${shellWord(folder)}: another process uses it`, 'give each process its own folder')
    throw new InputError(`--spool ${shellWord(folder)}: cannot lock it: ${codeOf(error) ?? String(error)}`)
  }
  return { release: () => server.close() }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path }, resolve)
  })
}
