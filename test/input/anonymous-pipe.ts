// Node makes no anonymous pipes: those of its children are sockets. A shell does.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, existsSync, openSync } from 'node:fs'

/** Only Linux lets a process open the pipe of another one. */
export const HAS_PIPES = existsSync('/proc/self/fd')

interface Ends {
  readonly reader: number
  readonly writer: number
}

/** A pipe as a shell makes it. The caller closes both descriptors. */
export async function anonymousPipe(): Promise<Ends> {
  const holder = spawn('sh', ['-c', `: | sh -c 'echo $$; exec sleep 60'`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid] = await once(holder.stdout, 'data')
  const path = `/proc/${Number(pid)}/fd/0`
  const reader = openSync(path, constants.O_RDONLY)
  const writer = openSync(path, constants.O_WRONLY)
  process.kill(Number(pid))
  return { reader, writer }
}
