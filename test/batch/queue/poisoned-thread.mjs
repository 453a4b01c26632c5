// The thread of a program that a file kills, as a bug of Node or of a library would.
import fs from 'node:fs'

const open = fs.openSync
fs.openSync = (path, ...rest) => {
  if (String(path).includes('poison.txt')) process.kill(process.pid, 'SIGKILL')
  return open(path, ...rest)
}
await import('../../../dist/coworker.cjs')
