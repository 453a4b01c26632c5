// What any reader of perf's JSON must do at least, and nothing else: it cuts the document where perf ends a sample, and
// JSON.parse reads each one.
import { openSync, readSync } from 'node:fs'
import v8 from 'node:v8'

v8.setFlagsFromString('--semi-space-growth-factor=1')

const fd = openSync(process.argv[2])
const chunk = Buffer.alloc(64 * 1024)
let rest = ''
let samples = 0
for (let bytes = readSync(fd, chunk); bytes > 0; bytes = readSync(fd, chunk)) {
  // latin1 is right for the ASCII of this input, and faster than UTF-8.
  const text = rest + chunk.latin1Slice(0, bytes)
  let start = 0
  for (let close = text.indexOf('\n\t\t}'); close >= 0; close = text.indexOf('\n\t\t}', start)) {
    const open = text.indexOf('\n\t\t{', start)
    if (JSON.parse(text.slice(open, close + 4)).timestamp > 0) samples++
    start = close + 4
  }
  rest = text.slice(start)
}
process.stderr.write(`${samples} samples\n`)
