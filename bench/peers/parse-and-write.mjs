// What any stage on NDJSON must do at least, and nothing else: JSON.parse of each line, and the line written on in
// blocks.
import { openSync, readSync, writeSync } from 'node:fs'
import v8 from 'node:v8'

v8.setFlagsFromString('--semi-space-growth-factor=1')

const fd = openSync(process.argv[2])
const chunk = Buffer.alloc(64 * 1024)
let rest = ''
let block = ''
let records = 0
for (let bytes = readSync(fd, chunk); bytes > 0; bytes = readSync(fd, chunk)) {
  // latin1 is right for the ASCII of this input, and faster than UTF-8.
  const text = rest + chunk.latin1Slice(0, bytes)
  let start = 0
  for (let lf = text.indexOf('\n'); lf >= 0; lf = text.indexOf('\n', start)) {
    const line = text.slice(start, lf + 1)
    if (JSON.parse(line).v === 1) records++
    block += line
    if (block.length >= 64 * 1024) {
      writeSync(1, Buffer.from(block, 'latin1'))
      block = ''
    }
    start = lf + 1
  }
  rest = text.slice(start)
}
writeSync(1, Buffer.from(block, 'latin1'))
process.stderr.write(`${records} records\n`)
