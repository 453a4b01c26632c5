import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/program.ts'
import { memoryIo } from '../io.ts'
import { MAIN, until } from './processes.ts'
import { dropLine, recordsIn } from './program.ts'

/** In two pieces, as a slow writer may send it. */
function send(line: string, stdin: NodeJS.WritableStream): void {
  stdin.write(line.slice(0, 40))
  stdin.write(line.slice(40))
}

describe('a live pipe', () => {
  it.each([[[]], [['--from', 'perf']], [['--from', 'perf:script', '--id', '--id-salt', 'x', '--host', 'h']]])(
    'gives each record before the next line goes in (%j)',
    async (words) => {
      const stdin = new PassThrough()
      const io = memoryIo(stdin)
      const ended = main(['-q', ...words], io)
      for (let index = 0; index < 5; index++) {
        send(dropLine(index), stdin)
        await until(() => recordsIn(io.stdout.bytes).length > index)
        expect(recordsIn(io.stdout.bytes).at(-1)?.capture.line).toBe(index + 1)
      }
      stdin.end()
      expect(await ended).toBe(0)
    },
  )

  it('does so between two processes', async () => {
    const child = spawn(process.execPath, [MAIN, '-q'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.on('close', resolve))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (let index = 0; index < 5; index++) {
      send(dropLine(index), child.stdin)
      const { value } = await lines.next()
      expect(JSON.parse(String(value)).capture.line).toBe(index + 1)
    }
    child.stdin.end()
    expect(await ended).toBe(0)
  })
})
