// No line costs more than its length.
import { describe, expect, it } from 'vitest'
import { readText } from './reading.ts'

const EVENT = 'tracepoint:skb:kfree_skb'
const CALLS = [
  'printf("%s %d\\n", comm, args->reason)',
  'printf("%s%s%s%s|\\n", str(arg0), str(arg1), str(arg2), str(arg3))',
  'printf("%s %s %s %d\\n", str(arg0), str(arg1), str(arg2), cpu)',
  'printf("%s: %d; ", comm, args->reason)',
  'printf("%s %d%s%s\\n", comm, args->reason, kstack, ustack(raw))',
  'printf("%r %rx %s\\n", buf(arg0, arg1), buf(arg1, arg2), strftime("%A %d %B", nsecs))',
  '@a[comm, kstack] = count(); @h = hist(args->reason)',
  '@a[comm] = str(arg0)',
]
const PIECES = [' ', '0', '\r', '@', '[', '#', '> ', ']: 1', ']: ', 'a+1 ']
const FRAMES: readonly ((filling: string) => string)[] = [
  (filling) => `${filling}\n`,
  (filling) => `curl ${filling} 3\n`,
  (filling) => `@a[${filling}]: 1\n`,
  (filling) => `12\n        a+1\n${filling}\n`,
]
// What is quadratic takes half a minute for such a line; a loaded machine may take a second for any.
const BYTES = 48 * 1024
const MOST_SECONDS = 2

describe('a long line', () => {
  it.each([undefined, ...CALLS])('takes no more time than its length is worth: %s', (calls) => {
    const program = calls === undefined ? {} : { program: `${EVENT} { ${calls}; }` }
    for (const piece of PIECES) {
      for (const [index, frame] of FRAMES.entries()) {
        const text = frame(piece.repeat(BYTES / piece.length))
        const before = process.cpuUsage()
        readText(text, program)
        const { user, system } = process.cpuUsage(before)
        expect((user + system) / 1e6, `${JSON.stringify(piece)} in frame ${index}`).toBeLessThan(MOST_SECONDS)
      }
    }
  })
})

describe('a run of many lines that may be of either branch', () => {
  it('is followed once, not once for each way to it', () => {
    const branches = 'if (pid) { printf("a %d\\n", cpu) } else { printf("a %d\\n", tid) } '.repeat(40)
    const program = `${EVENT} { ${branches} printf("end %d\\n", args->reason) }`
    const before = process.cpuUsage()
    expect(readText(`${'a 1\n'.repeat(40)}foo\n`, { program }).ambiguous).toBe(40)
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10)
  })
})
